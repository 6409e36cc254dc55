"""Origin: the last observations that a fitted method has seen, from which it looks ahead."""

from __future__ import annotations

import numbers
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.errors import DataError
from statecast.series._calendar import Frequency, after
from statecast.series._covariates import Covariates
from statecast.series._panel import Columns, Panel
from statecast.series._read import to_panel
from statecast.series._roles import Roles
from statecast.series._table import listed
from statecast.storage import storable

MAX_HORIZON = 100_000


@storable
@dataclass(frozen=True, eq=False)
class Origin:
    """Where the series of a panel stand.

    Attributes
    ----------
    ids : tuple of str, S
    last : [S]
        Time of the last observation of every series.
    frequency, columns
        Of the panel.
    covariates : Covariates or None
        What is known after the origin: no past rows, and the known rows of the steps ahead.
    """

    ids: tuple[str, ...]
    last: NDArray[np.generic]
    frequency: Frequency
    columns: Columns
    covariates: Covariates | None = None

    @classmethod
    def of(cls, panel: Panel) -> Origin:
        """Return the end of a panel."""
        known = None if panel.covariates is None else panel.covariates.after(panel.lengths)
        return cls(panel.ids, panel.times[panel.offsets[1:] - 1], panel.frequency, panel.columns, known)

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the target columns; series s has ``targets[s % len(targets)]``."""
        if self.columns.wide:
            return self.ids
        several = tuple(self.columns.target.split(","))
        past = () if self.covariates is None else self.covariates.past
        return several if past[: len(several)] == several else (self.columns.target,)

    def steps(self, horizon: int | None) -> int:
        """Return how many steps to forecast: the number asked for, or the frequency's own.

        Raises
        ------
        ParameterError
            If it is no whole number above 0.
        """
        return self.frequency.horizon if horizon is None else whole_number("horizon", horizon, 1, MAX_HORIZON)

    def times(self, horizon: int) -> NDArray[np.generic]:
        """Return the next time stamps of every series, [S, horizon]."""
        return np.asarray(after(self.last, horizon, self.frequency.alias))

    def check_known(self, known: int, horizon: int) -> None:
        """Refuse a forecast of more steps than the known columns are known for.

        Raises
        ------
        DataError
            If they are known for less than ``horizon`` steps after the last observation.
        """
        if known < horizon:
            raise DataError(
                f"a forecast of {horizon} steps takes the known columns {', '.join(self.columns.known)} for as many "
                f"steps after the last observation, got {known}. Give their rows with --future FILE (future=), or "
                "below the others with a blank target; or forecast fewer steps with --horizon."
            )

    def take(self, rows: object) -> Taken:
        """Return new observations, and the origin after them.

        Rows of a table that are not later than the last observation are passed over.

        Raises
        ------
        DataError
            If there is nothing new, a step is left out, the series are not those of this origin, or the rows lack
            a covariate.
        """
        if isinstance(rows, numbers.Real) or _is_plain(rows):
            values = self._from_numbers(rows)
            return Taken(values, self._later(values.shape[1]), self._known_of(values.shape[1]))
        return self._from_panel(self._read(rows))

    def _later(self, steps: int) -> Origin:
        """Return the origin some steps later; what was known after that is known still."""
        passed = np.full(len(self.ids), steps)
        known = None if self.covariates is None else self.covariates.after(passed)
        return replace(self, last=self.times(steps)[:, -1], covariates=known)

    def _known_of(self, steps: int) -> Covariates | None:
        """Return the covariates of the next steps where they are known without a table."""
        known = self.covariates
        if known is None or known.past or (known.known and np.diff(known.known_offsets).min() < steps):
            return None
        return replace(known, past_values=np.empty((steps * len(self.ids), 0)))

    def _from_numbers(self, rows: object) -> NDArray[np.float64]:
        try:
            values = np.atleast_1d(np.asarray(rows, np.float64))
        except (TypeError, ValueError) as error:
            raise DataError(f"expected numbers as new observations, got {rows!r}.") from error
        if len(self.ids) == 1:
            values = values.reshape(1, -1) if values.ndim == 1 else values
        elif values.ndim == 1:
            values = values[:, np.newaxis]
        if values.ndim != 2 or len(values) != len(self.ids) or values.shape[1] == 0:
            raise DataError(
                f"expected new observations of {len(self.ids)} series, a row a series, got shape {values.shape}."
            )
        if not np.isfinite(values).all():
            raise DataError(f"expected finite observations, got {rows!r}.")
        return values

    def _read(self, rows: object) -> Panel:
        return to_panel(rows, Roles.of(self.columns, self.frequency), self.covariates)

    def _from_panel(self, panel: Panel) -> Taken:
        if panel.ids != self.ids:
            raise DataError(
                f"expected new rows of the series {listed(self.ids, 3)}, got {listed(panel.ids, 3)}. "
                "Give rows of all the series that were fitted, and of no other."
            )
        if self.covariates is not None and not self.covariates.is_like(panel.covariates):
            raise DataError(
                f"expected new rows with the covariates {listed(self.covariates.names)}, got "
                f"{'none' if panel.covariates is None else listed(panel.covariates.names)}. Give the same columns."
            )
        new = panel.times > np.repeat(self.last, panel.lengths)
        counts = np.add.reduceat(new.astype(np.int64), panel.offsets[:-1])
        if counts.min() == 0:
            known = self.ids[int(counts.argmin())]
            raise DataError(f"expected rows after {self.last[counts.argmin()]}, got none for series {known!r}.")
        if counts.min() != counts.max():
            raise DataError(f"expected as many new rows for every series, got {counts.min()} to {counts.max()}.")
        times = panel.times[new].reshape(len(self.ids), -1)
        expected = self.times(1)[:, 0]
        if (wrong := times[:, 0] != expected).any():
            s = int(np.flatnonzero(wrong)[0])
            raise DataError(
                f"expected the first new row of series {self.ids[s]!r} at {expected[s]}, got {times[s, 0]}. "
                "Give the rows in between as well."
            )
        seen = panel.lengths - counts
        origin, covariates = self._later(times.shape[1]), None
        if panel.covariates is not None and self.covariates is not None:
            covariates = panel.covariates.window(np.flatnonzero(new), seen)
            ahead = panel.covariates.after(panel.lengths)
            if origin.covariates is None or len(ahead.known_values) >= len(origin.covariates.known_values):
                origin = replace(origin, covariates=ahead)
        return Taken(panel.values[new].reshape(times.shape), origin, covariates)


@dataclass(frozen=True, eq=False)
class Taken:
    """New observations.

    Attributes
    ----------
    values : float64 [S, k]
    origin : Origin
        After them.
    covariates : Covariates or None
        Of the new rows, k a series, and what is known of later ones. None where the panel had none, and where bare
        numbers were given that do not tell them.
    """

    values: NDArray[np.float64]
    origin: Origin
    covariates: Covariates | None = None


def _is_plain(rows: object) -> bool:
    """Whether rows are bare numbers, without time stamps."""
    return isinstance(rows, (list, tuple, np.ndarray))
