"""What every recipe must pass when observations come in after the fit: what was forecast of them is kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import statecast as sc
from contract.recipes import RECIPES
from statecast.errors import DataError, NothingNewError, ParameterError, RevisionWarning
from statecast.intervals import KEPT
from statecast.series import origins

every = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())


@pytest.fixture
def shampoo(shampoo):
    """Return the series as whole numbers, which suit recipes of any numbers and those of counts."""
    return np.round(shampoo)


def months(values) -> pd.DataFrame:
    return pd.DataFrame({"ds": pd.date_range("1991-01-01", periods=len(values), freq="MS"), "y": values})


def shops(values) -> pd.DataFrame:
    return pd.concat([months(np.roll(values, k)).assign(unique_id=f"shop {k}") for k in range(3)])


@every
def test_what_is_kept_of_a_row_is_the_forecast_just_before_it(recipe, shampoo):
    panel = sc.read(shops(shampoo))
    fitted, held_out = recipe.fit(panel.window(None, -6)), panel.window(-6, None)
    just_before = np.concatenate([at.forecast(1).mean for at in origins(fitted, held_out, 6)], axis=1)
    updated = fitted.update(held_out)
    scored = updated.watch.rows()
    assert_array_equal(scored.mean, just_before)
    assert_array_equal(scored.y.ravel(), held_out.values)
    assert_array_equal(scored.times.ravel(), held_out.times)
    first = fitted.forecast(1, level=99)
    assert_array_equal(scored.lower[:, 0], first.lower[:, 0, 0])
    assert_array_equal(scored.upper[:, 0], first.upper[:, 0, 0])


@every
def test_rows_one_by_one_or_in_pieces_leave_the_same_track(recipe, shampoo):
    frame = months(shampoo)
    fitted = recipe.fit(frame.iloc[:28])
    at_once = fitted.update(frame.iloc[28:])
    by_row, pieces = fitted, fitted.update(frame.iloc[28:29]).update(frame.iloc[29:34]).update(frame.iloc[34:])
    for k in range(28, 36):
        by_row = by_row.update(float(shampoo[k]))
    for other in (by_row, pieces):
        assert_array_equal(other.track.observed, at_once.track.observed)
        assert_array_equal(other.track.expected, at_once.track.expected)
        assert_array_equal(other.forecast(3).members, at_once.forecast(3).members)
    assert at_once.watch.rows().y.shape == (1, 8)
    assert by_row.watch.rows().y.shape == (1, 1)
    assert fitted.watch.rows().y.shape == (1, 0)
    assert by_row.watch.health().series.ratio == at_once.watch.health().series.ratio


@every
def test_a_missing_step_is_refused_or_forecast_and_not_watched(recipe, shampoo):
    frame = months(shampoo)
    fitted = recipe.fit(frame.iloc[:30])
    for left_out in (30, 32):
        gap = frame.iloc[30:].drop(left_out)
        with pytest.raises(DataError, match=rf"expected .* at {frame.ds[left_out]:%Y-%m-%d}.*missing='forecast'"):
            fitted.update(gap)
        taken = fitted.update(gap, missing="forecast")
        by_hand = fitted if left_out == 30 else fitted.update(frame.iloc[30:left_out])
        by_hand = by_hand.update(by_hand.forecast(1).mean).update(frame.iloc[left_out + 1 :])
        assert_array_equal(taken.forecast(4).mean, by_hand.forecast(4).mean)
        scored = taken.watch.rows()
        assert np.flatnonzero(np.isnan(scored.y[0])).tolist() == [left_out - 30]
        assert not scored.unusual[0, left_out - 30]
        assert taken.watch.health().rows.tolist() == [5]
    with pytest.raises(ParameterError, match="missing"):
        fitted.update(frame.iloc[30:], missing="drop")


@every
def test_late_rows_are_passed_over_and_counted(recipe, shampoo):
    frame = months(shampoo)
    fitted = recipe.fit(frame.iloc[:30])
    assert fitted.update(frame).track.passed == 30
    assert fitted.update(frame.iloc[30:]).track.passed == 0
    with pytest.raises(NothingNewError, match=r"expected rows after 1993-06-01.*got none"):
        fitted.update(frame.iloc[:30])
    with pytest.raises(DataError, match="1993-07"):
        fitted.update(pd.concat([frame.iloc[30:31], frame.iloc[30:]]))  # the same step twice


@every
def test_an_update_finds_no_intervals_until_they_are_asked_for(recipe, shampoo):
    fitted = recipe.fit(months(shampoo[:30]))
    updated = fitted.update(shampoo[30:])
    assert "residuals" not in vars(getattr(fitted, "calibration", fitted))
    assert np.isfinite(updated.watch.rows().upper).all()


@every
def test_saved_loaded_and_updated_is_updated(recipe, shampoo, tmp_path):
    frame = shops(shampoo)
    early, late = frame[frame.ds < "1993-08-01"], frame[frame.ds >= "1993-08-01"]
    fitted = recipe.fit(frame[frame.ds < "1993-03-01"]).update(early)
    fitted.save(tmp_path / "model")
    straight, detour = fitted.update(late), sc.load(tmp_path / "model").update(late)
    detour.save(tmp_path / "model")
    for other in (detour, sc.load(tmp_path / "model")):
        a, b = straight.forecast(3, level=80), other.forecast(3, level=80)
        for name in ("members", "lower", "upper"):
            assert_array_equal(getattr(b, name), getattr(a, name))
        for name in ("mean", "lower", "upper", "score"):
            assert_array_equal(getattr(other.watch.rows(), name), getattr(straight.watch.rows(), name))
        assert other.watch.health().verdict == straight.watch.health().verdict
        assert_array_equal(other.watch.health().series.p_value, straight.watch.health().series.p_value)


def test_the_track_does_not_grow_and_forgets_no_error():
    rng = np.random.default_rng(3)
    start = pd.DataFrame({"unique_id": np.repeat(["a", "b"], 40), "y": rng.normal(50, 1, 80)})
    fitted = sc.baselines.last_value().fit(start.assign(ds=np.tile(np.arange(40), 2)))
    values = rng.normal(50, 1, (2, 730))
    at = fitted
    for column in values[:, :330].T:
        at = at.update(column)
        assert at.track.observed.shape[1] <= 2 * KEPT
    at = at.update(values[:, 330:])
    assert at.track.observed.shape[1] == 400  # the rows of the last update are all kept
    at = at.update([50.0, 50.0])
    assert at.track.observed.shape[1] == KEPT
    values = np.append(values, [[50.0], [50.0]], axis=1)
    errors = values - np.concatenate([fitted.forecast(1).mean, values[:, :-1]], axis=1)
    size, _ = fitted.calibration.typical()
    health = at.watch.health()
    assert health.rows.tolist() == [731, 731]
    units = np.maximum(values - errors, at.track.smallest[:, np.newaxis]) ** (2 / 3)
    np.testing.assert_allclose(health.series.ratio, np.abs(errors / units).mean(axis=1) / size)
    np.testing.assert_allclose(health.series.bias, (errors / units).mean(axis=1) / size, atol=1e-12)


def shop(length: int, known_after: int = 0) -> pd.DataFrame:
    """Sales with a promotion that is known ahead, and a temperature that is not."""
    rng = np.random.default_rng(8)
    promo, warm = (rng.random(length) < 0.3).astype(float), rng.normal(0, 1, length)
    sales = 50 + rng.normal(0, 0.2, length).cumsum() + 8 * promo + 2 * np.roll(warm, 1)
    sales[length - known_after :] = np.nan
    return pd.DataFrame({"ds": np.arange(length), "promo": promo, "warm": warm, "sales": sales})


WITH_COVARIATES = {"auto": sc.auto(epochs=5, members=2, horizon=3), "shared": sc.shared(epochs=5, members=2, horizon=3)}
covariates = pytest.mark.parametrize("recipe", WITH_COVARIATES.values(), ids=WITH_COVARIATES.keys())


@covariates
@pytest.mark.parametrize("length", [80, 330])  # networks of auto look ahead in a longer one
@pytest.mark.parametrize("known_after", [0, 4])
def test_covariates_come_along_and_the_forecast_just_before_knows_those_of_its_row(recipe, length, known_after):
    """Row by row only the row itself is known beforehand; at once the known columns of the whole table are."""
    roles = {"target": "sales", "time": "ds", "season": 1, "known": "promo", "past": "warm"}
    frame = shop(length + 6 + known_after, known_after)
    known = frame[["ds", "promo"]]
    fitted = recipe.fit(sc.read(frame.iloc[:length], **roles))
    at, of_row, of_table = fitted, [], []
    for k in range(length, length + 6):
        of_row.append(at.forecast(1, future=known.iloc[k : k + 1]).mean[0, 0])
        of_table.append(at.forecast(1, future=known.iloc[k:]).mean[0, 0])
        at = at.update(frame.iloc[k : k + 1])
    at_once = fitted.update(frame.iloc[length:])
    assert_array_equal(at.track.expected[0, :, 0], of_row)
    np.testing.assert_allclose(at_once.track.expected[0, :, 0], of_table, rtol=1e-6)
    ahead = shop(length + 9)[["ds", "promo"]].iloc[length + 6 :]
    assert_array_equal(at.forecast(3, future=ahead).mean, at_once.forecast(3, future=ahead).mean)
    with pytest.raises(DataError, match="Give its row as well: its covariates take one"):
        fitted.update(frame.iloc[length + 1 :], missing="forecast")


@every
def test_rows_of_a_month_that_is_not_over_wait_in_the_model(recipe, tmp_path):
    days = pd.date_range("2021-01-01", "2024-05-31")
    frame = pd.DataFrame({"ds": days, "y": np.random.default_rng(2).poisson(20, len(days)).astype(float)})
    read = {"every": "month"}
    fitted = recipe.fit(sc.read(frame[frame.ds < "2024-03-11"], **read))
    fitted.update(frame[(frame.ds >= "2024-03-11") & (frame.ds < "2024-03-26")]).save(tmp_path / "waits")
    waits = sc.load(tmp_path / "waits")
    assert_array_equal(waits.forecast(2).members, fitted.forecast(2).members)
    assert waits.watch.rows().y.shape == (1, 0)
    after = waits.update(frame[frame.ds >= "2024-03-26"])
    whole = sc.read(frame, **read)
    at_once = fitted.update(whole.window(-3, None))
    assert_array_equal(after.watch.rows().y.ravel(), whole.values[-3:])
    assert_array_equal(after.forecast(2).members, at_once.forecast(2).members)


# Revisions


def revised(frame: pd.DataFrame, *rows: int) -> pd.DataFrame:
    """Return a table with other values in some rows."""
    frame = frame.copy()
    frame.loc[list(rows), "y"] += 37.0
    return frame


def same(one, other) -> None:
    """See that two fitted recipes stand alike, and have the same track."""
    assert_allclose(one.forecast(4).members, other.forecast(4).members, rtol=1e-6)
    assert_allclose(one.track.observed, other.track.observed)
    assert_allclose(one.track.expected, other.track.expected, rtol=1e-6)


@every
def test_a_revision_of_an_update_is_taken_in_as_if_it_had_been_so(recipe, shampoo):
    frame = months(shampoo)
    fitted = recipe.fit(frame.iloc[:28])
    late = revised(frame, 29, 31)
    one_by_one = fitted.update(frame.iloc[28:30]).update(shampoo[30]).update(shampoo[31:33])
    with pytest.warns(RevisionWarning, match=r"2 rows seen before with another value \(1993-06-01: .*taken in, as if"):
        at_once = one_by_one.update(late)
    with pytest.warns(RevisionWarning):
        alone = one_by_one.update(late.iloc[:33])
    same(at_once, fitted.update(late))
    same(alone, fitted.update(late.iloc[:33]))
    assert (alone.track.latest, alone.track.exact, alone.track.revised.count) == (0, 2, 2)
    with pytest.raises(NothingNewError):
        alone.update(late.iloc[:33])  # equal now
    with pytest.raises(DataError, match="2 rows seen before with another value"):
        one_by_one.update(late, revisions="refuse")


@every
def test_a_revision_of_the_fit_is_told_and_left_to_a_new_fit(recipe, shampoo):
    frame = months(shampoo)
    fitted = recipe.fit(frame.iloc[:28])
    with pytest.warns(RevisionWarning, match="1 row seen before .*only a new fit uses it"):
        after = fitted.update(revised(frame, 20))
    same(after, fitted.update(frame))
    assert (after.track.exact, len(after.track.revisions)) == (0, 1)


@every
def test_a_step_that_was_forecast_is_taken_in_when_its_row_comes(recipe, shampoo):
    frame = months(shampoo)
    fitted = recipe.fit(frame.iloc[:28])
    after = fitted.update(frame.iloc[:34].drop(30), missing="forecast")
    with pytest.warns(RevisionWarning, match="1993-07-01: none -> "):
        same(after.update(frame), fitted.update(frame))


@pytest.mark.parametrize("name", ["classic", "last season", "auto", "shared", "counts"])
def test_the_checkpoint_moves_up_and_a_model_file_keeps_it(name, tmp_path):
    values = np.round(np.random.default_rng(3).normal(60, 9, 320))
    panel = shops(values)
    ds = pd.date_range("1991-01-01", periods=320, freq="MS")
    first, rest = panel[panel.ds < ds[30]], panel[panel.ds < ds[300]]
    fitted = RECIPES[name].fit(first)
    at = fitted
    for until in (90, 91, 170, 260, 300):
        at = at.update(panel[panel.ds < ds[until]])
    assert at.track.checkpoint.values.shape[1] <= 2 * KEPT
    at.save(tmp_path / "saved")
    other = rest.copy()
    other.loc[other.ds >= ds[220], "y"] += 5.0
    for one in (at, sc.load(tmp_path / "saved")):
        with pytest.warns(RevisionWarning, match="240 rows .*and 237 more.*taken in"):
            corrected = one.update(other)
        straight = fitted.update(other)
        assert_allclose(corrected.forecast(4).mean, straight.forecast(4).mean, rtol=1e-6)
        assert_allclose(corrected.watch.health().series.ratio, straight.watch.health().series.ratio)
