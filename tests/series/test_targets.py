"""Several targets: each is a series, and all of them are past covariates of each."""

from __future__ import annotations

import pandas as pd
import pytest

from statecast.errors import DataError, ParameterError
from statecast.series import Origin, read

DAYS = pd.date_range("2024-03-01", periods=4)


def table(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"day": DAYS, "a": [1.0, 2, 3, 4], "b": [5.0, 6, 7, 8], "heat": [9.0, 8, 7, 6], **columns})


@pytest.mark.parametrize("target", ["a,b", ["a", "b"], ("a", "b")])
def test_every_target_is_a_series_and_sees_all(target):
    panel = read(table(), target=target, past="heat")
    assert panel.ids == ("a", "b")
    assert panel.columns.target == "a,b"
    assert panel.columns.past == ("heat",)
    assert panel.values.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert panel.covariates.past == ("a", "b", "heat")
    assert panel.covariates.past_values.tolist() == [[1, 5, 9], [2, 6, 8], [3, 7, 7], [4, 8, 6]] * 2
    assert "target columns 'a', 'b'" in panel.notes[0]


def test_with_an_id_column_they_are_named_after_both():
    frame = pd.concat([table(shop="x"), table(shop="y", a=[10.0, 20, 30, 40])])
    panel = read(frame.sort_values("day"), target="b,a", id="shop")
    assert panel.ids == ("x/b", "x/a", "y/b", "y/a")
    assert panel.values.reshape(4, 4)[3].tolist() == [10, 20, 30, 40]
    assert panel.covariates.past_values.reshape(4, 4, 2)[2, :, 1].tolist() == [10, 20, 30, 40]


def test_new_rows_are_taken_from_the_same_table():
    start = Origin.of(read(table()[:2], target="a,b", past="heat"))
    assert start.targets == ("a", "b")
    taken = start.take(table())
    assert taken.values.tolist() == [[3, 4], [7, 8]]
    assert taken.covariates.past_values.tolist() == [[3, 7, 7], [4, 8, 6]] * 2
    assert start.take([[3.0], [7.0]]).values.tolist() == [[3], [7]]


def test_a_name_with_a_comma_is_one_target():
    panel = read(table().rename(columns={"a": "a,b"}), target="a,b")
    assert panel.ids == ("a,b",)
    assert Origin.of(panel).targets == ("a,b",)
    with pytest.raises(ParameterError, match="cannot have commas in their names, got 'a,b'"):
        read(table().rename(columns={"a": "a,b"}), target=["a,b", "b"])


def test_what_is_wrong_is_named_by_its_own_target(write):
    frame = table(b=[5.0, None, 7, 8])
    with pytest.raises(DataError, match=r"sales.csv, column 'b', row 3: the value of 2024-03-02 is missing"):
        read(write(frame.to_csv(index=False)), target="a,b", gaps="refuse")
    with pytest.raises(DataError, match="column 'b', row 1: 'x' is not a number"):
        read(table(b=["5", "x", "7", "8"]), target="a,b")
    with pytest.raises(ParameterError, match="one role, got target 'a', target 'a'"):
        read(table(), target="a,a")
    with pytest.raises(DataError, match="no column 'c' for target="):
        read(table(), target="a,c")
