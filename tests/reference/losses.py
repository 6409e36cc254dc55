"""What a forecast costs, and the slope of the cost: plain formulas, to check the fast core against.

Letters: f [..., G] what the network puts out for one target, y [...] the target. Every function returns the cost
[...] and its derivative by f [..., G].
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.lstm import sigmoid

Array = NDArray[np.floating[Any]]

SMALL = 1e-6  # what scales and means are kept away from zero by

lgamma = np.vectorize(math.lgamma, otypes=[float])


@dataclass(frozen=True)
class Loss:
    """Which loss, with what it needs; a kind is named as in ``KINDS``."""

    kind: str
    quantiles: tuple[float, ...] = ()
    delta: float = 1.0

    @property
    def outputs_per_target(self) -> int:
        """Numbers that the network puts out for each target."""
        return {"pinball": len(self.quantiles), "gaussian": 2, "student_t": 3, "negative_binomial": 2}.get(self.kind, 1)

    def __call__(self, f: Array, y: Array) -> tuple[Array, Array]:
        """Return the cost [...] of outputs f [..., G] for targets y [...], and its slope [..., G]."""
        return KINDS[self.kind](self, f, y)


def squared(_: Loss, f: Array, y: Array) -> tuple[Array, Array]:
    """(f - y)^2."""
    e = f[..., 0] - y
    return e**2, (2 * e)[..., None]


def absolute(_: Loss, f: Array, y: Array) -> tuple[Array, Array]:
    """|f - y|, flat where the two are equal."""
    e = f[..., 0] - y
    return np.abs(e), np.sign(e)[..., None]


def huber(how: Loss, f: Array, y: Array) -> tuple[Array, Array]:
    """Squares up to delta, straight lines beyond."""
    e = f[..., 0] - y
    inside = np.abs(e) <= how.delta
    cost = np.where(inside, e**2 / 2, how.delta * (np.abs(e) - how.delta / 2))
    return cost, np.where(inside, e, how.delta * np.sign(e))[..., None]


def pinball(how: Loss, f: Array, y: Array) -> tuple[Array, Array]:
    """Mean over the quantiles of q (y - f) for a forecast too low, (1 - q) (f - y) for one too high."""
    q = np.array(how.quantiles)
    e = y[..., None] - f
    cost = np.where(e > 0, q * e, (q - 1) * e).mean(axis=-1)
    return cost, np.where(e > 0, -q, 1 - q) / len(q)


def gaussian(_: Loss, f: Array, y: Array) -> tuple[Array, Array]:
    """Minus the log density of the normal distribution; f is its mean and, before softplus, its deviation."""
    mu, s = np.moveaxis(f, -1, 0)
    sigma = softplus(s) + SMALL
    z = (y - mu) / sigma
    d_sigma = (1 - z**2) / sigma
    cost = 0.5 * math.log(2 * math.pi) + np.log(sigma) + z**2 / 2
    return cost, np.stack([-z / sigma, d_sigma * sigmoid(s)], axis=-1)


def student_t(_: Loss, f: Array, y: Array) -> tuple[Array, Array]:
    """Minus the log density of Student's t; f is its place and, before softplus, scale and freedom above 2."""
    mu, s, n = np.moveaxis(f, -1, 0)
    sigma, nu = softplus(s) + SMALL, 2 + softplus(n)
    z = (y - mu) / sigma
    log_constant = lgamma((nu + 1) / 2) - lgamma(nu / 2) - np.log(math.pi * nu) / 2 - np.log(sigma)
    cost = (nu + 1) / 2 * np.log1p(z**2 / nu) - log_constant

    d_mu = -(nu + 1) * z / (nu + z**2) / sigma
    d_sigma = (1 - (nu + 1) * z**2 / (nu + z**2)) / sigma
    d_constant = digamma((nu + 1) / 2) / 2 - digamma(nu / 2) / 2 - 1 / (2 * nu)
    d_nu = np.log1p(z**2 / nu) / 2 - (nu + 1) / 2 * z**2 / (nu * (nu + z**2)) - d_constant
    return cost, np.stack([d_mu, d_sigma * sigmoid(s), d_nu * sigmoid(n)], axis=-1)


def negative_binomial(_: Loss, f: Array, y: Array) -> tuple[Array, Array]:
    """Minus the log probability of the count y; f is, before softplus, mean mu and alpha, variance mu + alpha mu^2."""
    m, a = np.moveaxis(f, -1, 0)
    mu, alpha = softplus(m) + SMALL, softplus(a) + SMALL
    r = 1 / alpha
    log_choose = lgamma(y + r) - lgamma(r) - lgamma(y + 1)
    cost = -(log_choose + r * np.log(r / (r + mu)) + y * np.log(mu / (r + mu)))

    d_mu = (r + y) / (r + mu) - y / mu
    d_r = digamma(r) - digamma(y + r) - np.log(r / (r + mu)) - 1 + (r + y) / (r + mu)
    return cost, np.stack([d_mu * sigmoid(m), d_r * -(r**2) * sigmoid(a)], axis=-1)


def softplus(x: Array) -> Array:
    """Return log(1 + exp(x)); its slope is the sigmoid."""
    return np.logaddexp(0, x)


def digamma(x: Array) -> Array:
    """Return the slope of lgamma for x > 0: raised above 15 by psi(x) = psi(x + 1) - 1/x, then Stirling's series."""
    raised = np.zeros_like(x)
    for _ in range(15):
        raised = raised - np.where(x < 15, 1 / x, 0)
        x = np.where(x < 15, x + 1, x)
    series = sum(b / (2 * k * x ** (2 * k)) for k, b in enumerate([1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66], start=1))
    return np.asarray(raised + np.log(x) - 1 / (2 * x) - series)


KINDS = {kind.__name__: kind for kind in (squared, absolute, huber, pinball, gaussian, student_t, negative_binomial)}
