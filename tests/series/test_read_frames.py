"""Reading frames and arrays, and what is which column."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.sales import MONTHS, SALES, VALUES, check_sales, sales_frame
from statecast.series import Columns, Roles, load, problems, read


def test_pandas() -> None:
    frame = sales_frame()
    before = frame.copy()
    panel = read(frame)
    check_sales(panel)
    assert panel.notes[0] == "Read 3 rows: time column 'Month', target column 'Sales'."
    pd.testing.assert_frame_equal(frame, before)


def test_pandas_with_time_as_index() -> None:
    frame = sales_frame().set_index("Month")
    check_sales(read(frame))
    check_sales(read(frame["Sales"]))
    check_sales(read(frame.rename_axis(None)))
    assert read(frame["Sales"].rename(None)).ids == ("y",)


@pytest.mark.parametrize("freq", ["M", "Q", "Y"])
def test_pandas_periods(freq: str) -> None:
    periods = pd.period_range("1991", periods=8, freq=freq)
    panel = read(pd.Series(range(8), index=periods))
    np.testing.assert_array_equal(panel.times, periods.to_timestamp().to_numpy().astype("datetime64[us]"))


def test_pandas_with_several_levels_of_index() -> None:
    levels = [["A", "B"], pd.date_range("1991-01-01", periods=3, freq="MS")]
    index = pd.MultiIndex.from_product(levels, names=["unique_id", "ds"])
    panel = read(pd.DataFrame({"y": range(6)}, index=index))
    assert panel.ids == ("A", "B")


@pytest.mark.parametrize(
    "kind", ["int64", "int32", "float32", "Int64", "Float64", "uint8", "object", "double[pyarrow]"]
)
def test_pandas_kinds_of_numbers(kind: str) -> None:
    panel = read(sales_frame().assign(Sales=pd.Series([1, 2, 3]).astype(kind)))
    np.testing.assert_array_equal(panel.values, [1.0, 2.0, 3.0])


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_pandas_units_of_time(unit: str) -> None:
    check_sales(read(sales_frame().assign(Month=MONTHS.astype(f"datetime64[{unit}]"))))


def test_pandas_python_dates_and_text() -> None:
    check_sales(read(sales_frame().assign(Month=[stamp.date() for stamp in MONTHS.tolist()])))
    check_sales(read(sales_frame().assign(Month=pd.Series(MONTHS.tolist(), dtype=object))))
    check_sales(read(sales_frame().assign(Month=["Jan 1991", "Feb 1991", "Mar 1991"])))
    check_sales(read(sales_frame().assign(Sales=["266.0", "145.9", "183.1"])))


def test_pandas_rows_are_counted_from_0() -> None:
    frame = sales_frame()[::-1]
    assert load(frame).rows.tolist() == [2, 1, 0]


def test_arrow() -> None:
    check_sales(read(pa.table({"Month": MONTHS, "Sales": VALUES})))


def test_polars() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"Month": MONTHS, "Sales": VALUES})
    check_sales(read(frame))
    check_sales(read(frame.lazy()))
    check_sales(read(frame.with_columns(pl.col("Month").cast(pl.Date))))
    np.testing.assert_array_equal(read(frame["Sales"]).values, VALUES)
    panel = read(frame.with_columns(unique_id=pl.lit("A").cast(pl.Categorical)), id="unique_id")
    assert panel.ids == ("A",)


@pytest.mark.parametrize(
    "data",
    [
        VALUES,
        tuple(VALUES),
        np.array(VALUES),
        np.array([VALUES]).T,
        pd.Series(VALUES),
        pa.chunked_array([VALUES]),
    ],
)
def test_arrays(data: object) -> None:
    panel = read(data)
    np.testing.assert_array_equal(panel.values, VALUES)
    np.testing.assert_array_equal(panel.times, [0, 1, 2])
    assert panel.columns == Columns(target="y")
    assert panel.frequency.alias == "1"
    assert panel.notes == ("Read 3 values.", "In steps of 1, no season known: season= gives one.")


def test_panel_is_returned_as_it_is() -> None:
    panel = read(VALUES)
    assert read(panel) is panel


def test_season_and_frequency_given(write: Callable[..., Path]) -> None:
    panel = read(write(SALES), freq="M", season=3)
    check_sales(panel)
    assert panel.frequency.season == 3
    assert panel.notes[1] == "Monthly, season of 3, as given."


def test_columns_given(write: Callable[..., Path]) -> None:
    text = "date,a,b,seen\n1991-01-01,1,2,2024-01-01\n1991-02-01,3,4,2024-01-02\n1991-03-01,5,6,2024-01-03\n"
    panel = read(write(text), target="b", time="seen")
    assert panel.columns == Columns(target="b", time="seen")
    assert panel.frequency.alias == "D"
    np.testing.assert_array_equal(read(write(text), target="b").values, [2, 4, 6])


def test_first_column_of_dates_is_time_wherever_it_stands(write: Callable[..., Path]) -> None:
    panel = read(write("Sales,note,Month\n1500,x1,1991-01\n1520,x2,1991-02\n1600,x3,1991-03\n"))
    assert panel.columns == Columns(target="Sales", time="Month")


def test_written_index_is_passed_over(write: Callable[..., Path]) -> None:
    panel = read(write(sales_frame().to_csv()))
    check_sales(panel)
    assert "The header has no name for 'column 1'." in panel.notes


def test_one_row_is_enough_with_a_frequency() -> None:
    assert read(sales_frame()[:1], freq="MS").values.tolist() == [266.0]


def test_many_series(write: Callable[..., Path]) -> None:
    text = "unique_id,ds,y\nB,1991-01,1\nA,1991-05,4\nB,1991-02,2\nA,1991-06,5\nB,1991-03,3\nC,1990-01,6\n"
    records = load(write(text))
    assert records.ids == ("B", "A", "C")
    assert records.offsets.tolist() == [0, 3, 5, 6]
    assert records.values.tolist() == [1, 2, 3, 4, 5, 6]
    assert records.rows.tolist() == [2, 4, 6, 3, 5, 7]
    assert records.columns == Columns(target="y", time="ds", id="unique_id")
    assert records.source.endswith("sales.csv")
    assert problems(records) == []
    assert len(records.notes) == 2  # series that take turns are not out of order
    assert read(write(text)).lengths.tolist() == [3, 2, 1]


def test_id_named() -> None:
    frame = pd.concat([sales_frame().assign(store=number) for number in (7, 5)])
    panel = read(frame, id="store")
    assert panel.ids == ("7", "5")
    assert panel.notes[0].startswith("Read 6 rows in 2 series: id column 'store', time column 'Month'")


def test_a_categorical_id_and_other_columns() -> None:
    frame = pd.concat([sales_frame().assign(store=name, split="train") for name in "BA"])
    assert read(frame.astype({"store": "category"}), id="store").ids == ("B", "A")


def test_integer_time_of_many_series() -> None:
    frame = pd.DataFrame({"unique_id": list("AAABB"), "ds": [1, 2, 3, 1, 2], "y": range(5)})
    panel = read(frame)
    np.testing.assert_array_equal(panel.times, [1, 2, 3, 1, 2])


def test_rows_out_of_order_are_sorted_and_this_is_said(write: Callable[..., Path]) -> None:
    header, *rows = SALES.splitlines(keepends=True)
    panel = read(write(header + rows[2] + rows[0] + rows[1]))
    check_sales(panel)
    assert panel.notes[-1] == "Rows were out of time order and were sorted."


def test_sorting_is_stable() -> None:
    records = load(pd.DataFrame({"ds": ["1991-02", "1991-01", "1991-01", "1991-03"], "y": [1, 2, 3, 4]}), Roles())
    assert records.values.tolist() == [2, 3, 1, 4]


CALENDARS = st.sampled_from(
    ["MS", "ME", "QS", "QE", "QS-FEB", "YS", "YE-JUN", "W-SUN", "2W-WED", "D", "B", "h", "30min", "6h"]
)


@settings(max_examples=60, deadline=None)
@given(
    alias=CALENDARS,
    start=st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda start: start.replace(microsecond=0)),
    values=st.lists(
        st.floats(-1e100, 1e100).filter(lambda value: value == 0 or abs(value) > 1e-100),
        min_size=11,
        max_size=60,
    ),
    delimiter=st.sampled_from([",", ";", "\t"]),
    reverse=st.booleans(),
)
def test_any_regular_series_comes_back(
    *,
    alias: str,
    start: datetime,
    values: list[float],
    delimiter: str,
    reverse: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    stamps = pd.date_range(start, periods=len(values), freq=alias, unit="us")
    frame = pd.DataFrame({"when": stamps, "what": values})
    path = tmp_path_factory.mktemp("laws") / "series.csv"
    (frame[::-1] if reverse else frame).to_csv(path, index=False, sep=delimiter)
    panel = read(path)
    np.testing.assert_array_equal(panel.values, values)
    np.testing.assert_array_equal(panel.times, stamps.to_numpy().astype("datetime64[us]"))
    assert panel.frequency.alias == alias


def test_import_costs_numpy_only() -> None:
    heavy = {"pandas", "pyarrow", "narwhals", "openpyxl"}
    code = f"import sys, statecast.series; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_text_is_read_without_pandas(write: Callable[..., Path]) -> None:
    code = "import sys, statecast.series; statecast.series.read(sys.argv[1]); print('pandas' in sys.modules)"
    command = [sys.executable, "-c", code, str(write(SALES))]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "False"


@pytest.mark.parametrize("names", [("unique_id", "ds", "y"), ("Unique_ID", "DS", "Y")])
def test_the_fields_names_are_known_among_other_columns(names: tuple[str, str, str]) -> None:
    unique_id, ds, y = names
    frame = pd.DataFrame(
        {"split": "train", "seen": MONTHS[0], "x": range(6), unique_id: list("bbbaaa"), ds: [1, 2, 3] * 2, y: range(6)}
    )
    panel = read(frame)
    assert panel.columns == Columns(target=y, time=ds, id=unique_id)
    assert panel.ids == ("b", "a")
    assert panel.notes[0].startswith(f"Read 6 rows in 2 series: id column {unique_id!r}, time column {ds!r}")
    assert panel.notes[-1] == "Columns 'split', 'seen', 'x' not used."


def test_options_go_before_the_fields_names() -> None:
    frame = pd.DataFrame({"unique_id": list("bbaa"), "ds": [1, 2] * 2, "y": range(4), "x": [5, 6, 7, 8], "shop": "s"})
    assert read(frame, target="x").values.tolist() == [5, 6, 7, 8]
    assert read(frame[:2], id="shop").columns == Columns(target="y", time="ds", id="shop")
    assert read(frame.drop(columns="y"), target="x").columns.id == "unique_id"
    assert read(frame, target="x", past="y").columns.past == ("y",)
    assert read(frame[:2], wide=True, time="ds").ids == ("y", "x")


def test_one_of_the_fields_names_alone_means_nothing() -> None:
    frame = pd.DataFrame({"unique_id": ["r1", "r2", "r3"], "Month": MONTHS, "Sales": VALUES})
    assert read(frame).columns.id is None


def test_exact_names_go_before_others_of_the_same_letters() -> None:
    frame = pd.DataFrame({"unique_id": ["a"] * 3, "ds": [1, 2, 3], "y": [1.0, 2.0, 3.0], "Y": [4.0, 5.0, 6.0]})
    assert read(frame).values.tolist() == [1, 2, 3]
    assert read(frame[["Y", "y", "ds", "unique_id"]]).values.tolist() == [1, 2, 3]
