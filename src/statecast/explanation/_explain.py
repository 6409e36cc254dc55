"""Explain: fit a recipe, differentiate its forecasts, and test on held-out steps which covariates matter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.errors import ParameterError
from statecast.explanation._impact import Impact
from statecast.explanation._permutation import p_value
from statecast.recipes import Auto, FittedAuto, Influence
from statecast.series import Panel, Progress, is_of, read

Array = NDArray[np.float64]

_ORIGINS = 12  # from which slopes are averaged
_SHORTEST_TEST = 10  # origins
_LEAST_WINDOW = 60


def explain(
    data: object,
    recipe: Auto | None = None,
    *,
    series: str | None = None,
    lags: int = 12,
    permutations: int = 99,
    threads: int = 1,
    progress: Progress | None = None,
) -> Impact:
    """Say what the forecasts of a series are made of: its own past, and its covariates.

    Slopes are exact gradients, averaged along the straight way from the training means of all inputs to their values
    (integrated gradients: Sundararajan, Taly and Yan, 2017, "Axiomatic attribution for deep networks"), and over
    origins in the later half of the history. As a check, the recipe is fitted without the last fifth, and each
    covariate is put in another order there: one without which the forecasts are as good is called irrelevant.

    Parameters
    ----------
    data
        What ``read`` takes: a panel, a path, a frame or an array.
    recipe : Auto, optional
        ``auto()`` if None.
    series : str, optional
        The name of a series of the panel; the first if None.
    lags : int
        Lags that are given at most, from 0 on.
    permutations : int
        Orders that are tried for each covariate; 0 for no test.
    threads : int
        The numbers do not depend on it.
    progress : callable, optional
        Gets the steps done and all steps.

    Returns
    -------
    Impact

    Raises
    ------
    ParameterError
        If there is no such series, or a number is out of its range.
    DataError
        If the series is too short.

    Examples
    --------
    >>> import numpy as np, pandas as pd, statecast as sc
    >>> rng = np.random.default_rng(1)
    >>> promo = (rng.random(100) < 0.3) * 1.0
    >>> days = pd.date_range("2024-01-01", periods=100)
    >>> frame = pd.DataFrame({"day": days, "promo": promo, "sales": 50 + 9 * promo + rng.normal(size=100)})
    >>> impact = sc.explain(sc.read(frame, target="sales", known="promo"), sc.auto(horizon=1))
    >>> impact.columns, impact.verdict(1), round(float(impact.per_unit[1, 0, 0]))
    (('sales', 'promo'), 'matters', 8)
    """
    whole_number("lags", lags, 1, 1000)
    whole_number("permutations", permutations, 0, 100_000)
    recipe = Auto() if recipe is None else recipe
    panel = _one_series(read(data), series)
    count = int(panel.lengths[0])
    groups = _groups(panel)
    total = _ORIGINS + permutations * len(groups)
    steps = _Steps(progress, total)
    fitted = recipe.fit(panel, threads=threads)
    origins = _origins(fitted, panel)
    slopes = [_by_lag(fitted.influence(panel.window(None, at), _window(panel)), lags) for at in steps.of(origins)]
    by_member = np.mean(slopes, axis=0)  # [M, C, h, L]
    p_values = dict.fromkeys((name for group in groups for name in group), float("nan"))
    horizon = by_member.shape[2]
    test = max(count // 5, horizon + _SHORTEST_TEST - 1)
    tested = 0
    if groups and permutations and count - test >= 2 * recipe.shortest + horizon:
        tested = test - horizon + 1
        before = recipe.fit(panel.window(None, -test), threads=threads)
        for place, group in enumerate(groups):
            if not _varies(panel, group, count - test):
                continue
            rng = np.random.default_rng([recipe.seed, place])
            p_values |= dict.fromkeys(group, p_value(before, panel, test, group, permutations, rng, steps.one))
    covariates = panel.covariates
    known, past = ((), ()) if covariates is None else (covariates.known, covariates.past)
    return Impact(
        unique_id=panel.ids[0],
        target=panel.columns.target,
        columns=(panel.columns.target, *known, *past),
        kinds=("target", *["known"] * len(known), *["past"] * len(past)),
        deviations=_deviations(panel),
        per_unit=by_member.mean(axis=0),
        spread=by_member.std(axis=0, ddof=1) if len(by_member) > 1 else np.zeros(by_member.shape[1:]),
        p_values=np.array([float("nan"), *(p_values[name] for name in (*known, *past))]),
        origins=len(origins),
        tested=tested,
    )


class _Steps:
    """Counts what is done."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def one(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)

    def of(self, origins: NDArray[np.int64]) -> Iterator[int]:
        for origin in origins:
            yield int(origin)
            self.one()


def _one_series(panel: Panel, series: str | None) -> Panel:
    if series is not None and series not in panel.ids:
        raise ParameterError(f"expected the name of a series, such as {panel.ids[0]!r}, got {series!r}.")
    return panel.select(np.array([0 if series is None else panel.ids.index(series)]))


def _groups(panel: Panel) -> list[list[str]]:
    """Return the covariates, the columns of a category together."""
    groups: dict[str, list[str]] = {}
    if panel.covariates is not None:
        for name in (*panel.covariates.known, *panel.covariates.past):
            column = next((c for c in panel.columns.known + panel.columns.past if is_of(name, c)), name)
            groups.setdefault(column, []).append(name)
    return list(groups.values())


def _varies(panel: Panel, columns: list[str], count: int) -> bool:
    """Say whether columns vary in the first steps: of others nothing can be learnt there."""
    covariates = panel.covariates
    assert covariates is not None
    names = covariates.known + covariates.past
    values = np.concatenate([covariates.known_values[:count], covariates.past_values[:count]], axis=1)
    return any(np.ptp(values[:, names.index(column)]) > 0 for column in columns)


def _origins(fitted: FittedAuto, panel: Panel) -> NDArray[np.int64]:
    """Return the numbers of observations before each origin: evenly spread over the later half of the history."""
    count, horizon = int(panel.lengths[0]), fitted.grouped.parts[0].running.networks.spec.outputs
    ahead = int(min(fitted.grouped.parts[0].known_ahead, horizon))
    last = max(count - horizon + ahead, 3)
    first = min(max(count // 2, 3), last)
    return np.unique(np.linspace(first, last, _ORIGINS).astype(np.int64))


def _window(panel: Panel) -> int:
    return max(_LEAST_WINDOW, 3 * panel.frequency.season)


def _by_lag(influence: Influence, lags: int) -> Array:
    """Return the slopes by columns and lags from the step that is forecast, [M, C, h, L]; NaN for what is not known."""
    members, horizon, window = influence.target.shape
    known, past = influence.known.shape[3], influence.past.shape[3]
    result = np.full((members, 1 + known + past, horizon, lags + 1), np.nan)
    for step in range(horizon):
        for lag in range(lags + 1):
            place = window + step - lag
            if place >= 0:
                result[:, 1 : 1 + known, step, lag] = influence.known[:, step, place]
            if 0 <= place < window:
                result[:, 0, step, lag] = influence.target[:, step, place]
                result[:, 1 + known :, step, lag] = influence.past[:, step, place]
    return result


def _deviations(panel: Panel) -> Array:
    own, covariates = [panel.values.std()], panel.covariates
    if covariates is not None:
        own += [*covariates.known_values[: len(panel.values)].std(axis=0), *covariates.past_values.std(axis=0)]
    return np.array(own)
