"""Reading bad input: each gets an error of the right class that says where, what, and what to do."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statecast.errors import DataError, FileError, InputError, ParameterError
from statecast.series import Roles, load, problems, read

HEAD = "Month,Sales\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], str]:
    """Return a function that writes sales.csv into the working directory and returns its name."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes, name: str = "sales.csv") -> str:
        Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return write


def message(error: type[InputError], data: object, **roles: object) -> str:
    """Return the message of the error that reading raises, gaps refused."""
    with pytest.raises(InputError) as caught:
        read(data, **{"gaps": "refuse", **roles})  # type: ignore[arg-type]
    assert type(caught.value) is error
    text = str(caught.value)
    assert "\n" not in text
    return text


def has(text: str, *parts: str) -> None:
    """Check that a message has all its parts, in this order."""
    assert re.search(".*".join(map(re.escape, parts)), text), text


# Each is the file, and the parts of the message: file, column, row, value, cure.
DATA = {
    "empty": ("", ["sales.csv is empty", "a header such as Month,Sales"]),
    "blank": (" \n\n", ["sales.csv is empty", "a header"]),
    "header alone": (HEAD, ["sales.csv has a header but no rows", "'Month', 'Sales'", "Add the data"]),
    "no header": (
        "1991-01-01,266.0\n1991-02-01,145.9\n",
        ["sales.csv has no header", "row 1", "1991-01-01, 266.0", "Add a first row", "Month,Sales"],
    ),
    "no header, integers": ("1,266.0\n2,145.9\n", ["has no header", "1, 266.0", "Add a first row"]),
    "no header, with ids": ("A,1991-01,266\nA,1991-02,145\n", ["has no header", "A, 1991-01, 266", "Add"]),
    "one column": ("Sales\n266\n145\n", ["sales.csv has one column, 'Sales'", "Separate the columns"]),
    "text in the target": (
        HEAD + "1991-01,266\n1991-02,many\n1991-03,3\n",
        ["sales.csv, column 'Sales', row 3: 'many' is not a number", "Write a number"],
    ),
    "blank rows are counted": (
        "\n" + HEAD + "1991-01,266\n\n1991-02,many\n",
        ["sales.csv, column 'Sales', row 5: 'many'"],
    ),
    "two manners of numbers": (
        "Month;Sales\n1991-01;1,5\n1991-02;2.5\n1991-03;3,5\n",
        ["sales.csv, column 'Sales', row 3: '2.5' is not a number"],
    ),
    "several targets": (
        "Month,Sales,Profit,place\n1991-01,1,2,x\n1991-02,1,2,y\n",
        ["sales.csv has several columns that could be the target", "'Sales', 'Profit'", "--target", "--wide"],
    ),
    "no numbers": (
        "Month,a,b\n1991-01,x,y\n1991-02,x,y\n",
        ["sales.csv has no column of numbers", "'Month', 'a', 'b'", "--target"],
    ),
    "no dates": (
        HEAD + "1-01,266\n1-02,145\n1-03,183\n",
        ["sales.csv has no column of dates", "column 'Month', row 2", "'1-01'", "1991-01-31", "--time"],
    ),
    "impossible date": (
        HEAD + "1991-01-30,1\n1991-02-30,2\n1991-03-30,3\n",
        ["sales.csv, column 'Month', row 3: '1991-02-30' is an impossible date", "Correct it"],
    ),
    "impossible time": (
        HEAD + "1991-01-01 23:00,1\n1991-01-01 24:30,2\n",
        ["sales.csv, column 'Month', row 3: '1991-01-01 24:30' is an impossible date"],
    ),
    "impossible day without separators": (
        "ds,y\n19910130,1\n19910131,2\n19910132,2\n",
        ["sales.csv, column 'ds', row 4: 19910132 is an impossible date"],
    ),
    "mixed formats": (
        HEAD + "1991-01-01,1\n1991-02-01,2\n01.03.1991,3\n",
        [
            "sales.csv, column 'Month', row 4: '01.03.1991' is written in another format",
            "YYYY-MM-DD",
            "Write all",
        ],
    ),
    "mixed separators": (
        HEAD + "1991-01-01,1\n1991/02/01,2\n1991-03-01,3\n",
        ["sales.csv, column 'Month', row 3: '1991/02/01' is written in another format", "YYYY-MM-DD"],
    ),
    "text among dates": (
        HEAD + "1991-01-01,1\n1991-02-01,2\nTotal,3\n",
        ["sales.csv, column 'Month', row 4: 'Total' is not a date", "Correct it"],
    ),
    "letter for a digit": (
        HEAD + "1991-01-01,1\n1991-O2-01,2\n1991-03-01,3\n",
        ["sales.csv, column 'Month', row 3: '1991-O2-01' is not a date", "Correct it"],
    ),
    "far down": (
        "t,y\n" + "".join(f"{t},1\n" for t in range(25_000)) + "25000,many\n",
        ["sales.csv, column 'y', row 25002: 'many' is not a number"],
    ),
    "blank date": (
        HEAD + "1991-01-01,1\n,2\n1991-03-01,3\n",
        ["sales.csv, column 'Month', row 3: the time stamp is missing", "Write it"],
    ),
    "offset further down": (
        HEAD + "1991-01-01 00:00,1\n1991-01-02 00:00+01:00,2\n",
        ["sales.csv, column 'Month', row 3: '1991-01-02 00:00+01:00' has a time zone", "others have none", "one way"],
    ),
    "no offset further down": (
        HEAD + "1991-01-01 00:00Z,1\n1991-01-02 00:00Z,2\n1991-01-03 00:00,2\n",
        ["sales.csv, column 'Month', row 4: '1991-01-03 00:00' has no time zone", "others have one"],
    ),
    "infinity": (
        HEAD + "1991-01,1\n1991-02,-inf\n1991-03,3\n",
        ["sales.csv, column 'Sales', row 3: -inf is infinite", "Correct it"],
    ),
    "overflow": (
        HEAD + "1991-01,1\n1991-02,1e300\n1991-03,3\n",
        ["sales.csv, column 'Sales', row 3: 1e300 is too large: its square overflows", "larger units"],
    ),
    "no number holds it": (
        HEAD + "1991-01,1\n1991-02,1e400\n",
        ["sales.csv, column 'Sales', row 3: 1e400 is infinite"],
    ),
    "duplicates": (
        HEAD + "1991-01,1\n1991-02,2\n1991-02,3\n1991-03,4\n1991-03,5\n",
        [
            "sales.csv, column 'Month', row 4: 1991-02-01 is already in row 3",
            "2 such rows",
            "Keep one",
            "--aggregate",
            "--id",
        ],
    ),
    "missing value": (
        HEAD + "1991-01,1\n1991-02,\n1991-03,NA\n1991-04,4\n",
        ["sales.csv, column 'Sales', row 3: the value of 1991-02-01 is missing", "2 missing values", "Write"],
    ),
    "missing first value": (
        HEAD + "1991-01,\n1991-02,2\n",
        ["row 2: the value of 1991-01-01 is missing", "removed"],
    ),
    "missing last value": (
        HEAD + "1991-01,1\n1991-02,\n",
        ["row 3: the value of 1991-02-01 is missing", "removed"],
    ),
    "gap": (
        HEAD + "1991-01,1\n1991-02,2\n1991-05,3\n1991-06,4\n1991-07,5\n1991-09,6\n",
        [
            "sales.csv, column 'Month', row 3: after 1991-02-01 the time stamp 1991-03-01 is missing",
            "3 missing stamps in all",
            "Add a row",
            "not monthly",
            "--freq",
        ],
    ),
    "gap in integer time": (
        "t,y\n1,5\n2,6\n3,7\n5,8\n6,9\n",
        ["column 't', row 4: after 3 the time stamp 4 is missing"],
    ),
    "irregular": (
        HEAD + "1991-01-01,1\n1991-02-01,2\n1991-03-07,3\n1991-04-01,4\n1991-05-01,4\n",
        ["sales.csv, column 'Month', row 4", "not regular", "1991-03-07", "monthly", "--freq"],
    ),
    "one row": (
        HEAD + "1991-01,1\n",
        ["sales.csv, column 'Month', row 2", "only one time stamp", "Add more rows"],
    ),
    "header twice": ("a,a\n1991-01,1\n", ["sales.csv has more than one column 'a'", "its own name"]),
    "too many cells": (
        HEAD + "1991-01,266,0\n1991-02,145,9\n",
        ["sales.csv, row 2: 3 cells where the header has 2", "1991-01, 266, 0", "quotation marks"],
    ),
    "too few cells": (
        HEAD + "1991-01,1\n1991-02\n",
        ["sales.csv, row 3: 1 cells where the header has 2", "Correct"],
    ),
    "open quotation mark": (
        HEAD + '1991-01,"1\n' + "1991-02,2\n" * 20_000,
        ["sales.csv, line", "quotation mark that is not closed"],
    ),
    "endless cell": (HEAD + "1991-01,1\n1991-02," + "x" * 9999, ["row 3: 'xxx", "...' is not a number"]),
}


