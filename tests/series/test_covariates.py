"""Covariates: what a table holds beside the target, as numbers, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from statecast.errors import DataError, InputError, ParameterError
from statecast.series import Columns, Panel, Roles, load, problems, read

DAYS = pd.date_range("2024-03-01", periods=6)


def table(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"day": DAYS, "sales": [3.0, 1.0, 4.0, 1.0, 5.0, 9.0], **columns})


def refused(error: type[InputError], data: object, **roles: object) -> str:
    with pytest.raises(error) as caught:
        read(data, **{"gaps": "refuse", **roles})  # type: ignore[arg-type]
    return str(caught.value)


def test_numbers_stay_one_column_each_in_every_role():
    frame = table(heat=[1.5, 2, 3, 4, 5, 6], price=[7, 8, 9, 10, 11, 12], size=[250] * 6)
    panel = read(frame, past="heat", known=["price"], static=("size",))
    assert panel.columns == Columns("sales", "day", past=("heat",), known=("price",), static=("size",))
    seen = panel.covariates
    assert (seen.past, seen.known, seen.static) == (("heat",), ("price",), ("size",))
    assert seen.past_values.tolist() == [[1.5], [2], [3], [4], [5], [6]]
    assert seen.known_values.tolist() == [[7], [8], [9], [10], [11], [12]]
    assert seen.known_offsets.tolist() == [0, 6]
    assert seen.static_values.tolist() == [[250]]
    assert "past covariate 'heat', known covariate 'price', static covariate 'size'" in panel.notes[0]


def test_without_covariates_there_are_none():
    assert read(table()).covariates is None


def test_names_in_text_are_separated_by_commas_and_a_name_with_a_comma_is_one():
    frame = table(a=range(6), b=range(6))
    assert read(frame, past="a, b").covariates.past == ("a", "b")
    whole = frame.rename(columns={"a": "a,b"}).drop(columns="b")
    assert read(whole, past="a,b").covariates.past == ("a,b",)


def test_a_category_is_a_column_a_value_and_of_two_the_rarer_one():
    frame = table(
        sky=["sun", "rain", "sun", "snow", "sun", "sun"],
        promo=["no", "yes", "no", "no", "no", "yes"],
        open=[True, False, True, True, True, True],
    )
    seen = read(frame, known="sky,promo,open").covariates
    assert seen.known == ("sky=rain", "sky=snow", "sky=sun", "promo=yes", "open=False")
    assert seen.known_values[:, :3].tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1], [0, 0, 1]]
    assert seen.known_values[:, 3].tolist() == [0, 1, 0, 0, 0, 1]
    assert seen.known_values[:, 4].tolist() == [0, 1, 0, 0, 0, 0]


def test_of_two_values_as_frequent_the_later_in_the_alphabet_stays():
    assert read(table(promo=["no", "yes"] * 3), past="promo").covariates.past == ("promo=yes",)


@pytest.mark.parametrize("kind", ["category", "object", "string"])
def test_frames_declare_categories_in_many_ways(kind):
    frame = table(kind=pd.Series(list("abcabc")).astype(kind))
    assert read(frame, past="kind").covariates.past == ("kind=a", "kind=b", "kind=c")


def test_a_category_of_numbers_is_a_category_where_the_frame_says_so():
    frame = table(line=pd.Series([1, 2, 3, 1, 2, 3]))
    assert read(frame, past="line").covariates.past == ("line",)
    assert read(frame.astype({"line": "category"}), past="line").covariates.past == ("line=1", "line=2", "line=3")


def test_text_files_and_frames_are_read_alike(write):
    frame = table(heat=[1.5, 2, 3, 4, 5, 6], promo=["no", "yes", "no", "no", "none", "yes"])
    path = write(frame.to_csv(index=False))
    one, other = (read(data, past="heat", known="promo").covariates for data in (frame, path))
    assert one.names == other.names == ("heat", "promo=no", "promo=none", "promo=yes")
    assert_array_equal(one.past_values, other.past_values)
    assert_array_equal(one.known_values, other.known_values)


def test_covariates_follow_their_rows_when_these_are_sorted():
    frame = pd.concat([table(heat=range(6), size=k, shop=f"s{k}") for k in range(3)])
    shuffled = frame.sample(frac=1, random_state=3)
    order = shuffled["shop"].unique()
    panel = read(shuffled, id="shop", past="heat", static="size")
    assert panel.ids == tuple(order)
    assert panel.covariates.past_values[:, 0].tolist() == [0, 1, 2, 3, 4, 5] * 3
    assert panel.covariates.static_values[:, 0].tolist() == [int(name[1]) for name in order]


def test_the_target_is_found_among_the_columns_without_a_role():
    frame = table(heat=range(6), cost=range(6))
    assert read(frame, past="heat", known="cost").columns.target == "sales"
    field = frame.rename(columns={"day": "ds", "sales": "y"}).assign(unique_id="A")
    assert read(field, past="heat,cost").columns.id == "unique_id"


def test_the_field_names_are_known_beside_covariates():
    field = table(heat=range(6)).rename(columns={"day": "ds", "sales": "y"})
    both = pd.concat([field.assign(unique_id=name) for name in "AB"])
    assert read(both, past="heat").ids == ("A", "B")


# What is refused


def test_one_column_one_role():
    frame = table(heat=range(6))
    assert "one role, got past 'heat', known 'heat'" in refused(ParameterError, frame, past="heat", known="heat")
    assert "target 'sales', past 'sales'" in refused(ParameterError, frame, target="sales", past="sales")
    assert "time 'day', known 'day'" in refused(ParameterError, frame, time="day", known="day")
    assert "past 'heat', past 'heat'" in refused(ParameterError, frame, past="heat,heat")


def test_unknown_columns_are_named_with_their_option(write):
    text = refused(DataError, write(table(heat=range(6)).to_csv(index=False)), known="hat")
    assert "has no column 'hat' for --known. Did you mean 'heat'?" in text


@pytest.mark.parametrize("role", ["past", "known"])
@pytest.mark.parametrize("cells", [[1, 2, None, 4, None, 6], ["a", "b", None, "a", None, "c"]])
def test_blanks_beside_a_value_name_column_and_row(write, role, cells):
    path = write(table(heat=cells).to_csv(index=False))
    text = refused(DataError, path, **{role: "heat"})
    assert "sales.csv, column 'heat', row 4: the covariate of 2024-03-03 is missing (2 rows with blanks in all)" in text
    (problem,) = problems(load(path, Roles(**{role: "heat"}, gaps="refuse")))
    assert (problem.kind, problem.count, problem.index) == ("blank", 2, 2)


def test_bad_cells_name_column_and_row(write):
    path = write(table(heat=[1, 2, "warm", 4, 5, 6]).to_csv(index=False))
    assert "column 'heat', row 4: 'warm' is not a number" in refused(DataError, path, past="heat")
    assert "column 'heat', row 1: inf is infinite" in refused(DataError, table(heat=[1, np.inf] * 3), past="heat")
    assert "column 'on', row 0: '2024-03-01" in refused(DataError, table(on=DAYS), past="on")
    assert "column 'heat', row 0: the column is blank" in refused(DataError, table(heat=[""] * 6), past="heat")


def test_a_category_has_fifty_values_at_most():
    days = pd.date_range("2024-01-01", periods=51)
    frame = pd.DataFrame({"day": days, "y": range(51), "name": [f"n{k}" for k in range(51)]})
    assert "'name' of the frame holds text with 51 different values" in refused(DataError, frame, past="name")
    assert len(read(frame[:50], past="name").covariates.past) == 50


def test_a_static_covariate_does_not_change_within_a_series():
    frame = pd.concat([table(shop=name, size=size) for name, size in (("A", 1.0), ("B", 2.0))], ignore_index=True)
    assert read(frame, id="shop", static="size").covariates.static_values.tolist() == [[1], [2]]
    frame.loc[8, "size"] = 7
    text = refused(DataError, frame, id="shop", static="size")
    assert "column 'size', row 8: 7.0 is another value than in row 6 of the same series" in text
    frame.loc[8, "size"] = None  # a blank says nothing
    assert read(frame, id="shop", static="size").covariates.static_values.tolist() == [[1], [2]]
    frame.loc[6:, "size"] = None
    assert "column 'size', row 6: the static covariate is blank" in refused(DataError, frame, id="shop", static="size")


def test_two_columns_that_would_be_called_the_same():
    frame = table(a=list("bcdbcd"), **{"a=b": range(6)})
    assert "would be called 'a=b'" in refused(DataError, frame, past=["a", "a=b"])


def test_arrays_have_none():
    assert "no columns for past=" in refused(ParameterError, [1.0, 2.0], past="heat")
    assert "no column of dates for calendar=" in refused(ParameterError, [1.0, 2.0], calendar=True)


# Windows


def window_by_hand(panel: Panel, s: int, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    past = panel.covariates.past_values[panel.offsets[s] : panel.offsets[s + 1]][start:stop]
    known = panel.covariates.known_values[panel.covariates.known_offsets[s] : panel.covariates.known_offsets[s + 1]]
    return past, known[start:]


@given(
    sizes=st.lists(st.tuples(st.integers(1, 8), st.integers(0, 4)), min_size=1, max_size=4),
    start=st.integers(-9, 9),
    stop=st.integers(-9, 9),
)
def test_what_is_known_after_a_window_stays_known(sizes, start, stop):
    parts = []
    for s, (count, ahead) in enumerate(sizes):
        y = np.where(np.arange(count + ahead) < count, 1.0, np.nan)
        code = 100.0 * s + np.arange(count + ahead)
        days = pd.date_range("2024-01-01", periods=count + ahead)
        parts.append(pd.DataFrame({"unique_id": f"s{s}", "ds": days, "y": y, "past": code, "known": code + 0.5}))
    panel = read(pd.concat(parts), past="past", known="known", freq="D")
    assert panel.lengths.tolist() == [count for count, _ in sizes]
    window = panel.window(start, stop)
    for s, (count, _) in enumerate(sizes):
        first, last, _ = slice(start, stop).indices(count)
        past, known = window_by_hand(panel, s, first, last)
        at = window.covariates.known_offsets
        assert_array_equal(window.covariates.past_values[window.offsets[s] : window.offsets[s + 1]], past)
        assert_array_equal(window.covariates.known_values[at[s] : at[s + 1]], known)
