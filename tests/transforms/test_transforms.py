"""Laws that every transform keeps, and values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from statecast.errors import DataError, ParameterError
from statecast.series import Sequences
from statecast.transforms import Difference, Log, Pipeline, Scale, Season, Supervised

CLASSIC = Pipeline((Difference(1), Supervised(1), Scale()))
TRANSFORMS = {
    "difference": Difference(1),
    "seasonal difference": Difference(4),
    "scale": Scale(),
    "scale to 0..10": Scale(0, 10),
    "supervised": Supervised(2),
    "supervised, dropped": Supervised(2, "drop"),
    "classic": CLASSIC,
    "log": Log(),
    "season": Season(4),
    "season, of the last three": Season(4, 3),
    "log, season, difference": Pipeline((Log(), Season(3), Difference(1))),
    "two differences": Pipeline((Difference(1), Difference(4), Supervised(3), Scale())),
}
every = pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS.keys())


def sequences(*series: list[float] | np.ndarray) -> Sequences:
    lengths = [len(s) for s in series]
    return Sequences(np.concatenate([np.asarray(s, float) for s in series]), np.cumsum([0, *lengths]))


def ragged(seed: int = 0) -> Sequences:
    rng = np.random.default_rng(seed)
    return sequences(*(rng.normal(5, 20, n).cumsum() for n in (15, 16, 20)))


def head(whole: Sequences, drop: int) -> Sequences:
    """All but the last ``drop`` steps of every series."""
    return sequences(*(whole.values[a : b - drop] for a, b in zip(whole.offsets[:-1], whole.offsets[1:], strict=True)))


def target(applied: Sequences) -> np.ndarray:
    return applied.values if applied.values.ndim == 1 else applied.values[:, -1]


def last(applied: Sequences, steps: int) -> np.ndarray:
    return np.stack([target(applied)[end - steps : end] for end in applied.offsets[1:]])


@every
def test_invert_brings_the_steps_after_the_training_part_back(transform):
    whole, steps = ragged(), 4
    fitted = transform.fit(head(whole, steps))
    assert_allclose(fitted.invert(last(fitted.apply(whole), steps)), last(whole, steps), rtol=1e-10)


@every
def test_advance_gives_what_apply_gives_of_the_whole(transform):
    whole = ragged()
    fitted = transform.fit(head(whole, 3))
    expected = fitted.apply(whole)
    for step in range(3):
        new = np.array([whole.values[end - 3 + step] for end in whole.offsets[1:]])
        fitted, row = fitted.advance(new)
        rows = np.array([expected.values[end - 3 + step] for end in expected.offsets[1:]])
        assert_allclose(row, rows, rtol=1e-12, atol=1e-12)


@every
def test_standing_before_each_step_is_having_advanced_to_it(transform):
    whole = ragged()
    fitted = transform.fit(head(whole, 5))
    steps = last(whole, 5)
    standing = fitted.before_each(steps)
    for step in range(5):
        some = standing.select(np.arange(len(steps)) * 5 + step)
        for one, other in zip(some.advance(steps[:, step]), fitted.advance(steps[:, step]), strict=True):
            if isinstance(one, np.ndarray):
                assert_array_equal(one, other)
        assert_array_equal(some.invert(steps), fitted.invert(steps))
        for column in steps.T:  # each a forecast of the next step
            assert_array_equal(some.invert_next(steps)[:, :1], fitted.invert(steps[:, :1]))
            assert_array_equal(some.invert_next(column[:, np.newaxis]), fitted.invert(column[:, np.newaxis]))
        fitted, _ = fitted.advance(steps[:, step])


@every
def test_advancing_leaves_the_state_that_inverts_from_there(transform):
    whole = ragged()
    fitted = transform.fit(head(whole, 5))
    applied = fitted.apply(whole)
    for step in range(3):
        fitted, _ = fitted.advance(np.array([whole.values[end - 5 + step] for end in whole.offsets[1:]]))
    assert_allclose(fitted.invert(last(applied, 2)), last(whole, 2), rtol=1e-10)


@every
def test_causal(transform):
    whole = ragged()
    changed = Sequences(whole.values.copy(), whole.offsets)
    changed.values[whole.offsets[1:] - 1] += 1000
    fitted = transform.fit(head(whole, 1))
    before, after = fitted.apply(whole), fitted.apply(changed)
    earlier = np.ones(len(before.values), bool)
    earlier[before.offsets[1:] - 1] = False
    assert_array_equal(before.values[earlier], after.values[earlier])
    assert not np.array_equal(before.values, after.values)


@every
def test_a_series_does_not_see_its_neighbours(transform):
    whole = ragged()
    fitted = transform.fit(whole)
    together = fitted.apply(whole)
    for s, (a, b) in enumerate(zip(whole.offsets[:-1], whole.offsets[1:], strict=True)):
        one = sequences(whole.values[a:b])
        alone = transform.fit(one)
        assert_array_equal(alone.apply(one).values, together.values[together.offsets[s] : together.offsets[s + 1]])
        assert_array_equal(alone.invert(np.ones((1, 3)))[0], fitted.invert(np.ones((3, 3)))[s])


@every
def test_inputs_are_left_alone(transform):
    whole = ragged()
    copy = whole.values.copy()
    fitted = transform.fit(whole)
    forecasts, step = np.full((3, 2), 0.5), np.full(3, 7.0)
    fitted.apply(whole)
    fitted.invert(forecasts)
    again, _ = fitted.advance(step)
    assert_array_equal(whole.values, copy)
    assert_array_equal(forecasts, np.full((3, 2), 0.5))
    assert_array_equal(step, np.full(3, 7.0))
    assert_array_equal(fitted.invert(forecasts), transform.fit(whole).invert(forecasts))
    assert again is not None


@every
def test_repeat_stands_every_state_in_a_row(transform):
    fitted = transform.fit(ragged())
    forecasts = np.random.default_rng(1).normal(size=(3, 2))
    assert_array_equal(
        fitted.repeat(2).invert(np.repeat(forecasts, 2, axis=0)), np.repeat(fitted.invert(forecasts), 2, axis=0)
    )


def test_advance_with_nan_tells_the_inputs_of_the_next_row():
    whole = ragged()
    fitted = CLASSIC.fit(head(whole, 1))
    _, row = fitted.advance(np.full(3, np.nan))
    applied = fitted.apply(whole)
    assert_array_equal(row[:, :-1], applied.values[applied.offsets[1:] - 1, :-1])
    assert np.isnan(row[:, -1]).all()


def test_the_classic_rows_by_hand():
    # The first changes of the shampoo series: -120.1, 37.2, -63.8; the unknown first lag is 0.
    rows = CLASSIC.fit(sequences([266.0, 145.9, 183.1, 119.3])).apply(sequences([266.0, 145.9, 183.1, 119.3])).values
    x, y = np.array([0, -120.1, 37.2]), np.array([-120.1, 37.2, -63.8])
    assert_allclose(rows[:, 0], -1 + 2 * (x + 120.1) / (37.2 + 120.1))
    assert_allclose(rows[:, 1], -1 + 2 * (y + 120.1) / (37.2 + 120.1))


def test_supervised_by_hand():
    series = sequences([1, 2, 3, 4], [10, 20])
    zero = Supervised(2).fit(series).apply(series)
    assert zero.values.tolist() == [[0, 0, 1], [1, 0, 2], [2, 1, 3], [3, 2, 4], [0, 0, 10], [10, 0, 20]]
    assert zero.offsets.tolist() == [0, 4, 6]
    longer = sequences([1, 2, 3, 4], [10, 20, 30])
    dropped = Supervised(2, "drop").fit(longer).apply(longer)
    assert dropped.values.tolist() == [[2, 1, 3], [3, 2, 4], [20, 10, 30]]
    assert dropped.offsets.tolist() == [0, 2, 3]


def test_scale_columns_have_their_own_range_and_learn_from_the_training_part_alone():
    rows = Sequences(np.array([[0.0, 10.0], [5.0, 30.0], [10.0, 20.0]]), np.array([0, 3]))
    fitted = Scale().fit(rows)
    assert fitted.apply(rows).values.tolist() == [[-1, -1], [0, 1], [1, 0]]
    beyond = Sequences(np.array([[20.0, 50.0]]), np.array([0, 1]))
    assert fitted.apply(beyond).values.tolist() == [[3, 3]]


def test_a_constant_column_is_the_middle_and_comes_back_exactly():
    series = sequences([7.1] * 5)
    fitted = Scale().fit(series)
    assert fitted.apply(series).values.tolist() == [0.0] * 5
    assert fitted.invert(np.array([[0.3, -5.0]])).tolist() == [[7.1, 7.1]]


@pytest.mark.parametrize("size", [1e-90, 1e-9, 1.0, 1e15, 1e90])
def test_tiny_and_huge_series(size):
    whole = Sequences(ragged().values * size, ragged().offsets)
    fitted = CLASSIC.fit(head(whole, 2))
    applied = fitted.apply(whole)
    assert np.isfinite(applied.values).all()
    assert_allclose(fitted.invert(last(applied, 2)), last(whole, 2), rtol=1e-8)


finite = st.floats(-1e6, 1e6, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(finite, min_size=10, max_size=16), min_size=1, max_size=3),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(["zero", "drop"]),
)
def test_round_trip_of_any_series(series, lag, lags, fill):
    whole = sequences(*series)
    fitted = Pipeline((Difference(lag), Supervised(lags, fill), Scale())).fit(head(whole, 2))
    constant = fitted.steps[-1].minimum[:, -1] == fitted.steps[-1].maximum[:, -1]
    back = fitted.invert(last(fitted.apply(whole), 2))
    size = max(np.abs(whole.values).max(), 1)
    assert_allclose(back[~constant], last(whole, 2)[~constant], atol=1e-6 * size)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Difference(0), "lag must be a whole number from 1"),
        (lambda: Difference(1.5), "got 1.5"),
        (lambda: Supervised(0), "lags must be"),
        (lambda: Supervised(1, "mean"), "one of zero, drop"),
        (lambda: Scale(1, -1), "low < high"),
        (lambda: Scale(0, float("inf")), "high must be a finite number"),
    ],
)
def test_impossible_values_are_refused(make, message):
    with pytest.raises(ParameterError, match=message):
        make()


def test_too_short_series_are_refused():
    with pytest.raises(DataError, match="more than 3 observations, got one of 3"):
        Difference(3).fit(sequences([1, 2, 3], [1, 2, 3, 4]))
    with pytest.raises(DataError, match="at least 3 steps, got one of 2"):
        Supervised(2, "drop").fit(sequences([1, 2]))


def test_log_by_hand_and_what_has_none():
    positive, constant, signed = [1.0, np.e, np.e**2], [3.5, 3.5, 3.5], [1.0, -1.0, 2.0]
    fitted = Log().fit(sequences(positive, constant, signed))
    assert fitted.logged.tolist() == [True, False, False]
    assert_allclose(
        fitted.apply(sequences(positive, constant, signed)).values, [0, 1, 2, *constant, *signed], atol=1e-15
    )
    assert_allclose(fitted.invert(np.ones((3, 1)))[:, 0], [np.e, 1, 1])
    later = np.array([-2.0, -2.0, -2.0])
    assert_allclose(fitted.advance(later)[1], [np.log(0.5), -2, -2])  # half the smallest observation at least
    assert_allclose(fitted.repeat(2).advance(np.repeat(later, 2))[1][:2], np.log(0.5))


def test_the_last_seasons_are_found_as_if_there_were_no_others():
    rng = np.random.default_rng(4)
    early, late = (np.tile(shape, 9) + rng.normal(0, 0.1, 36) for shape in ([9.0, 1, 1, 1], [1.0, 1, 5, 1]))
    both, alone = sequences([*early, *late[:14]]), sequences(late[:14])
    indices = Season(4, 3).fit(both).invert(np.zeros((1, 8)))
    assert_array_equal(indices, Season(4).fit(alone).invert(np.zeros((1, 8))))
    assert abs(indices - Season(4).fit(both).invert(np.zeros((1, 8)))).max() > 2


def test_season_by_hand():
    wave = np.tile([3.0, -1.0, -2.0], 8) + 10
    fitted = Season(3).fit(sequences(wave[:23]))
    assert_allclose(fitted.indices, [[3, -1, -2]])
    assert fitted.phase.tolist() == [2]
    assert_allclose(fitted.invert(np.full((1, 4), 10.0)), [[8, 13, 9, 8]])


@pytest.mark.parametrize("values", [np.arange(40.0), np.full(40, 3.0), np.tile([1.0, 2.0, 3.0, 9.0], 2)[:7]])
def test_what_has_no_season_or_too_little_of_it_is_left(values):
    fitted = Season(4).fit(sequences(values))
    assert not fitted.seasonal.any()
    assert_array_equal(fitted.apply(sequences(values)).values, values)


def test_a_season_is_found_where_it_is_and_seldom_in_noise():
    noise = np.random.default_rng(5).normal(size=(1000, 60))
    assert 0.01 < Season(12).fit(sequences(*noise)).seasonal.mean() < 0.1
    waves = noise + 2 * np.sin(np.arange(60) * np.pi / 6)  # twice the variance of the noise
    assert Season(12).fit(sequences(*waves)).seasonal.mean() > 0.9
