"""Points and commas that could be decimal marks or stand between thousands."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from statecast.errors import DataError, ParameterError
from statecast.series import Origin, Settled, read


def write(path: Path, cells: list[str], delimiter: str = ";", extra: str = "") -> Path:
    more = (f"{delimiter}other", f"{delimiter}{extra}") if extra else ("", "")
    rows = "".join(f"2023-{m:02}-01{delimiter}{cell}{more[1]}\n" for m, cell in enumerate(cells, 1))
    path.write_text(f"month{delimiter}sales{more[0]}\n{rows}", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["950", "1.020", "1.234", "987"], [950, 1020, 1234, 987]),
        (["950", "1,020", "1,234", "987"], [950, 1020, 1234, 987]),  # English, exported with semicolons
        (["-950", "1.021", "-1.234", "n/a", "987"], [-950, 1021, -1234, -123.5, 987]),
        (["20", "1.020", "35", "1.500", "90"], [20, 1020, 35, 1500, 90]),
        (["1", "1.125", "2.375", "3"], [1, 1.125, 2.375, 3]),
        (["0.950", "1.020", "1.234"], [0.95, 1.02, 1.234]),
        (["1.359", "1.402", "1.299", "0.998"], [1.359, 1.402, 1.299, 0.998]),
        (["1500.125", "1.359", "2.125"], [1500.125, 1.359, 2.125]),
        (["1.5", "1.359", "2.125"], [1.5, 1.359, 2.125]),
        (["1500", "500.125", "1.200"], [1500, 500.125, 1.2]),
        (["950", "1.020", "1.234.567"], [950, 1020, 1234567]),
    ],
)
def test_the_column_decides_what_a_mark_with_three_digits_behind_it_is(tmp_path, cells, expected):
    assert read(write(tmp_path / "sales.csv", cells)).values.tolist() == expected


def test_other_columns_decide_where_the_column_does_not(tmp_path):
    cells = ["1.950", "1.020", "1.234"]
    panel = read(write(tmp_path / "comma.csv", cells, extra="3,5"), target="sales")
    assert panel.values.tolist() == [1950, 1020, 1234]
    panel = read(write(tmp_path / "point.csv", cells, extra="3.5"), target="sales")
    assert panel.values.tolist() == [1.95, 1.02, 1.234]


def test_what_stays_in_doubt_is_asked_with_both_readings(tmp_path):
    path = write(tmp_path / "sales.csv", ["1.950", "1.020", "1.234"])
    with pytest.raises(DataError, match=r"row 2: '1\.950' can be 1950 or 1\.95, .* --decimal , .* --decimal \. "):
        read(path)
    assert read(path, decimal=",").values.tolist() == [1950, 1020, 1234]
    assert read(path, decimal=".").values.tolist() == [1.95, 1.02, 1.234]


def test_where_commas_separate_columns_a_point_is_decimal_and_this_is_said(tmp_path):
    panel = read(write(tmp_path / "fuel.csv", ["1.359", "1.402", "1.299"], ","))
    assert panel.values.tolist() == [1.359, 1.402, 1.299]
    assert any(note.startswith("Numbers such as 1.359 were read with a decimal point") for note in panel.notes)
    plain = read(write(tmp_path / "plain.csv", ["1.359", "1.402", "0.999"], ","))
    assert not any("decimal" in note for note in plain.notes)


def test_a_mark_that_is_given_holds_for_every_cell(tmp_path):
    path = write(tmp_path / "sales.csv", ["1.950", "1.5", "1.234"])
    with pytest.raises(DataError, match=r"row 3: '1\.5' is not a number, with a decimal comma"):
        read(path, decimal=",")
    with pytest.raises(ParameterError, match="decimal"):
        read(path, decimal=";")


def test_new_rows_are_read_with_the_same_mark(tmp_path):
    panel = read(write(tmp_path / "sales.csv", ["950", "1.020", "1.234", "987"]))
    assert panel.columns.decimal == ","
    later = tmp_path / "later.csv"
    later.write_text("month;sales\n2023-05-01;1.100\n2023-06-01;1.300\n", encoding="utf-8")
    assert Origin.of(panel).take(later).values.tolist() == [[1100, 1300]]


def test_covariates_follow_the_mark_of_the_target_in_doubt_alone(tmp_path):
    path = tmp_path / "sales.csv"
    rows = "2023-01-01;950;12.5\n2023-02-01;1.020;13.25\n2023-03-01;1.234;14.0\n"
    path.write_text("month;sales;warmth\n" + rows, encoding="utf-8")
    panel = read(path, target="sales", past="warmth")
    assert panel.values.tolist() == [950, 1020, 1234]
    assert panel.covariates.past_values.ravel().tolist() == [12.5, 13.25, 14.0]


def test_what_is_settled_on_some_rows_holds_for_the_others() -> None:
    cells = ["950", "1.020", "1.234", "987"]
    frame = pd.DataFrame({"unique_id": "a", "ds": pd.date_range("2024-01-01", periods=4), "y": cells})
    later = pd.DataFrame({"unique_id": "b", "ds": pd.date_range("2024-01-01", periods=2), "y": ["1.100", "1.300"]})
    (panel,) = Settled.on(frame).parts(later)
    assert panel.values.tolist() == [1100, 1300]
