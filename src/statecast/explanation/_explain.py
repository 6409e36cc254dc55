"""Explain: fit a recipe, differentiate its forecasts, and test on held-out steps which covariates matter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from statecast.checks import whole_number
from statecast.errors import ParameterError
from statecast.explanation._impact import Impact
from statecast.explanation._permutation import p_value
from statecast.recipes import Auto, Explained, Influence, Shared
from statecast.series import Panel, Progress, is_of, read

Array = NDArray[np.float64]

_ORIGINS = 12  # from which slopes are averaged
_SHORTEST_TEST = 10  # origins
_LEAST_WINDOW = 60


def explain(
    data: object,
    recipe: Auto | Shared | None = None,
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
    origins in the later half of the history. As a check, the recipe is fitted without the last fifth, and each known
    or past covariate is put in another order there: one without which the forecasts are as good is called irrelevant.

    Parameters
    ----------
    data
        What ``read`` takes: a panel, a path, a frame or an array.
    recipe : Auto or Shared, optional
        ``auto()`` if None. A shared recipe learns from all series of the panel; the static columns are explained too.
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
    whole: Panel = read(data)
    one = _number(whole, series)
    panel = whole.select(np.array([one]))
    count, horizon = int(panel.lengths[0]), recipe.horizon or panel.frequency.horizon
    groups = _groups(panel)
    total = _ORIGINS + permutations * len(groups)
    steps = _Steps(progress, total)
    fitted = _fitted(recipe, whole, one, 0, threads)
    origins = _origins(panel, horizon)
    by_origin = [fitted.influence(panel.window(None, at), _window(panel)) for at in steps.of(origins)]
    by_member = np.mean([_by_lag(influence, lags) for influence in by_origin], axis=0)  # [M, C, h, L]
    p_values: dict[str, float] = {}
    test = max(count // 5, horizon + _SHORTEST_TEST - 1)
    tested = 0
    if groups and permutations and count - test >= 2 * recipe.shortest + horizon:
        tested = test - horizon + 1
        before = _fitted(recipe, whole, one, test, threads)
        for place, group in enumerate(groups):
            if not _varies(panel, group, count - test):
                continue
            rng = np.random.default_rng([recipe.seed, place])
            p_values |= dict.fromkeys(group, p_value(before, panel, test, group, permutations, rng, steps.one))
    columns = _columns(panel)[: by_member.shape[1]]
    return Impact(
        unique_id=panel.ids[0],
        target=panel.columns.target,
        columns=tuple(name for name, _ in columns),
        kinds=tuple(kind for _, kind in columns),
        deviations=_deviations(panel, whole)[: len(columns)],
        per_unit=by_member.mean(axis=0),
        spread=by_member.std(axis=0, ddof=1) if len(by_member) > 1 else np.zeros(by_member.shape[1:]),
        p_values=np.array([p_values.get(name, np.nan) for name, _ in columns]),
        origins=len(origins),
        tested=tested,
    )


def _fitted(recipe: Auto | Shared, panel: Panel, one: int, left: int, threads: int) -> Explained:
    """Fit to one series without its last rows; a shared recipe has learnt from all series without as many of each."""
    kept = panel.window(None, -left or None)
    alone = kept.select(np.array([one]))
    if isinstance(recipe, Auto):
        return recipe.fit(alone, threads=threads)
    enough = np.union1d(np.flatnonzero(kept.lengths >= recipe.shortest), [one])
    return recipe.fit(kept.select(enough), threads=threads).pretrained.fit(alone)


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


def _number(panel: Panel, series: str | None) -> int:
    if series is not None and series not in panel.ids:
        raise ParameterError(f"expected the name of a series, such as {panel.ids[0]!r}, got {series!r}.")
    return 0 if series is None else panel.ids.index(series)


def _columns(panel: Panel) -> list[tuple[str, str]]:
    """Return the names and kinds of all columns, those that are constant for a series last."""
    columns, covariates = [(panel.columns.target, "target")], panel.covariates
    if covariates is not None:
        for kind in ("known", "past", "static"):
            columns += [(name, kind) for name in getattr(covariates, kind)]
    return columns


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


def _origins(panel: Panel, horizon: int) -> NDArray[np.int64]:
    """Return the numbers of observations before each origin: evenly spread over the later half of the history."""
    count, covariates = len(panel.values), panel.covariates
    ahead = horizon
    if covariates is not None and covariates.known:
        ahead = min(len(covariates.known_values) - count, horizon)
    last = max(count - horizon + ahead, 3)
    first = min(max(count // 2, 3), last)
    return np.unique(np.linspace(first, last, _ORIGINS).astype(np.int64))


def _window(panel: Panel) -> int:
    return max(_LEAST_WINDOW, 3 * panel.frequency.season)


def _by_lag(influence: Influence, lags: int) -> Array:
    """Return the slopes by columns and lags from the step that is forecast, [M, C, h, L]; NaN for what is not known.

    A static column is at lag 0.
    """
    members, horizon, window = influence.target.shape
    known, past, static = (a.shape[-1] for a in (influence.known, influence.past, influence.static))
    result = np.full((members, 1 + known + past + static, horizon, lags + 1), np.nan)
    result[:, 1 + known + past :, :, 0] = influence.static.swapaxes(1, 2)
    for step in range(horizon):
        for lag in range(lags + 1):
            place = window + step - lag
            if place >= 0:
                result[:, 1 : 1 + known, step, lag] = influence.known[:, step, place]
            if 0 <= place < window:
                result[:, 0, step, lag] = influence.target[:, step, place]
                result[:, 1 + known : 1 + known + past, step, lag] = influence.past[:, step, place]
    return result


def _deviations(panel: Panel, whole: Panel) -> Array:
    """Return the standard deviation of all columns, in the series; of static ones over all series."""
    own, covariates, beside = [panel.values.std()], panel.covariates, whole.covariates
    if covariates is not None and beside is not None:
        own += [*covariates.known_values[: len(panel.values)].std(axis=0), *covariates.past_values.std(axis=0)]
        own += [*beside.static_values.std(axis=0)]
    return np.array(own)
