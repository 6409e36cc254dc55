"""Wrong input: exit code 2, one sentence that names the place and the cure, nothing written, no traceback."""

from __future__ import annotations

import os
import socket

import pytest

QUICK = ("--epochs", 5)
GOOD = [f"{1991 + k // 12}-{k % 12 + 1:02d}-01,{100 + k * 7 % 31}" for k in range(36)]


def with_row(row: int, text: str) -> str:
    """Return the good file with one data row replaced; its line in the file is row + 2."""
    rows = [*GOOD]
    rows[row] = text
    return "\n".join(["Month,Sales", *rows]) + "\n"


FILES = {
    "empty": ("", ["empty"]),
    "header alone": ("Month,Sales\n", ["rows"]),
    "binary": (bytes(range(256)) * 20, ["text"]),
    "no header": ("\n".join(GOOD) + "\n", ["header", "Month,Sales"]),
    "one column": ("Sales\n" + "".join(f"{k}\n" for k in range(36)), ["column"]),
    "text in the target": (with_row(9, "1991-10-01,many"), ["'Sales'", "row 11", "many"]),
    "several targets": (
        "Month,Sales,Cost\n" + "".join(f"{row},{k}.5\n" for k, row in enumerate(GOOD)),
        ["'Sales'", "'Cost'", "--target"],
    ),
    "duplicate": (with_row(9, "1991-09-01,5"), ["row 11", "1991-09-01"]),
    "impossible date": (with_row(9, "1991-02-30,5"), ["'Month'", "row 11", "1991-02-30"]),
    "mixed formats": (with_row(9, "01/10/1991,5"), ["'Month'", "row 11", "01/10/1991"]),
    "infinity": (with_row(9, "1991-10-01,inf"), ["'Sales'", "row 11", "inf"]),
    "missing value": (with_row(9, "1991-10-01,"), ["'Sales'", "row 11", "1991-10-01"]),
    "gap": ("\n".join(["Month,Sales", *GOOD[:9], *GOOD[10:]]) + "\n", ["'Month'", "row 10", "1991-10-01"]),
    "overflow": (with_row(9, "1991-10-01,1e300"), ["'Sales'", "row 11", "1e300"]),
    "too short": ("\n".join(["Month,Sales", *GOOD[:10]]) + "\n", ["12", "10"]),
}


@pytest.mark.parametrize("case", FILES.values(), ids=FILES.keys())
def test_files(statecast, tmp_path, case):
    content, words = case
    path = tmp_path / "sales.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    ran = statecast(
        "backtest", path, *QUICK, "--gaps", "refuse", "--out", tmp_path / "o.csv", "--plot", tmp_path / "p.png"
    )
    assert ran.code == 2, (ran.out, ran.err)
    assert ran.out == ""
    assert ran.err.startswith("Error: ")
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.err
    if case is not FILES["too short"]:
        assert "sales.csv" in ran.err
    assert os.listdir(tmp_path) == ["sales.csv"]


def test_missing_file_and_folder_without_parquet(statecast, tmp_path):
    ran = statecast("forecast", tmp_path / "none.csv")
    assert (ran.code, ran.out) == (2, "")
    assert "none.csv" in ran.err
    ran = statecast("forecast", tmp_path)
    assert ran.code == 2
    assert "Parquet" in ran.err


