"""Watch: how far off a fitted recipe was since it was fitted, and which of the last rows were unusual."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from statecast.errors import ParameterError, RevisionWarning
from statecast.intervals._calibrated import OneAhead
from statecast.intervals._checkpoint import Checkpoint, run, still, with_track
from statecast.intervals._health import Health
from statecast.intervals._levels import in_percent
from statecast.intervals._totals import Array
from statecast.intervals._track import UNTRACKED, Track
from statecast.series import Origin, Revisions, Taken, in_zone

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Scored:
    """The rows of an update, each beside what was forecast of it just before.

    Attributes
    ----------
    ids : tuple of str, S
    times : [S, k]
        Time stamps of the rows.
    y : float64 [S, k]
        What was observed; NaN where a step was missing.
    mean : float64 [S, k]
        The forecasts one step ahead.
    level : float
        Of the intervals, in percent.
    lower, upper : float64 [S, k]
        Their bounds.
    time_zone : str or None
        Tables have the local time of this zone, with its distance from UTC.
    """

    ids: tuple[str, ...]
    times: NDArray[np.generic]
    y: Array
    mean: Array
    level: float
    lower: Array
    upper: Array
    time_zone: str | None = None

    @property
    def score(self) -> Array:
        """How far each is from its forecast, by how far the bound on its side is, [S, k]: 1 on the bound.

        Infinite where the bound is the forecast itself; NaN where nothing was observed or forecast.
        """
        away = self.y - self.mean
        far = np.where(away > 0, self.upper - self.mean, self.mean - self.lower)
        beyond = np.where(away == 0, 0.0, np.where(np.isnan(away), np.nan, np.inf))
        return np.where(far > 0, np.abs(away) / np.where(far > 0, far, 1.0), beyond)

    @property
    def unusual(self) -> NDArray[np.bool_]:
        """Which are outside their intervals, [S, k]."""
        return self.score > 1

    def to_frame(self) -> pd.DataFrame:
        """Return a table with the columns unique_id, ds, y, mean, lo-99, hi-99, score and unusual, a row a row."""
        import pandas as pd

        return pd.DataFrame(
            {
                "unique_id": np.repeat(np.array(self.ids, dtype=object), self.times.shape[1]),
                "ds": in_zone(self.times.ravel(), self.time_zone),
                "y": self.y.ravel(),
                "mean": self.mean.ravel(),
                f"lo-{self.level:g}": self.lower.ravel(),
                f"hi-{self.level:g}": self.upper.ravel(),
                "score": self.score.ravel(),
                "unusual": self.unusual.ravel(),
            }
        )


@dataclass(frozen=True, eq=False)
class Watch:
    """What is to be said of the observations taken in since the fit.

    Attributes
    ----------
    origin : Origin
    track : Track
    intervals : OneAhead
        Of the recipe; those of most are found when they are first asked for.

    Examples
    --------
    >>> from statecast.baselines import last_value
    >>> fitted = last_value().fit([5.0, 6.0, 4.0, 5.0, 7.0, 6.0])
    >>> scored = fitted.update([5.0, 60.0]).watch.rows(level=95)
    >>> scored.unusual.tolist()
    [[False, True]]
    """

    origin: Origin
    track: Track
    intervals: OneAhead

    @property
    def begun(self) -> Track:
        """The track; an empty one if nothing was taken in."""
        return self.track if len(self.track.smallest) else self._beginning(1)

    def after(self, taken: Taken, expected: Array, checkpoint: Checkpoint | None = None) -> Track:
        """Return the track after new observations, what was expected of them, [S, k, C], and their checkpoint."""
        track = self.track if len(self.track.smallest) else self._beginning(expected.shape[2])
        return track.after(taken, expected, checkpoint)

    def _beginning(self, columns: int) -> Track:
        begun = Track.begin(self.intervals.smallest + np.zeros(len(self.origin.ids)), columns)
        return replace(begun, revisions=self.track.revisions, exact=self.track.exact, revised=self.track.revised)

    def rows(self, level: float = 99.0) -> Scored:
        """Return the rows of the last update, and how unusual each is; none if there was no update.

        Of rows like those that the intervals were made from, 1 in 100 is outside of 99 %.

        Raises
        ------
        ParameterError
            If the level is no number from 1 to 99.9.
        """
        if len(levels := in_percent(level)) != 1:
            raise ParameterError(f"level: expected one, in percent, got {level!r}.")
        count, track = self.track.latest, self.begun
        y, expected = (array[:, array.shape[1] - count :] for array in (track.observed, track.expected))
        mean = lower = upper = expected[..., 0]
        if count:
            lower, upper = (bound[:, 0] for bound in self.intervals.around(expected, levels))
        ids, times, zone = self.origin.ids, self.origin.last_times(count), self.origin.time_zone
        return Scored(ids, times, y, mean, levels[0], lower, upper, zone)

    def health(self) -> Health:
        """Return how the errors since the fit are beside those that were expected then, and whether to refit."""
        return Health.of(self.origin.ids, self.begun, self.intervals)


class Watched(Protocol):
    """A fitted recipe that is watched."""

    @property
    def origin(self) -> Origin:
        """The last observations seen."""
        ...

    @property
    def watch(self) -> Watch:
        """How far off it was."""
        ...

    def expect(self, taken: Taken) -> Array:
        """Forecast the next observation of every series, [S, C]."""
        ...

    def take(self, taken: Taken) -> Self:
        """Take in observations."""
        ...


W = TypeVar("W", bound=Watched)


def follow(fitted: W, taken: Taken) -> tuple[W, Track]:
    """Take in new observations a step at a time, each after its forecast; return the track beside what took them in.

    A step that is missing takes its forecast in. Where the rows end within a period there is no step: they wait.
    Revisions are taken in first, and told with a RevisionWarning.
    """
    if taken.revisions is not None:
        fitted = _corrected(fitted, taken.revisions)
        _warn(fitted.watch, taken.revisions)
    if taken.waits:
        return fitted.take(taken), fitted.watch.track.unmoved(taken)
    after, expected = run(fitted, taken)
    return after, tracked(fitted, taken, expected)


def tracked(fitted: Watched, taken: Taken, expected: Array) -> Track:
    """Return the track of a recipe after new observations, and what was expected of them, [S, k, C]."""
    watch = fitted.watch
    checkpoint = (
        Checkpoint.at(with_track(fitted, UNTRACKED)) if watch.track.checkpoint is None else watch.track.checkpoint
    )
    return watch.after(taken, expected, checkpoint.after(taken))


def _corrected(fitted: W, revisions: Revisions) -> W:
    """Return a recipe with other values for steps that it has seen, taken in exactly where its checkpoint reaches."""
    track, origin = fitted.watch.track, fitted.origin.revised(revisions)
    checkpoint, total = track.checkpoint, track.revised.after(revisions)
    steps = 0 if checkpoint is None else checkpoint.values.shape[1]
    exact = int((revisions.back < steps).sum()) if revisions.whole else 0
    if checkpoint is None or exact == 0:
        after = still(fitted, origin)
    else:
        checkpoint = checkpoint.revised(revisions)
        after, expected = checkpoint.rerun(origin)
        track = track.rerun(checkpoint, expected)
    return with_track(after, replace(track, revisions=revisions, exact=exact, revised=total))


def _warn(watch: Watch, revisions: Revisions) -> None:
    """Tell the caller of ``update``."""
    said = f"{revisions.said(watch.origin.ids)}: {watch.track.use}"
    warnings.warn(said, RevisionWarning, stacklevel=4)