@pytest.mark.parametrize(("content", "parts"), DATA.values(), ids=DATA.keys())
def test_contents(write: Callable[..., str], content: str, parts: list[str]) -> None:
    has(message(DataError, write(content)), *parts)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (bytes(range(256)) * 9, "neither text nor Parquet nor Excel"),
        (b"\x89PNG\r\n\x1a\n\x01\x02\x03 no nul in here", "neither text nor Parquet nor Excel"),
        (b"Month,Sales\n1991-01,\x81\x8d\n", "neither text nor Parquet nor Excel"),
        (b"\xff\xfeM\0o", "neither text nor Parquet nor Excel"),
        (b"PAR1 and then rubbish", "not a Parquet file"),
        (b"PK\x03\x04 and then rubbish", "zip file that cannot be read"),
        (b"\x1f\x8b\x08 and then rubbish", "damaged gzip file"),
        (b"BZh9 and then rubbish", "damaged bzip2 file"),
        (b"\xfd7zXZ\0 and then rubbish", "damaged xz file"),
        (b"\x28\xb5\x2f\xfd and then rubbish", "damaged zstd file"),
        (b"\xd0\xcf\x11\xe0 and so on", "old Excel file"),
    ],
)
def test_rubbish(write: Callable[..., str], content: bytes, word: str) -> None:
    has(message(FileError, write(content)), "sales.csv", word)