def test_unknown_column_lists_what_there_is(statecast, sales):
    ran = statecast("backtest", sales, "--target", "Salse")
    assert ran.code == 2
    assert "Salse" in ran.err
    assert "'Sales'" in ran.err


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999"])
@pytest.mark.parametrize("option", ["--horizon", "--epochs", "--units"])
@pytest.mark.parametrize("command", ["forecast", "backtest"])
def test_numbers_out_of_range(statecast, sales, command, option, number):
    ran = statecast(command, sales, option, number)
    assert ran.code == 2, ran.out
    assert option.strip("-") in ran.err
    assert number in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--recipe", "arima"), ["--recipe", "classic", "arima"]),
        (("--recipe", "classic", "--fill", "mean"), ["fill", "zero, drop", "mean"]),
        (("--lags", "2"), ["--lags", "no option of the recipe auto"]),
        (("--trust", "1.5"), ["trust", "1.5"]),
        (("--test", "36"), ["36"]),
        (("--test", "0"), ["test", "0"]),
        (("--refit", "0"), ["refit", "0"]),
        (("--refit", "13"), ["refit", "12", "13"]),
        (("--windows", "3"), ["3 x 12", "36", "--windows"]),
        (("--windows", "0"), ["windows", "0"]),
        (("--sliding", "-1"), ["sliding", "-1"]),
        (("--baselines", "mean"), ["baselines", "last_value, last_season, drift", "'mean'"]),
        (("--use", "worst"), ["--use", "network, best, combination", "worst"]),
        (("--use", "combination", "--weights", "mine"), ["--weights", "equal, inverse_error", "mine"]),
        (("--use", "best", "--weights", "inverse_error"), ["--weights", "--use combination", "--use best"]),
        (("--test", "3", "--horizon", "5"), ["horizon", "5"]),
        (("--threads", "0"), ["--threads", "0"]),
        (("--learning-rate", "nan"), ["learning_rate", "nan"]),
        (("--season", "0"), ["season", "0"]),
        (("--season", "12,x"), ["--season", "24,168", "12,x"]),
        (("--season", "12,12"), ["seasons", "differ"]),
        (("--gaps", "guess"), ["gaps", "linear, season, last, zero, refuse", "guess"]),
        (("--every", "sometimes"), ["sometimes"]),
        (("--every", "year", "--freq", "monthly"), ["every", "freq"]),
        (("--aggregate", "median"), ["aggregate", "sum, mean, last", "median"]),
        (("--time-zone", "Mars/Olympus"), ["Mars/Olympus", "Europe/Berlin"]),
        (("--wide", "--target", "Sales"), ["wide", "target"]),
        (("--freq", "sometimes"), ["sometimes"]),
        (("--json", "--quiet"), ["--json", "--quiet"]),
        (("--out", "x.docx"), ["--out", ".csv", ".parquet", ".json"]),
        (("--plot", "x.gif"), ["--plot", ".png", ".svg", ".pdf"]),
        (("--epochs", "many"), ["epochs"]),
        (("--nonsense",), ["nonsense"]),
    ],
)
def test_options(statecast, sales, tmp_path, monkeypatch, options, words):
    monkeypatch.chdir(tmp_path)
    ran = statecast("backtest", sales, *options)
    assert ran.code == 2, ran.out
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--engine", "flink"), ["engine", "dask, ray, spark", "flink"]),
        (("--address", "tcp://127.0.0.1:1"), ["address", "engine"]),
        (("--engine", "dask", "--address", "tcp://127.0.0.1:1"), ["statecast[dask]"]),
    ],
)
def test_clusters(statecast, sales, monkeypatch, options, words):
    monkeypatch.setattr("statecast.distributed._connect.find_spec", lambda name: None)
    ran = statecast("forecast", sales, *options)
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("engine", ["dask", "ray", "spark"])
def test_an_address_where_nobody_says_a_word(statecast, sales, tmp_path, monkeypatch, engine):
    monkeypatch.setattr("statecast.distributed._connect.find_spec", lambda name: name)
    monkeypatch.setattr("statecast.distributed._address.PATIENCE", 0.1)
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        scheme = "spark://" if engine == "spark" else ""
        ran = statecast("forecast", sales, "--engine", engine, "--address", scheme + address, "--out", "a.csv")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert f"{address} (no answer): start {engine} there" in ran.err
    assert ran.out == ""
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), ["--engine", "Copy it here"]),
        (("--engine", "dask"), ["--out FOLDER: expected one"]),
        (("--engine", "dask", "--out", "f", "--test", 3), ["a test takes rows on this machine"]),
        (("--engine", "dask", "--out", "f", "--threads", 0), ["--threads takes rows on this machine"]),
        (("--engine", "dask", "--out", "f", "--resume"), ["--resume takes rows on this machine"]),
        (("--engine", "dask", "--out", "s3://bucket/f"), ["s3:/bucket/f: expected a folder on a disk"]),
        (("--engine", "dask", "--out", "no/f"), ["no does not exist"]),
        (("--engine", "dask", "--out", "here"), ["here: expected a folder that is not there yet"]),
        (("--engine", "dask", "--out", "f", "--json", "--quiet"), ["--json and --quiet"]),
    ],
)
def test_a_file_at_an_address(statecast, tmp_path, monkeypatch, options, words):
    monkeypatch.setattr("statecast.distributed._connect.find_spec", lambda name: name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    ran = statecast("forecast", "s3://bucket/sales", *options)
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.err
    assert ran.out == ""
    assert os.listdir(tmp_path) == ["here"]


@pytest.mark.parametrize("option", ["--out", "--plot"])
def test_a_folder_that_does_not_exist_is_refused_before_training(statecast, sales, tmp_path, option):
    name = {"--out": "a.csv", "--plot": "a.png"}[option]
    ran = statecast("backtest", sales, "--epochs", 10_000_000, option, tmp_path / "no" / name)
    assert ran.code == 2
    assert "does not exist" in ran.err


def test_an_output_that_exists_stays_when_the_input_is_wrong(statecast, tmp_path):
    path, out = tmp_path / "sales.csv", tmp_path / "out.csv"
    path.write_text(with_row(9, "1991-10-01,many"))
    out.write_text("old")
    assert statecast("backtest", path, "--out", out).code == 2
    assert out.read_text() == "old"


def test_training_that_diverges_is_an_error_that_names_the_epoch(statecast, sales):
    ran = statecast("backtest", sales, "--recipe", "classic", "--difference", 0, "--learning-rate", 10, "--epochs", 5)
    assert ran.code in (0, 1)
    if ran.code == 1:
        assert "epoch" in ran.err
