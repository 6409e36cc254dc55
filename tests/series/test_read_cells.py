"""Reading good cells: dates and numbers in every manner of writing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reference.sales import SALES, VALUES, check_sales
from statecast.series import load, read


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
        ("0.234 5.678 9.012", ";", [0.234, 5.678, 9.012], ""),
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
