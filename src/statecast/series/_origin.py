"""Origin: the last observations that a fitted method has seen, from which it looks ahead."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from statecast.checks import choice, whole_number
from statecast.errors import DataError, NothingNewError
from statecast.series._alias import local_zone, parse_alias
from statecast.series._calendar import Frequency, after
from statecast.series._covariates import Covariates
from statecast.series._forecast import Forecast
from statecast.series._format import Format
from statecast.series._grid import positions, say, stamps
from statecast.series._match import match
from statecast.series._memory import Memory
from statecast.series._panel import Columns, Panel
from statecast.series._partial import PartialPeriod
from statecast.series._plain import from_numbers, is_plain
from statecast.series._read import to_panel
from statecast.series._revisions import REVISIONS, Revisions
from statecast.series._roles import Roles
from statecast.series._step_count import steps_to
from statecast.series._table import listed
from statecast.series._taken import Taken
from statecast.series._waiting import NothingWholeError
from statecast.storage import storable

MAX_HORIZON = 100_000
MISSING = ("error", "forecast")
"""What is done about steps that are missing among new observations."""


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
    partial : PartialPeriod or None
        Rows after the last whole period, where rows are brought to periods.
    memory : Memory or None
        The last observations; None in a model file of an older version until rows are taken in.
    """

    ids: tuple[str, ...]
    last: NDArray[np.generic]
    frequency: Frequency
    columns: Columns
    covariates: Covariates | None = None
    partial: PartialPeriod | None = None
    memory: Memory | None = None

    @classmethod
    def of(cls, panel: Panel) -> Origin:
        """Return the end of a panel."""
        known = None if panel.covariates is None else panel.covariates.after(panel.lengths)
        last, memory = panel.times[panel.offsets[1:] - 1], Memory.of(panel)
        return cls(panel.ids, last, panel.frequency, panel.columns, known, panel.partial, memory)

    @property
    def format(self) -> Format:
        """How the cells of the rows before were written; of categories, also what the names of columns tell.

        A model file of an older version does not say which values a category has; a single column of it may be of one
        value or of two, and tells neither.
        """
        columns, names = self.columns, () if self.covariates is None else self.covariates.names
        known = dict(columns.format.categories)
        for column in (*columns.past, *columns.known, *columns.static):
            values = tuple(name.removeprefix(f"{column}=") for name in names if name.startswith(f"{column}="))
            if column not in known and column not in names and len(values) > 1:
                known[column] = values
        return replace(columns.format, categories=tuple(known.items()))

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the target columns; series s has ``targets[s % len(targets)]``."""
        if self.columns.wide:
            return self.ids
        several = tuple(self.columns.target.split(","))
        past = () if self.covariates is None else self.covariates.past
        return several if past[: len(several)] == several else (self.columns.target,)

    @property
    def time_zone(self) -> str | None:
        """By whose local time the stamps, which are in UTC, are told; None where they are as they were read."""
        return local_zone(self.frequency.alias, self.columns.time_zone)

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

    def forecast(self, mean: NDArray[np.float64], members: NDArray[np.float64]) -> Forecast:
        """Return forecasts of the next steps, [S, h] and by member [S, M, h], with their time stamps."""
        return Forecast(self.ids, self.times(mean.shape[1]), mean, members, time_zone=self.time_zone)

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

    def last_times(self, steps: int) -> NDArray[np.generic]:
        """Return the time stamps of the last observations of every series, [S, steps]."""
        rule = parse_alias(self.frequency.alias)
        return stamps(rule, self.last[:, np.newaxis], np.arange(1 - steps, 1))

    def take(self, rows: object, missing: str | None = None, revisions: str = "report") -> Taken:
        """Return new observations, and the origin after them.

        Rows of a table that are not later than the last observation are passed over, and counted.

        Parameters
        ----------
        rows
            What ``read`` takes; or a number, or a sequence of numbers, that follows the last observation.
        missing : {"error", "forecast"}, optional
            What is done about steps without an observation: they are refused, or left to be forecast, NaN. If None,
            what reading has filled in counts as observed, a step before the first new row is refused, and rows that
            were seen are not compared.
        revisions : {"report", "refuse"}
            What is done about rows that were seen and have another value now.

        Raises
        ------
        NothingNewError
            If no series has a later row.
        DataError
            If some have none, a step is missing, or a row is revised and that is refused; if the series are not
            those of this origin, or the rows lack a covariate.
        """
        if missing is not None:
            choice("missing", missing, MISSING)
        choice("revisions", revisions, REVISIONS)
        if isinstance(rows, numbers.Real) or is_plain(rows):
            is_one = isinstance(rows, float) and math.isfinite(rows) and len(self.ids) == 1  # the quickest, for a loop
            values = np.array([[rows]]) if is_one else from_numbers(rows, len(self.ids))
            return Taken(values, self._later(values), self._known_of(values.shape[1]))
        try:
            panel = self._read(rows)
        except NothingWholeError as error:
            return self._wait(error.partial, error.ids)
        partial = None if isinstance(rows, Panel) else panel.partial
        try:
            taken = self._from_panel(panel, missing)
        except NothingNewError:
            if partial is None or self.partial is None or partial.seen <= self.partial.seen:
                raise
            return self._wait(partial, panel.ids)
        if taken.revisions is not None and revisions == "refuse":
            raise DataError(
                f"expected rows as they were seen, got {taken.revisions.said(self.ids)}. Take them in with "
                "revisions='report' (--revisions report), or fit the model anew."
            )
        return taken if partial is None else replace(taken, origin=replace(taken.origin, partial=partial))

    def _wait(self, partial: PartialPeriod, ids: tuple[str, ...]) -> Taken:
        """Return no step, and this origin with the rows that wait now."""
        place = match(self.ids, ids, all_there=False)
        if self.partial is not None and partial.seen <= self.partial.seen and len(partial) <= len(self.partial):
            raise NothingNewError(f"expected rows after {say(self.partial.seen[0])}, got none.")
        return Taken(np.empty((len(self.ids), 0)), replace(self, partial=partial.select(place)))

    def _later(self, values: NDArray[np.float64]) -> Origin:
        """Return the origin after observations [S, k]; what was known after that is known still."""
        steps = values.shape[1]
        known = None if self.covariates is None else self.covariates.after(np.full(len(self.ids), steps))
        rule = parse_alias(self.frequency.alias)
        last = stamps(rule, self.last, np.array(steps))
        partial = None if self.partial is None else self.partial.over(stamps(rule, last.max(), np.array(1)))
        memory = (self.memory or Memory.none(len(self.ids), self.frequency)).after(values)
        return Origin(self.ids, last, self.frequency, self.columns, known, partial, memory)

    def _known_of(self, steps: int) -> Covariates | None:
        """Return the covariates of the next steps where they are known without a table."""
        known = self.covariates
        if known is None or known.past or (known.known and np.diff(known.known_offsets).min() < steps):
            return None
        return replace(known, past_values=np.empty((steps * len(self.ids), 0)))

    def _read(self, rows: object) -> Panel:
        """Read new rows as those before were read, and bring their series into the order of this origin."""
        roles = replace(Roles.of(self.columns, self.frequency), format=self.format)
        panel = to_panel(rows, roles, self.covariates, self._waiting, self.ids)
        if panel.times.dtype.kind != self.last.dtype.kind:
            kinds = {"M": "dates", "i": "a count of steps"}
            raise DataError(
                f"expected {kinds[self.last.dtype.kind]} as time stamps, as the rows before have, got "
                f"{kinds[panel.times.dtype.kind]}. Write them as there."
            )
        return panel if panel.ids == self.ids else panel.select(match(self.ids, panel.ids))

    @property
    def _waiting(self) -> PartialPeriod | None:
        """What waits for new rows; a model of an older version knows of no rows, so a later row ends a period."""
        if self.partial is not None or self.columns.every is None:
            return self.partial
        return PartialPeriod.nothing(stamps(parse_alias(self.frequency.alias), self.last.max(), np.array(1)))

    def _from_panel(self, panel: Panel, missing: str | None) -> Taken:
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
        revisions = None if missing is None else self._revisions(panel, ~new)
        if revisions is not None:
            start = self.revised(revisions)
            if not new.any():
                return Taken(np.empty((len(self.ids), 0)), start, None, len(new), revisions)
        else:
            start = self
        ahead = steps_to(self, panel.times[panel.offsets[1:] - 1], counts)
        values = np.full((len(self.ids), ahead), np.nan)
        place = ahead - np.repeat(panel.offsets[1:], panel.lengths) + np.arange(len(panel.values))
        observed = new if panel.filled is None or missing is None else new & ~panel.filled
        values[np.repeat(np.arange(len(panel)), panel.lengths)[observed], place[observed]] = panel.values[observed]
        self._check_missing(values, missing, is_told=panel.covariates is None or counts.min() == ahead)
        origin, covariates = start._later(values), None
        if panel.covariates is not None and self.covariates is not None:
            covariates = panel.covariates.window(np.flatnonzero(new), panel.lengths - counts)
            known = panel.covariates.after(panel.lengths)
            if origin.covariates is None or len(known.known_values) >= len(origin.covariates.known_values):
                origin = replace(origin, covariates=known)
        return Taken(values, origin, covariates, int((~new).sum()), revisions)

    def _revisions(self, panel: Panel, seen: NDArray[np.bool_]) -> Revisions | None:
        """Compare rows that were seen with what is remembered; None if all of these are equal.

        The first period of a table may lack rows, so it says nothing.
        """
        if self.memory is None:
            return None
        if panel.filled is not None:
            seen = seen & ~panel.filled
        if self.columns.every is not None:
            seen = seen.copy()
            seen[panel.offsets[:-1]] = False
        rows = np.flatnonzero(seen)
        series = np.repeat(np.arange(len(panel)), panel.lengths)[rows]
        times = panel.times[rows]
        steps, on = positions(parse_alias(self.frequency.alias), self.last[series], times)
        return Revisions.found(self.memory, (series[on], steps[on]), times[on], panel.values[rows[on]], self._is_whole)

    @property
    def _is_whole(self) -> bool:
        """Whether a row that comes again is all of its step."""
        return self.columns.every is None

    def revised(self, revisions: Revisions) -> Origin:
        """Return the origin that remembers other values, unless they may lack rows."""
        return replace(self, memory=self.memory.revised(revisions)) if self.memory and revisions.whole else self

    def _check_missing(self, values: NDArray[np.float64], missing: str | None, is_told: bool) -> None:
        """Refuse steps without an observation, unless they are to be forecast and their covariates are told."""
        absent = np.isnan(values)
        if not absent.any() or (missing == "forecast" and is_told):
            return
        s, step = (int(found[0]) for found in np.nonzero(absent))
        expected = self.times(step + 1)[s, step]
        got = self.times(values.shape[1])[s, step + int((~absent[s, step:]).argmax())]
        where = "the first new row" if step == 0 else "a row"
        cure = (
            "Give its row as well: its covariates take one."
            if missing == "forecast"
            else "Give the rows in between as well, or take what is forecast for them with missing='forecast' "
            "(--missing forecast)."
        )
        raise DataError(f"expected {where} of series {self.ids[s]!r} at {say(expected)}, got {say(got)}. {cure}")