@pytest.mark.parametrize("name", ["nothing.csv", "no/such/folder/sales.csv", "a\0b", "x" * 5000])
def test_no_such_file(write: Callable[..., str], name: str) -> None:
    has(message(FileError, name), name, "cannot be read", "Check the path")


def test_folder_of_other_files(write: Callable[..., str]) -> None:
    has(message(FileError, "."), ". is a folder without Parquet files or CSV: it is empty", "Give a file")
    write("", "_SUCCESS")
    has(message(FileError, "."), "it is empty")
    write(HEAD, "sales.txt")
    has(message(FileError, "."), ". is a folder without Parquet files or CSV: it holds files such as sales.txt", "Give")


def test_folder_of_both_kinds(write: Callable[..., str]) -> None:
    write(HEAD + "1991-01,1\n")
    pq.write_table(pa.table({"Month": ["1991-01"], "Sales": [1.0]}), "a.parquet")
    has(message(FileError, "."), ". is a folder of both", "a.parquet and sales.csv", "Give a folder of one kind")


def test_folder_of_unlike_text(write: Callable[..., str]) -> None:
    write(HEAD + "1991-01,1\n", "a.csv")
    write("Month,Profit\n1991-02,1\n", "b.csv")
    has(message(DataError, "."), "files in . do not have the same columns: b.csv and a.csv", "'Profit'", "like files")
    write(HEAD.replace(",", ";") + "1991-02;1\n", "b.csv")
    has(message(DataError, "."), "not written alike: a.csv is comma-separated, b.csv is semicolon-separated")
    write(HEAD + "1991-02,1\n1991-03,many\n", "b.csv")
    has(message(DataError, "."), "column 'Sales', row 4: 'many'")


def test_folder_of_unlike_parquet(write: Callable[..., str]) -> None:
    pq.write_table(pa.table({"ds": [1, 2], "y": [1.0, 2.0]}), "a.parquet")
    pq.write_table(pa.table({"ds": pa.array(["x"]), "y": [1.0]}), "b.parquet")
    has(message(DataError, "."), "Parquet files in . do not have the same columns")


def test_unknown_column(write: Callable[..., str]) -> None:
    name = write(HEAD + "1991-01,1\n1991-02,2\n")
    expected = ["sales.csv has no column 'sale' for --target", "Did you mean 'Sales'?", "'Month', 'Sales'"]
    has(message(DataError, name, target="sale"), *expected)
    has(message(DataError, name, time="month"), "'month' for --time", "Did you mean 'Month'?")
    has(message(DataError, name, id="store"), "'store' for --id", "Its columns are 'Month', 'Sales'.")


