"""Impact: the influence of every input on a forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

IRRELEVANT = 0.05
"""An input whose p-value is above it makes no difference that chance does not make as well."""

_MOST, _NEGLIGIBLE = 20, 0.001


@dataclass(frozen=True, eq=False)
class Impact:
    """How much the forecast changes with each input, in the units of the target.

    A lag is counted from the step that is forecast: 0 is the same step, and k the last observation where the forecast
    is k steps ahead. A static column has lag 0 alone.

    Attributes
    ----------
    unique_id : str
        The series.
    target : str
        Its column.
    columns : tuple of str, C
        The target itself, then the covariates.
    kinds : tuple of str, C
        "target", "known", "past" or "static".
    deviations : float64 [C]
        Standard deviation of each column in the history; of a static one over all series.
    per_unit : float64 [C, h, L]
        Change of the forecast for one unit of a column at each step ahead and lag, 0 to L - 1; the mean over members
        and origins; NaN where the column is not known yet.
    spread : float64 [C, h, L]
        Standard deviation of that over members; 0 where there is one.
    p_values : float64 [C]
        Of the columns in a held-out test: how often the column put in another order does as well. NaN for the target,
        where the history is too short, and where a column does not vary before the test, as static ones never do.
    origins, tested : int
        From how many origins the slopes are averages, and over how many forecasts the test went.
    """

    unique_id: str
    target: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    deviations: Array
    per_unit: Array
    spread: Array
    p_values: Array
    origins: int
    tested: int

    @property
    def horizon(self) -> int:
        """Steps ahead."""
        return int(self.per_unit.shape[1])

    @property
    def per_deviation(self) -> Array:
        """Change of the forecast for one standard deviation of a column, [C, h, L]."""
        return self.per_unit * self.deviations[:, np.newaxis, np.newaxis]

    def verdict(self, column: int) -> str:
        """Return whether a column matters, in a word or two."""
        if self.kinds[column] == "target":
            return "the series itself"
        if np.isnan(self.p_values[column]):
            return "not tested"
        return "matters" if self.p_values[column] <= IRRELEVANT else "irrelevant"

    @property
    def ends(self) -> list[int]:
        """The first step ahead and the last one: what is shown where no step is named."""
        return sorted({1, self.horizon})

    def strongest(self, step: int) -> list[tuple[int, int]]:
        """Return the columns and lags with the most influence so many steps ahead, the strongest first, at most 20.

        It is compared for one standard deviation; those with less than a thousandth of the strongest are left out.
        """
        sizes = np.abs(np.nan_to_num(self.per_deviation[:, step - 1]))
        order = np.argsort(-sizes, axis=None, kind="stable")[:_MOST]
        places = np.argwhere(np.ones_like(sizes))[order]
        return [(int(c), int(lag)) for c, lag in places if sizes[c, lag] > _NEGLIGIBLE * sizes.max()]

    def plot(self, step: int | None = None) -> Figure:
        """Draw what moves the forecast most: a bar for each column and lag, the strongest on top.

        Bars are changes for one standard deviation of a column, whiskers the spread over members; columns that are
        irrelevant are grey.

        Parameters
        ----------
        step : int, optional
            Steps ahead, from 1; charts of the first and of the last one if None.

        Returns
        -------
        matplotlib.figure.Figure
            Not shown anywhere: ``figure.savefig("impact.png")`` writes it, a notebook shows it.

        Raises
        ------
        ParameterError
            If there is no such step.

        Examples
        --------
        >>> import statecast as sc
        >>> sales = [266.0, 145.9, 183.1, 119.3, 180.3, 168.5, 231.8, 224.5, 192.8, 122.9, 336.5, 185.9]
        >>> figure = sc.explain(sales, sc.auto(epochs=1, members=2, horizon=3)).plot()
        >>> [ax.get_title(loc="left") for ax in figure.axes]
        ['What moves the forecast of y, 1 ahead', 'What moves the forecast of y, 3 ahead']
        """
        from statecast.explanation._charts import impact_charts
        from statecast.pictures import draw

        return draw(impact_charts(self, self.ends if step is None else [whole_number("step", step, 1, self.horizon)]))

    def to_frame(self) -> pd.DataFrame:
        """Return a table with a row for each column, step and lag that there is."""
        import pandas as pd

        place = np.argwhere(np.isfinite(self.per_unit))
        column, step, lag = place.T
        at = tuple(place.T)
        return pd.DataFrame(
            {
                "unique_id": self.unique_id,
                "column": np.array(self.columns, dtype=object)[column],
                "kind": np.array(self.kinds, dtype=object)[column],
                "step": step + 1,
                "lag": lag,
                "per_unit": self.per_unit[at],
                "per_deviation": self.per_deviation[at],
                "spread": self.spread[at],
                "p_value": self.p_values[column],
            }
        )
