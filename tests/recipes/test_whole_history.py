"""What comes of updates is a run over the whole history from its first row, with the parameters of the fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import statecast as sc
from statecast.network import run, run_batched
from statecast.recipes._part import _all_inputs
from statecast.recipes._shared_columns import Beside
from statecast.recipes._shared_model import _rows
from statecast.series import Sequences


def frame(length: int, series: int) -> pd.DataFrame:
    """Return seasonal series with a promotion that is known ahead, and a temperature that is not."""
    rng = np.random.default_rng(6)
    parts = []
    for s in range(series):
        promo, warm = (rng.random(length) < 0.3).astype(float), rng.normal(0, 1, length)
        season = 6 * np.sin(np.arange(length) * 2 * np.pi / 7)
        y = 60 + 10 * s + season + rng.normal(0, 0.5, length).cumsum() + 8 * promo + 2 * np.roll(warm, 1)
        parts.append(
            pd.DataFrame({"unique_id": f"s{s}", "ds": np.arange(length), "y": y, "promo": promo, "warm": warm})
        )
    return pd.concat(parts)


def panels(length: int, series: int, roles: dict[str, str]) -> tuple[sc.series.Panel, sc.series.Panel]:
    """Return the history without its last 20 rows, and the whole of it."""
    table = frame(length, series)
    columns = ["unique_id", "ds", "y", *roles.values()]
    return tuple(sc.read(t[columns], season=7, **roles) for t in (table[table.ds < length - 20], table))


COVARIATES = {"none": {}, "known and past": {"known": "promo", "past": "warm"}}
covariates = pytest.mark.parametrize("roles", COVARIATES.values(), ids=COVARIATES.keys())


def updated(fitted, whole: sc.series.Panel):
    """Take the last 20 rows in, a few at a time."""
    for start, stop in ((-20, -19), (-19, -12), (-12, -11), (-11, None)):
        fitted = fitted.update(whole.window(start, stop))
    return fitted


@covariates
@pytest.mark.parametrize("length", [70, 320])  # networks look ahead in a longer series
@pytest.mark.parametrize("series", [1, 3])
def test_auto(roles, length, series):
    early, whole = panels(length, series, roles)
    fitted = sc.auto(epochs=5, members=2, horizon=4).fit(early)
    after = updated(fitted, whole)
    (start,), (part,) = fitted.grouped.parts, after.grouped.parts
    drivers = tuple(start.whole_drivers(whole, s) for s in range(series)) if roles else ()
    adjusted = start.adjustment.adjusted(Sequences(whole.values, whole.offsets), drivers)
    anchor = start.adjustment.anchor
    levels = anchor.levels(adjusted)
    x = anchor.inputs(adjusted.values, levels, adjusted.of_row)
    rows = _all_inputs(start.views, drivers, x, adjusted, start.adjustment).reshape(series, length, -1)
    outputs = [
        run(start.running.networks.parameters(2 * s + m), rows[s])[0][-1] for s in range(series) for m in range(2)
    ]
    at_end = replace(
        part.adjustment,
        anchor=replace(anchor, level=levels[whole.offsets[1:] - 1]),
        effects=tuple(e.over(d.past) for e, d in zip(part.adjustment.effects, drivers, strict=True)),
    ).repeat(2)
    steps = length + np.arange(4)
    effect = [e.on(d, steps) for e, d in zip(at_end.effects, drivers, strict=True)] or np.zeros((series, 4))
    trust = np.repeat(start.trust, 2)[:, np.newaxis]
    by_hand = at_end.forecasts(trust * np.array(outputs, np.float64), np.repeat(effect, 2, axis=0))
    assert_allclose(part.forecast(4).reshape(-1, 4), by_hand, rtol=1e-6)


@covariates
@pytest.mark.parametrize("series", [1, 3])
def test_shared(roles, series):
    early, whole = panels(90, series, roles)
    fitted = sc.shared(epochs=5, members=2, horizon=4).fit(early)
    after = updated(fitted, whole)
    (start,), (part,) = fitted.grouped.parts, after.grouped.parts
    seen = start.standing.seen(whole)
    own = seen.inputs(start.model.lags).astype(np.float32)
    beside = Beside.of(whole.covariates, whole.lengths) if roles else None
    assert_allclose(part.standing.anchor.level, seen.levels[:, -1], rtol=1e-9)
    assert_allclose(part.standing.slope.half, seen.slopes[:, -1], rtol=1e-6, atol=1e-12)
    networks, rows = start.model.networks, _rows(start.model, own, beside)
    for member in range(2):
        outputs = run_batched(networks.parameters(member), rows)[0][:, -1].astype(np.float64)
        by_hand = part.standing.forecasts(start.model.trust * outputs)
        assert_allclose(part.forecast(4)[:, member], by_hand, rtol=1e-6)


@pytest.mark.parametrize("series", [1, 3])
def test_classic(series):
    early, whole = panels(70, series, {})
    fitted = sc.classic(epochs=20, lags=2, members=2).fit(early)
    after = updated(fitted, whole)
    rows = fitted.pipeline.apply(Sequences(whole.values, whole.offsets))
    for n in range(2 * series):
        s = n // 2
        X = rows.values[rows.offsets[s] : rows.offsets[s + 1], :-1]
        _, state = run(fitted.networks.parameters(n), X)
        assert_allclose(after.state.hidden[n], state.hidden, rtol=1e-6)
        assert_allclose(after.state.cell[n], state.cell, rtol=1e-6)
