"""Rows that were seen are compared with what is remembered: equal, revised, or too old to say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import statecast as sc
from statecast.baselines import last_value
from statecast.errors import DataError, NothingNewError, ParameterError, RevisionWarning
from statecast.series import Origin, read
from statecast.series._memory import REMEMBERED
from statecast.storage import Tree

Y = np.random.default_rng(7).normal(100, 9, 400)


def days(first: int, last: int, **columns) -> pd.DataFrame:
    ds = pd.date_range("2023-01-01", periods=400)[first:last]
    return pd.DataFrame({"ds": ds, "y": Y[first:last], **columns})


def with_values(frame: pd.DataFrame, **rows: float) -> pd.DataFrame:
    """Return a table with other values on some days, d20=5.0 being that of day 20."""
    values = {pd.Timestamp("2023-01-01") + pd.Timedelta(days=int(day[1:])): value for day, value in rows.items()}
    return frame.assign(y=[values.get(ds, y) for ds, y in zip(frame.ds, frame.y, strict=True)])


def found(taken) -> list[tuple[str, float, float]]:
    if taken.revisions is None:
        return []
    return [(str(t)[:10], old, new) for _, t, old, new, _ in taken.revisions.first(99)]


@pytest.mark.parametrize("stored", [False, True])
def test_a_row_with_another_value_is_a_revision_and_equal_ones_are_none(stored):
    start = Origin.of(read(days(0, 60)))
    start = Tree.of(start).value() if stored else start
    assert found(start.take(days(0, 61), "error")) == []
    taken = start.take(with_values(days(0, 61), d20=1.0, d59=2.0), "error")
    assert found(taken) == [("2023-01-21", Y[20], 1.0), ("2023-03-01", Y[59], 2.0)]
    assert (taken.passed, taken.values.tolist()) == (60, [[Y[60]]])
    assert found(taken.origin.take(with_values(days(0, 62), d20=1.0, d59=2.0), "error")) == []
    back = taken.origin.take(days(0, 62), "error")
    assert [new for *_, new in found(back)] == [Y[20], Y[59]]


def test_revisions_alone_are_no_step_and_equal_rows_alone_are_nothing_new():
    start = Origin.of(read(days(0, 60)))
    taken = start.take(with_values(days(50, 60), d55=0.0), "error")
    assert (taken.waits, found(taken)) == (True, [("2023-02-25", Y[55], 0.0)])
    with pytest.raises(NothingNewError):
        start.take(days(0, 60), "error")


def test_as_many_digits_as_a_file_has_are_equal():
    rounded = days(0, 61)
    rounded["y"] = rounded.y.round(5)
    assert found(Origin.of(read(days(0, 60))).take(rounded, "error")) == []
    single = days(0, 61).astype({"y": np.float32})
    assert found(Origin.of(read(days(0, 60))).take(single, "error")) == []


def test_numbers_and_tables_are_remembered_at_a_size_that_does_not_grow():
    origin = Origin.of(read(days(0, 60)))
    for k in range(60, 350):
        origin = origin.take(Y[k] if k % 2 else days(k, k + 1), "error").origin
        assert origin.memory.values.shape[1] <= 2 * REMEMBERED
    late = with_values(days(0, 351), **{f"d{day}": 0.0 for day in (5, 349, 349 - REMEMBERED + 1)})
    assert [when for when, *_ in found(origin.take(late, "error"))] == ["2023-09-08", "2023-12-16"]
    by_number = Origin.of(read(np.arange(20.0)))
    assert [found(by_number.take(rows, "error")) for rows in (5.0, [6.0, 7.0])] == [[], []]


def test_series_of_other_lengths_and_order():
    long, short = days(0, 60, unique_id="long"), days(40, 60, unique_id="short")
    start = Origin.of(read(pd.concat([long, short])))
    new = [with_values(days(30, 61, unique_id="short"), d45=3.0), with_values(days(0, 61, unique_id="long"), d2=4.0)]
    taken = start.take(pd.concat(new), "error")
    assert [(start.ids[s], old, value) for s, _, old, value, _ in taken.revisions.first(9)] == [
        ("long", Y[2], 4.0),
        ("short", Y[45], 3.0),
    ]


def test_a_value_that_was_filled_in_is_revised_when_its_row_comes_and_is_none_as_long_as_it_does_not():
    gap = days(0, 60).drop(30)
    start = Origin.of(read(gap))
    assert found(start.take(pd.concat([gap, days(60, 61)]), "error")) == []
    ((when, old, new),) = found(start.take(days(0, 61), "error"))
    assert (when, np.isnan(old), new) == ("2023-01-31", True, Y[30])


def test_a_period_at_the_beginning_of_a_table_may_be_partial():
    start = Origin.of(read(days(0, 60), every="week", aggregate="sum"))
    assert found(start.take(days(20, 70), "error")) == []
    told = start.take(with_values(days(20, 70), d40=500.0), "error")
    assert len(found(told)) == 1
    fitted = last_value().fit(read(days(0, 60), every="week", aggregate="sum")).update(days(56, 70))
    with pytest.warns(RevisionWarning, match="periods may lack rows"):
        fitted.update(with_values(days(20, 80), d60=500.0))


def test_refused_by_name_and_a_wrong_rule():
    start = Origin.of(read(days(0, 60)))
    late = with_values(days(0, 61), d3=1.0, d4=2.0, d5=3.0, d6=4.0, d7=5.0)
    with pytest.raises(DataError, match=r"got 5 rows seen before with another value \(2023-01-04: .* and 2 more\)"):
        start.take(late, "error", "refuse")
    assert start.take(days(0, 61), "error", "refuse").passed == 60
    with pytest.raises(ParameterError, match="revisions must be one of"):
        start.take(late, "error", "drop")


def test_an_origin_of_an_older_version_passes_them_over():
    start = replace(Origin.of(read(days(0, 60))), memory=None)
    taken = start.take(with_values(days(0, 61), d20=1.0), "error")
    assert found(taken) == []
    late = taken.origin.take(with_values(days(0, 62), d20=2.0, d60=3.0), "error")
    assert found(late) == [("2023-03-02", Y[60], 3.0)]


def test_with_covariates_the_steps_since_are_gone_over_with_theirs():
    rng = np.random.default_rng(1)
    promo, heat = (rng.random(400) < 0.3).astype(float), rng.normal(20, 4, 400)
    whole = days(0, 400, promo=promo, heat=heat)
    whole["y"] += 30 * promo + heat
    panel = pd.concat([whole.assign(unique_id="a"), whole.assign(unique_id="b", y=whole.y * 2)], ignore_index=True)

    def until(day: int, frame: pd.DataFrame = panel) -> pd.DataFrame:
        return frame[frame.ds < pd.Timestamp("2023-01-01") + pd.Timedelta(days=day)]

    fitted = sc.auto(epochs=10, members=2, horizon=2).fit(read(until(60), known="promo", past="heat"))
    at = fitted
    for day in (61, 64, 150, 290, 300):
        at = at.update(until(day))
    late = panel.copy()
    late.loc[(late.ds > "2023-09-20") & (late.unique_id == "a"), "y"] += 50.0
    with pytest.warns(RevisionWarning, match="taken in, as if"):
        corrected = at.update(until(310, late))
    straight, future = fitted.update(until(310, late)), panel[panel.ds.between("2023-11-07", "2023-11-08")]
    future = future.drop(columns=["y", "heat"])
    assert_allclose(corrected.forecast(2, future=future).mean, straight.forecast(2, future=future).mean, rtol=1e-6)


def test_how_large_they_are():
    fitted = last_value().fit(days(0, 60)).update(days(60, 70))
    assert fitted.watch.health().revised.count == 0
    with pytest.warns(RevisionWarning):
        after = fitted.update(with_values(days(0, 71), d10=Y[10] * 1.1, d65=Y[65] * 0.5, d66=Y[66] * 1.2))
    revised = after.watch.health().revised
    assert revised.count == 3
    assert (revised.median, revised.largest) == pytest.approx((0.2, 0.5))
    assert after.update(days(71, 72)).watch.health().revised.count == 3
    assert after.update(days(71, 72)).track.revisions is None
    assert after.track.exact == 2
