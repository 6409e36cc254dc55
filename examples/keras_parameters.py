"""Go on with the weights of a Keras model: run, train, and give them back.

python examples/keras_parameters.py
"""

from __future__ import annotations

import numpy as np

from statecast.network import Parameters, Spec, initialise, run
from statecast.training import train_online


def main() -> None:
    """Stand in for model.get_weights() by arrays of its order and shapes."""
    weights = initialise(Spec(inputs=1, units=4), seed=1).to_keras()  # model.get_weights()
    parameters = Parameters.from_keras(weights)

    x = np.sin(np.arange(50) / 3)
    trained = train_online(parameters, x[:-1], x[1:], epochs=500)
    print(f"loss {trained.losses[0]:.4f} -> {trained.losses[-1]:.6f} on {trained.instruction_set}")

    outputs, state = run(trained.parameters, x)
    following, _ = run(trained.parameters, outputs[-1:], state)  # one more step, from where the state stands
    print(f"next value {following[0, 0]:.3f}, truth {np.sin(50 / 3):.3f}")

    weights = trained.parameters.to_keras()  # model.set_weights(weights)
    print([w.shape for w in weights])


if __name__ == "__main__":
    main()
