"""Season clock: the place in the season of a step, where the season is one of local time or of the calendar year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from statecast.series._alias import parse_alias
from statecast.series._calendar import Frequency
from statecast.series._grid import DAY
from statecast.series._panel import Panel
from statecast.series._zones import to_local
from statecast.storage import storable

Steps = NDArray[np.int64]

_WEEK = 7 * DAY
_WEEKS = 52  # in a year, but for a day or two
_MONTH, _DAY = 12, 25  # of the week from which those of a year are counted


@storable
@dataclass(frozen=True, eq=False)
class SeasonClock:
    """Tells the place in a season of the steps of every series by their time stamps.

    Steps of less than a day in a known time zone have the places of local time: people live by it, and after the clocks
    have changed the hour of the day is another one in UTC. The hour that is there twice has its place twice, the one
    that is missing is passed over; steps of two hours and more stay where they are. Weeks have places in the calendar
    year, which 52 weeks are not: they are counted from the week that holds 25 December, forward for half a year and
    back from the next one for the other half, so that the holidays at its end are in the same place every year; a 53rd
    week repeats a place in June.

    Attributes
    ----------
    zone : str
        The time zone; "" for weeks of the year.
    step : int
        Microseconds between steps.
    first : datetime64[us] [S]
        Time stamp of the first step of every series.
    later : int64 [S], or None for 0
        Days after 25 December of the day that the counted week holds: weeks of the same days every year are those that
        hold the same day of one week in the year, and 4 July is another one.
    """

    zone: str
    step: int
    first: NDArray[np.datetime64]
    later: Steps | None = None

    @classmethod
    def of(cls, panel: Panel) -> SeasonClock | None:
        """Return the clock of a panel; None where a season is just so many steps."""
        return cls.from_first(panel.times[panel.offsets[:-1]], panel.frequency, panel.columns.time_zone)

    @classmethod
    def from_first(cls, first: NDArray[np.generic], frequency: Frequency, zone: str | None) -> SeasonClock | None:
        """Return the clock of series that begin at these time stamps, [S]."""
        rule = parse_alias(frequency.alias)
        if first.dtype.kind != "M" or rule.unit != "tick":
            return None
        stamps = first.astype("datetime64[us]")
        if rule.count < DAY and zone is not None:
            return cls(zone, rule.count, stamps)
        return cls("", _WEEK, stamps) if rule.count == _WEEK and frequency.season == _WEEKS else None

    def shift(self, series: Steps, steps: Steps) -> Steps:
        """Return by how much the places of these steps of series are ahead of their numbers; arrays that broadcast."""
        first = self.first[series]
        times = first + steps * np.timedelta64(self.step, "us")
        if not self.zone:
            later = np.timedelta64(DAY, "us") * (np.zeros(1, np.int64) if self.later is None else self.later[series])
            return _week_of_year(times - later) - _week_of_year(first - later) - steps
        ahead, at_first = (to_local(self.zone, part) - part for part in (times, first))
        moved = (ahead - at_first).astype(np.int64)
        # to the nearest step, so that clocks that move by less than half of one move nothing
        return np.asarray(np.sign(moved) * ((2 * np.abs(moved) + self.step - 1) // (2 * self.step)))

    def select(self, series: Steps) -> SeasonClock:
        """Return the clock of some series."""
        return SeasonClock(self.zone, self.step, self.first[series], None if self.later is None else self.later[series])

    def repeat(self, times: int) -> SeasonClock:
        """Stand every series ``times`` times."""
        return self.select(np.repeat(np.arange(len(self.first)), times))


def places(clock: SeasonClock | None, series: Steps, steps: Steps) -> Steps:
    """Return the steps of series as a season counts them: their numbers, or as the clock tells."""
    return steps if clock is None else steps + clock.shift(series, steps)


def _week_of_year(times: NDArray[np.datetime64]) -> Steps:
    """Return the weeks that begin at these stamps as those after the last Christmas week, or before the next one."""
    days = times.astype("datetime64[D]")
    year = (days + 6).astype("datetime64[Y]")
    christmas = year.astype("datetime64[M]") + (_MONTH - 1)
    christmas = christmas.astype("datetime64[D]") + (_DAY - 1)

    def weeks_to(day: NDArray[np.datetime64]) -> Steps:
        return np.asarray((day - days).astype(np.int64) // 7)  # to the week that holds it

    before = (christmas.astype("datetime64[Y]") - 1).astype("datetime64[M]") + (_MONTH - 1)
    since = -weeks_to(before.astype("datetime64[D]") + (_DAY - 1))
    until = weeks_to(christmas)
    return np.where(until <= 0, -until, np.where(since < _WEEKS // 2, since, _WEEKS - until))
