"""One observation at a time with Statecast's Stepper, called from Python."""

from __future__ import annotations

import _side as side
from statecast.network import Parameters, Stepper
from step import workload


def main() -> None:
    """Run and print what a step took."""
    parameters, x = Parameters.from_keras(workload.weights()), workload.observation()

    def run(steps: int) -> float:
        stepper = Stepper(parameters)
        for _ in range(steps):
            out = stepper.step(x)
        return float(out[0])

    side.report({"stepper": workload.time_steps(run)})


if __name__ == "__main__":
    main()