def test_roles_that_cannot_be(write: Callable[..., str]) -> None:
    name = write(HEAD + "1991-01,1\n1991-02,2\n")
    has(
        message(ParameterError, name, target="Sales", time="Sales"),
        "one role",
        "target 'Sales', time 'Sales'",
    )
    has(message(ParameterError, name, sheet="2024"), "'2024'", "sales.csv is not an Excel workbook")
    has(message(ParameterError, name, freq="often"), "'often' is not known", "monthly")
    has(message(DataError, name, freq="ME"), "sales.csv, column 'Month', row 2", "'ME'", "Give --freq MS")
    has(message(DataError, name, target="Month"), "column 'Month', row 2: '1991-01' is a date, not a number")
    has(message(DataError, write("t,y\n1.5,1\n2.5,2\n"), time="t"), "column 't', row 2: '1.5' is not a date")


@pytest.mark.parametrize("season", [0, -1, 99999999999999999999, 1.5, "12", True])
def test_season(season: object) -> None:
    has(
        message(ParameterError, [1, 2, 3], season=season),
        "season must be a whole number from 1",
        repr(season),
    )


def test_excel(write: Callable[..., str]) -> None:
    book = openpyxl.Workbook()
    book.save("empty.xlsx")
    has(message(DataError, "empty.xlsx"), "empty.xlsx has no data on its sheets 'Sheet'")
    book.active.append(["Month", "Sales"])
    book.active.append(["1991-01", 1])
    book.active.append(["1991-02", "many"])
    book.create_sheet("second").append(["x", "y"])
    book.save("two.xlsx")
    blank = openpyxl.Workbook()
    for row in [("Month", "Sales"), ("1991-01", 1), ("1991-02", None), ("1991-03", 3)]:
        blank.active.append(row)
    blank.save("blank.xlsx")
    has(message(DataError, "blank.xlsx"), "column 'Sales', row 3: the value of 1991-02-01 is missing")
    has(message(DataError, "two.xlsx"), "two.xlsx has data on several sheets, 'Sheet', 'second'", "--sheet")
    has(message(DataError, "two.xlsx", sheet="third"), "two.xlsx has no sheet 'third'", "'Sheet', 'second'")
    has(
        message(DataError, "two.xlsx", sheet="Sheet"),
        "two.xlsx, column 'Sales', row 3: 'many' is not a number",
    )


def test_parquet_rows_are_counted_like_a_files(write: Callable[..., str]) -> None:
    months = pd.date_range("1991-01-01", periods=3, freq="MS")
    pd.DataFrame({"ds": months, "y": [1, np.inf, 3]}).to_parquet("sales.parquet")
    has(message(DataError, "sales.parquet"), "sales.parquet, column 'y', row 3: inf is infinite")


def test_series_are_named(write: Callable[..., str]) -> None:
    head = "unique_id,ds,y\nA,1991-01,1\nA,1991-02,2\nA,1991-03,3\n"
    text = message(DataError, write(head + "B,1991-01,4\nB,1991-03,5\n"))
    has(
        text,
        "sales.csv, series 'B', column 'ds', row 5: after 1991-01-01 the time stamp 1991-02-01 is missing",
    )
    text = message(DataError, write(head + "B,1991-01,4\nB,1991-01,5\n"))
    has(
        text,
        "series 'B', column 'ds', row 6: 1991-01-01 is already in row 5. Keep one row for each time stamp, put them "
        "together with --aggregate.",
    )
    text = message(DataError, write(head.replace("-0", "-01-0") + "B,1991-01-01 06:30,4\n"))
    has(text, "series 'B', column 'ds', row 5: 1991-01-01 06:30 is not on the grid of most series")
    has(
        message(DataError, write(head + ",1991-04,4\n")),
        "column 'unique_id', row 5",
        "series is missing",
        "Add it",
    )


def test_problems_name_the_first_and_count_all(write: Callable[..., str]) -> None:
    rows = "1991-01,1\n1991-02,2\n1991-02,3\n1991-03,\n1991-04,4\n1991-07,\n1991-08,6\n1991-09,7\n1991-11,8\n"
    records = load(write(HEAD + rows), Roles(gaps="refuse"))
    found = [(problem.kind, problem.count, problem.index) for problem in problems(records)]
    assert found == [("duplicate", 1, 2), ("missing", 2, 3), ("gap", 3, 4)]


