"""Loss: what training makes small."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from statecast.checks import choice, number, positive
from statecast.errors import ParameterError

KINDS = ("squared", "absolute", "huber", "pinball", "gaussian", "student_t", "negative_binomial")
_OUTPUTS = {"gaussian": 2, "student_t": 3, "negative_binomial": 2}
_MOST_QUANTILES = 128


@dataclass(frozen=True)
class Loss:
    """What training makes small, averaged over steps, sequences and targets.

    The likelihoods are negative logarithms; their raw outputs become scales, means and dispersions above zero by
    softplus, degrees of freedom above 2. ``docs/design/losses.md`` has the formulas.

    Parameters
    ----------
    kind : str
        ``squared``, ``absolute``, ``huber`` (Huber, 1964, "Robust estimation of a location parameter"), ``pinball``
        (Koenker and Bassett, 1978, "Regression quantiles"), ``gaussian``, ``student_t``, ``negative_binomial``.
    quantiles : tuple of float
        Of ``pinball``, between 0 and 1, ascending; an output of the network for each, averaged.
    delta : float
        Of ``huber``: errors up to it count by their square.

    Raises
    ------
    ParameterError
        If a value is out of its range.

    Examples
    --------
    >>> Loss("pinball", quantiles=(0.1, 0.5, 0.9)).outputs_per_target
    3
    """

    kind: str = "squared"
    quantiles: tuple[float, ...] = ()
    delta: float = 1.0

    def __post_init__(self) -> None:
        choice("kind", self.kind, KINDS)
        positive("delta", self.delta, 1e30)
        quantiles = tuple(number("a quantile", quantile) for quantile in self.quantiles)
        object.__setattr__(self, "quantiles", quantiles)  # a list will do
        if (self.kind == "pinball") != bool(self.quantiles):
            raise ParameterError(f"quantiles go with pinball, got {self.quantiles!r} with {self.kind}.")
        edges = (0.0, *self.quantiles, 1.0)
        ascending = all(a < b for a, b in pairwise(edges))
        if not ascending or len(self.quantiles) > _MOST_QUANTILES:
            raise ParameterError(
                f"quantiles must ascend between 0 and 1, at most {_MOST_QUANTILES}, got {self.quantiles!r}."
            )

    @property
    def outputs_per_target(self) -> int:
        """Outputs of the network that one target takes; those of a target stand side by side."""
        return len(self.quantiles) or _OUTPUTS.get(self.kind, 1)

    @property
    def parts(self) -> tuple[str, list[float], float]:
        """As the core takes it."""
        return self.kind, list(self.quantiles), self.delta
