"""Reading good input: formats of files, dates and numbers; frames and arrays; roles; notes."""

import bz2
import gzip
import io
import lzma
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statecast.series import Columns, Panel, Roles, load, problems, read

SALES = "Month,Sales\n1991-01-01,266.0\n1991-02-01,145.9\n1991-03-01,183.1\n"
VALUES = [266.0, 145.9, 183.1]
MONTHS = np.array(["1991-01", "1991-02", "1991-03"], dtype="datetime64[M]").astype("datetime64[us]")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Return a function that writes a file and returns its path."""

    def write(content: str | bytes, name: str = "sales.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def sales_frame() -> pd.DataFrame:
    return pd.DataFrame({"Month": MONTHS, "Sales": VALUES})


def check_sales(panel: Panel) -> None:
    """Check that a panel is the three months of sales."""
    assert panel.values.dtype == np.float64
    assert panel.times.dtype == np.dtype("datetime64[us]")
    np.testing.assert_array_equal(panel.values, VALUES)
    np.testing.assert_array_equal(panel.times, MONTHS)
    np.testing.assert_array_equal(panel.offsets, [0, 3])
    assert panel.frequency.alias == "MS"


# Files


def test_csv_and_what_is_said(write: Callable[..., Path]) -> None:
    panel = read(write(SALES))
    check_sales(panel)
    assert panel.ids == ("Sales",)
    assert panel.columns == Columns(target="Sales", time="Month")
    assert panel.notes == (
        "Read 3 rows: time column 'Month' (YYYY-MM-DD), target column 'Sales', comma-separated.",
        "Monthly, season of 12.",
    )


def test_path_as_str(write: Callable[..., Path]) -> None:
    check_sales(read(str(write(SALES))))


@pytest.mark.parametrize(
    ("delimiter", "word"),
    [(";", "semicolon"), ("\t", "tab"), ("|", "bar"), (",", "comma"), (", ", "comma")],
)
def test_delimiters(write: Callable[..., Path], delimiter: str, word: str) -> None:
    panel = read(write(SALES.replace(",", delimiter)))
    check_sales(panel)
    assert f"{word}-separated" in panel.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(write: Callable[..., Path], encoding: str) -> None:
    text = SALES.replace("Sales", "Erlös")
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    panel = read(write((mark + text).encode(encoding)))
    check_sales(panel)
    assert panel.columns.target == "Erlös"


def test_windows_encoding_is_said(write: Callable[..., Path]) -> None:
    panel = read(write(SALES.replace("Sales", "Erlös in €").encode("cp1252")))
    assert panel.columns.target == "Erlös in €"
    assert "The text is not UTF-8 and was read as Windows-1252." in panel.notes


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n\n"])
def test_line_ends(write: Callable[..., Path], newline: str) -> None:
    check_sales(read(write(SALES.replace("\n", newline))))


def test_no_line_end_at_the_end(write: Callable[..., Path]) -> None:
    check_sales(read(write(SALES.rstrip())))


def test_blank_rows_and_delimiters_at_the_end(write: Callable[..., Path]) -> None:
    check_sales(read(write("\n" + SALES.replace("\n", ",\n") + " , ,\n\n")))
    check_sales(read(write(SALES.replace("145.9\n", "145.9,\n"))))
    check_sales(read(write(SALES.replace("145.9\n", "145.9\n,\n"))))


def test_quotes(write: Callable[..., Path]) -> None:
    panel = read(write(SALES.replace("Month,Sales", '"Month","Sales, net"').replace("266.0", '"266.0"')))
    check_sales(panel)
    assert panel.columns.target == "Sales, net"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compression_whatever_the_name(write: Callable[..., Path], pack: Callable[[bytes], bytes]) -> None:
    check_sales(read(write(pack(SALES.encode()), "sales.dat")))


def test_zstandard(tmp_path: Path) -> None:
    with pa.CompressedOutputStream(str(tmp_path / "sales.csv.zst"), "zstd") as stream:
        stream.write(SALES.encode())
    check_sales(read(tmp_path / "sales.csv.zst"))


def test_zip_of_one_file(write: Callable[..., Path]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner/sales.csv", SALES)
    check_sales(read(write(packed.getvalue(), "sales.zip")))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(gzip.compress(SALES.encode()))))
    check_sales(read("-"))


def test_parquet(tmp_path: Path) -> None:
    sales_frame().to_parquet(tmp_path / "sales.dat")
    panel = read(tmp_path / "sales.dat")
    check_sales(panel)
    assert panel.notes[0].endswith("target column 'Sales', Parquet.")


def test_parquet_with_dates_as_date32_and_text(tmp_path: Path) -> None:
    days = pa.array(MONTHS.astype("datetime64[D]"))
    pq.write_table(pa.table({"Month": days, "Sales": VALUES}), tmp_path / "a.parquet")
    check_sales(read(tmp_path / "a.parquet"))
    pq.write_table(pa.table({"Month": ["1991-01", "1991-02", "1991-03"], "Sales": VALUES}), tmp_path / "b.parquet")
    check_sales(read(tmp_path / "b.parquet"))


def test_folder_of_parquet(tmp_path: Path) -> None:
    frame = sales_frame()
    (tmp_path / "part").mkdir()
    frame[:1].to_parquet(tmp_path / "part" / "0.parquet")
    frame[1:].to_parquet(tmp_path / "part" / "1.parquet")
    (tmp_path / "_SUCCESS").touch()
    panel = read(tmp_path)
    check_sales(panel)
    assert "2 Parquet files" in panel.notes[0]


def test_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("empty")
    sheet = book.active
    sheet.append([])  # rows above and columns beside the data may be blank
    for month, value in [("Month", "Sales"), *zip(MONTHS.tolist(), VALUES, strict=True)]:
        sheet.append([None, month, value])
    book.save(tmp_path / "sales.xlsx")
    panel = read(tmp_path / "sales.xlsx")
    check_sales(panel)
    assert "Excel, sheet 'Sheet'" in panel.notes[0]
    assert load(tmp_path / "sales.xlsx").rows.tolist() == [3, 4, 5]


def test_excel_sheet_by_name(tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "sales.xlsx") as book:
        sales_frame().assign(Sales=[1, 2, 3]).to_excel(book, sheet_name="2023", index=False)
        sales_frame().to_excel(book, sheet_name="2024", index=False)
    check_sales(read(tmp_path / "sales.xlsx", sheet="2024"))


def test_excel_with_dates_as_text(tmp_path: Path) -> None:
    sales_frame().assign(Month=["Jan 1991", "Feb 1991", "Mar 1991"]).to_excel(tmp_path / "a.xlsx", index=False)
    check_sales(read(tmp_path / "a.xlsx"))


# Dates


@pytest.mark.parametrize(
    ("cells", "label"),
    [
        ("1991-01-01 1991-02-01 1991-03-01", "YYYY-MM-DD"),
        ("1991-1-1 1991-2-1 1991-3-1", "YYYY-MM-DD"),
        ("1991-01 1991-02 1991-03", "YYYY-MM"),
        ("1991/01/01 1991/02/01 1991/03/01", "YYYY/MM/DD"),
        ("1991/01 1991/02 1991/03", "YYYY/MM"),
        ("01.01.1991 01.02.1991 01.03.1991", "DD.MM.YYYY"),
        ("1.1.91 1.2.91 1.3.91", "DD.MM.YYYY"),
        ("01/1991 02/1991 03/1991", "MM/YYYY"),
        ("Jan_1991 Feb_1991 Mar_1991", "Mon YYYY"),
        ("January_1991 February_1991 March_1991", "Mon YYYY"),
        ("Jan-91 Feb-91 Mar-91", "Mon YYYY"),
        ("1991_JAN 1991_FEB 1991_MAR", "YYYY Mon"),
        ("1_Jan_1991 1_Feb_1991 1_Mar_1991", "DD Mon YYYY"),
        ("01-Jan-1991 01-Feb-1991 01-Mar-1991", "DD Mon YYYY"),
        ("January_1,_1991 February_1,_1991 March_1,_1991", "Mon DD, YYYY"),
        ("1991M01 1991M02 1991M03", "YYYYMM"),
        ("199101 199102 199103", "YYYYMM"),
        ("19910101 19910201 19910301", "YYYYMMDD"),
    ],
)
def test_months(write: Callable[..., Path], cells: str, label: str) -> None:
    rows = zip(cells.split(), VALUES, strict=True)
    text = "Month;Sales\n" + "".join(f"{cell.replace('_', ' ')};{value}\n" for cell, value in rows)
    panel = read(write(text))
    check_sales(panel)
    assert f"'Month' ({label})" in panel.notes[0]


@pytest.mark.parametrize("cells", ["1991Q1 1991Q2 1991Q3", "1991-Q1 1991-Q2 1991-Q3", "Q1/1991 Q2/1991 Q3/1991"])
def test_quarters(write: Callable[..., Path], cells: str) -> None:
    panel = read(write("quarter,y\n" + "".join(f"{cell},1\n" for cell in cells.split())))
    assert panel.frequency.alias == "QS"
    assert panel.times[1] == np.datetime64("1991-04-01")


def test_years(write: Callable[..., Path]) -> None:
    panel = read(write("Sales,Year\n1201,1991\n1202,1992\n1203,1993\n"))
    assert (panel.columns.time, panel.columns.target) == ("Year", "Sales")
    assert panel.frequency.alias == "YS"
    assert panel.times[0] == np.datetime64("1991-01-01")


@pytest.mark.parametrize(
    ("form", "alias"),
    [
        ("%Y-%m-%dT%H:%M:%S", "YYYY-MM-DD HH:MM:SS"),
        ("%Y-%m-%d %H:%M", "YYYY-MM-DD HH:MM"),
        ("%Y-%m-%d %H:%M:%S.%f", "YYYY-MM-DD HH:MM:SS"),
        ("%d.%m.%Y %H:%M", "DD.MM.YYYY HH:MM"),
        ("%d/%m/%Y %H:%M:%S", "DD/MM/YYYY HH:MM:SS"),
        ("%m/%d/%Y %I:%M %p", "MM/DD/YYYY HH:MM"),
        ("%d %b %Y %H:%M", "DD Mon YYYY HH:MM"),
    ],
)
def test_times_of_day(write: Callable[..., Path], form: str, alias: str) -> None:
    stamps = pd.date_range("2024-02-27 22:30", periods=200, freq="30min")
    panel = read(write("t;y\n" + "".join(f"{stamp.strftime(form)};1\n" for stamp in stamps)))
    np.testing.assert_array_equal(panel.times, stamps.to_numpy().astype("datetime64[us]"))
    assert panel.frequency.alias == "30min"
    assert f"({alias})" in panel.notes[0]


@pytest.mark.parametrize(("form", "label"), [("%d/%m/%Y", "DD/MM/YYYY"), ("%m/%d/%Y", "MM/DD/YYYY")])
@pytest.mark.parametrize("freq", ["MS", "D", "W-SUN"])
def test_day_and_month_told_apart(write: Callable[..., Path], form: str, label: str, freq: str) -> None:
    stamps = pd.date_range("2023-01-01", periods=30, freq=freq)
    panel = read(write("t,y\n" + "".join(f"{stamp.strftime(form)},1\n" for stamp in stamps)))
    np.testing.assert_array_equal(panel.times, stamps.to_numpy().astype("datetime64[us]"))
    assert label in panel.notes[0]
    assert len(panel.notes) == 2


def test_day_comes_first_in_doubt_and_this_is_said(write: Callable[..., Path]) -> None:
    panel = read(write("t,y\n" + "".join(f"01/{month:02}/2024,1\n" for month in range(1, 13))))
    assert panel.frequency.alias == "MS"
    assert "Dates such as 01/01/2024 could be day first or month first; they were read day first." in panel.notes


def test_integer_time(write: Callable[..., Path]) -> None:
    panel = read(write("value,t\n22262,1\n21756,2\n22247,3\n"))
    np.testing.assert_array_equal(panel.times, [1, 2, 3])
    assert panel.times.dtype == np.int64
    assert panel.frequency.alias == "1"
    assert panel.notes[1] == "In steps of 1, no season known: --season gives one."


@pytest.mark.parametrize("alias", ["MS", "ME", "QS", "QE", "YS", "YE", "W-SUN", "D", "B", "h", "30min"])
def test_every_frequency(write: Callable[..., Path], alias: str) -> None:
    stamps = pd.date_range("2019-12-01", periods=25, freq=alias)
    panel = read(write(pd.DataFrame({"t": stamps, "y": range(25)}).to_csv(index=False)))
    assert panel.frequency.alias == alias
    np.testing.assert_array_equal(panel.times, stamps.to_numpy().astype("datetime64[us]"))


# Numbers


@pytest.mark.parametrize(
    ("cells", "delimiter", "values", "manner"),
    [
        ("266,0 145,9 183,1", ";", VALUES, " (decimal comma)"),
        ("1.266,5 145,9 -183,1", ";", [1266.5, 145.9, -183.1], " (decimal comma)"),
        ("1_266,5 145,9 12_345_678", ";", [1266.5, 145.9, 12345678], " (decimal comma)"),
        ("266,123 145,456 1,000", ";", [266.123, 145.456, 1.0], " (decimal comma)"),
        ('"266,0" "145,9" "183,1"', ",", VALUES, " (decimal comma)"),
        ("1,266.5 145.9 12,345,678", "\t", [1266.5, 145.9, 12345678], " (thousands separated)"),
        ('"1,266" "2,145" 900', ",", [1266, 2145, 900], " (thousands separated)"),
        ("1'266.5 145.9 183", ";", [1266.5, 145.9, 183], " (thousands separated)"),
        ("1.5e3 -2E-1 +.5", ",", [1500, -0.2, 0.5], ""),
        ("\N{MINUS SIGN}1.5 2 3", ",", [-1.5, 2, 3], ""),
        ("1.234 5.678 9.012", ";", [1.234, 5.678, 9.012], ""),
    ],
)
def test_manners_of_writing(
    write: Callable[..., Path], cells: str, delimiter: str, values: list[float], manner: str
) -> None:
    rows = zip(("1991-01", "1991-02", "1991-03"), cells.split(), strict=True)
    text = f"Month{delimiter}Sales\n" + "".join(f"{m}{delimiter}{c.replace('_', ' ')}\n" for m, c in rows)
    panel = read(write(text))
    np.testing.assert_array_equal(panel.values, values)
    assert f"target column 'Sales'{manner}, " in panel.notes[0]


@pytest.mark.parametrize("cell", ["", " ", "NA", "n/a", "NaN", "null", "None", "-", "?"])
def test_missing_values_are_nan_in_records(write: Callable[..., Path], cell: str) -> None:
    records = load(write(SALES.replace("145.9", cell)))
    np.testing.assert_array_equal(records.values, [266.0, np.nan, 183.1])


# Frames and arrays


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


# Roles


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
        st.floats(-1e100, 1e100).filter(lambda value: value == 0 or abs(value) > 1e-300),
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
