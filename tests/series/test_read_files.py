"""Reading good files: text, compressed, Parquet, Excel, folders, standard input."""

import bz2
import gzip
import io
import lzma
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reference.sales import MONTHS, SALES, VALUES, check_sales, sales_frame
from statecast.series import Columns, load, read


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
