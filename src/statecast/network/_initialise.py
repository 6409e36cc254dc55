"""Initial parameters, as Keras draws them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.network._parameters import Parameters
from statecast.network._spec import Spec


def initialise(spec: Spec, seed: int) -> Parameters:
    """Draw initial parameters, float32, by the rules of Keras' layers.

    Kernel and head kernel: Glorot uniform over the whole matrix (Glorot and Bengio, 2010, "Understanding the
    difficulty of training deep feedforward neural networks"). Recurrent kernel: orthonormal rows (Saxe,
    McClelland and Ganguli, 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks"). Biases zero, but one for the forget gate (Jozefowicz, Zaremba and Sutskever, 2015, "An empirical
    exploration of recurrent network architectures").

    Parameters
    ----------
    spec : Spec
        Sizes of the network.
    seed : int
        0 to 2**63 - 1; the same seed gives the same numbers.

    Raises
    ------
    ParameterError
        If the seed is no whole number in its range.

    Examples
    --------
    >>> from statecast.network import Spec, initialise
    >>> initialise(Spec(inputs=1, units=2), seed=1).layers[0].bias
    array([0., 0., 1., 1., 0., 0., 0., 0.], dtype=float32)
    """
    rng = np.random.default_rng(whole_number("seed", seed, 0, 2**63 - 1))
    weights = []
    for layer in range(spec.layers):
        kernel, recurrent, bias = spec.shapes[3 * layer : 3 * layer + 3]
        weights += [_glorot_uniform(rng, *kernel), _orthonormal_rows(rng, *recurrent), np.zeros(bias)]
        weights[-1][spec.units : 2 * spec.units] = 1
    weights += [_glorot_uniform(rng, *spec.shapes[-2]), np.zeros(spec.outputs)]
    return Parameters.from_keras([w.astype(np.float32) for w in weights], residual=spec.residual)


def _glorot_uniform(rng: np.random.Generator, fan_in: int, fan_out: int) -> NDArray[np.float64]:
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_in, fan_out))


def _orthonormal_rows(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float64]:
    q, r = np.linalg.qr(rng.standard_normal((columns, rows)))
    return np.asarray((q * np.sign(np.diag(r))).T)  # the signs make the draw uniform over all such matrices
