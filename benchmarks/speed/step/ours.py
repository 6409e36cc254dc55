"""One observation at a time with Statecast's Stepper, called from Python."""

from __future__ import annotations

import json
import timeit

import numpy as np

from statecast.network import Spec, Stepper, initialise

STEPS = 100_000


def main() -> None:
    """Run and print what a step took."""
    stepper = Stepper(initialise(Spec(inputs=8, units=32, layers=2), seed=1))
    x = np.ones(8, np.float32)

    def steps() -> None:
        for _ in range(STEPS):
            stepper.step(x)

    print(json.dumps({"seconds": min(timeit.repeat(steps, number=1, repeat=4)) / STEPS}))


if __name__ == "__main__":
    main()