def test_first_in_the_order_of_the_file(write: Callable[..., str]) -> None:
    rows = "1991-05,\n1991-04,4\n1991-03,3\n1991-02,2\n1991-01,\n"
    has(
        message(DataError, write(HEAD + rows)),
        "row 2: the value of 1991-05-01 is missing (2 missing values in all)",
    )


STEPS = st.lists(st.sampled_from([0, 1, 1, 1, 1, 1, 2, 4]), max_size=30)


@settings(max_examples=100, deadline=None)
@given(series=st.lists(STEPS, min_size=1, max_size=5), seed=st.integers(0, 1000))
def test_problems_are_those_of_a_slow_search(series: list[list[int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [(f"s{s}", int(t)) for s, steps in enumerate(series) for t in np.cumsum([s, *steps])]
    values = np.where(rng.random(len(rows)) < 0.1, np.nan, 1.0)
    order = rng.permutation(len(rows))
    frame = pd.DataFrame({"id": [rows[i][0] for i in order], "t": [rows[i][1] for i in order], "y": values[order]})
    counts = {"duplicate": 0, "missing": int(np.isnan(values).sum()), "gap": 0}
    for s, steps in enumerate(series):
        times = [t for name, t in rows if name == f"s{s}"]
        counts["duplicate"] += sum(step == 0 for step in steps)
        counts["gap"] += len(set(range(min(times), max(times))) - set(times))
    found = problems(load(frame, Roles(time="t", id="id", freq="1", gaps="refuse")))
    assert {problem.kind: problem.count for problem in found} == {k: n for k, n in counts.items() if n}


# Frames and arrays


def test_rows_are_counted_from_0_and_roles_are_keywords() -> None:
    months = pd.date_range("1991-01-01", periods=3, freq="MS")
    frame = pd.DataFrame({"ds": months, "y": [1, np.inf, 3]})
    has(message(DataError, frame), "the frame, column 'y', row 1: inf is infinite")
    has(message(DataError, frame.assign(z=1)), "the frame has several", "'y', 'z'", "target=")
    has(message(DataError, frame, target="Y"), "'Y' for target=", "Did you mean 'y'?")


def test_shape() -> None:
    has(message(DataError, pd.DataFrame()), "the frame has no columns")
    has(message(DataError, pd.DataFrame({"y": [1, 2]})), "the frame has one column, 'y'", "as an array")
    has(message(DataError, pd.DataFrame({"ds": [], "y": []})), "no rows", "'ds', 'y'")
    has(message(DataError, pd.DataFrame([[1, 2]], columns=["a", "a"])), "two columns of one name")


def test_time() -> None:
    months = pd.date_range("1991-01-01", periods=3, freq="MS")
    mixed = pd.Series([months[0], months[1].tz_localize("UTC"), months[2]], dtype=object)
    has(message(DataError, pd.DataFrame({"ds": mixed, "y": [1, 2, 3]})), "'ds', row 1", "has a time zone", "none")
    blank = pd.DataFrame({"ds": months.where([True, False, True]), "y": [1, 2, 3]})
    has(message(DataError, blank), "the frame, column 'ds', row 1: the time stamp is missing")
    broken = pd.DataFrame({"ds": [1.0, 1.5, 2.0], "y": [1, 2, 3]})
    has(
        message(DataError, broken, time="ds"),
        "column 'ds', row 1: 1.5 is neither a date nor a whole number",
    )
    has(message(DataError, blank, target="ds"), "column 'ds', row 0", "is a date, not a number")


def test_arrays() -> None:
    has(message(DataError, []), "the array is empty")
    has(message(DataError, [1, "many", 3]), "the array, row 1: expected a number, got 'many'")
    has(message(DataError, [1, None, 3]), "the array, column 'y', row 1", "missing")
    has(message(DataError, [1, np.inf]), "the array, column 'y', row 1: inf is infinite")
    has(message(DataError, np.ones((2, 2))), "one dimension, got 2", "a data frame")
    has(message(DataError, [1, 2], target="x"), "no column 'x' for target=")
    has(message(ParameterError, [1, 2], freq="MS"), "'MS' does not go with", "season")


@pytest.mark.parametrize("data", [None, 5, {"y": [1]}, b"Month"])
def test_something_else(data: object) -> None:
    has(
        message(DataError, data),
        "Expected a path, a data frame, a series or an array",
        type(data).__name__,
    )
