"""--report, as a user types it."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest

from statecast.cli._results import typed

QUICK = ("--epochs", 2, "--members", 2)
COMMANDS = {
    "forecast": QUICK,
    "backtest": (*QUICK, "--level", 80),
    "explain": (*QUICK, "--permutations", 0),
    "tune": ("--trials", 2, "--epochs", "1,2", "--members", 1),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_report_is_written_and_said_and_tells_how_to_make_it(statecast, sales, tmp_path, command):
    path = tmp_path / "a report.html"
    ran = statecast(command, sales, *COMMANDS[command], "--report", path)
    assert (ran.code, ran.err) == (0, "")
    assert f"Report written to {path}." in ran.out.replace("\n", " ")
    page = path.read_text(encoding="utf-8")
    words = " ".join(str(word) for word in (command, sales, *COMMANDS[command], "--report"))
    assert f"statecast {words} &#x27;{path}&#x27;" in page
    assert "Monthly, season of 12." in page
    assert "Recipe auto: " in page or command == "tune"
    verdict = {"forecast": "the network", "backtest": "network", "explain": "no covariates", "tune": "Tuning "}
    (told,) = re.findall(r'<p class="verdict">(.*?)</p>', page)
    assert verdict[command] in told
    assert [entry.name for entry in tmp_path.iterdir()] == ["a report.html"]


def test_it_comes_beside_a_document(statecast, sales, tmp_path):
    path = tmp_path / "a.html"
    plain = json.loads(statecast("forecast", sales, *QUICK, "--json").out)
    ran = statecast("forecast", sales, *QUICK, "--json", "--report", path)
    beside = json.loads(ran.out)
    assert {**plain, "seconds": None} == {**beside, "seconds": None}
    assert path.stat().st_size < 6e6


def test_twice_the_same_command_is_twice_the_same_page(statecast, sales, tmp_path):
    pages = []
    for _ in range(2):
        statecast("backtest", sales, *QUICK, "--quiet", "--report", tmp_path / "a.html")
        pages.append((tmp_path / "a.html").read_bytes())
    assert pages[0] == pages[1]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("name", "message"), [("a.txt", "expected a name that ends in .html, .htm."), ("no/a.html", "does not exist")]
)
def test_a_place_that_cannot_be_is_refused_before_anything_is_read(statecast, tmp_path, command, name, message):
    ran = statecast(command, tmp_path / "not read.csv", "--report", tmp_path / name)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert message in ran.err


def test_what_failed_and_what_was_not_tested_is_told(statecast, tmp_path):
    rows = [f"{shop},2024-01-{day:02d},{day % 3}" for shop, days in (("a", 30), ("b", 2)) for day in range(1, days + 1)]
    path, report = tmp_path / "shops.csv", tmp_path / "a.html"
    path.write_text("\n".join(["shop,ds,y", *rows]) + "\n")
    ran = statecast("forecast", path, "--id", "shop", *QUICK, "--horizon", 2, "--report", report)
    assert ran.code == 0, ran.err
    page = report.read_text()
    assert "Tested on 1 of the 2 series" in page
    assert "1 of 2 series could not be forecast by the recipe:" in page
    ran = statecast("backtest", path, "--id", "shop", *QUICK, "--test", 4, "--report", report)
    assert ran.code == 0, ran.err
    assert "1 of 2 series cannot be tested and were left out:" in report.read_text()
    short = tmp_path / "short.csv"
    short.write_text("ds,y\n" + "\n".join(rows[k].split(",", 1)[1] for k in range(4)) + "\n")
    assert statecast("forecast", short, *QUICK, "--report", report).code == 0
    assert "Not tested: the history is too short" in report.read_text()


@pytest.mark.parametrize("given", [("--address", "sc://host/;token=secret"), ("--address=sc://host/;token=secret",)])
def test_the_address_of_a_cluster_is_not_told(given):
    context = SimpleNamespace(obj=("forecast", "a b.csv", "--engine", "spark", *given, "--report", "a.html"))
    command = typed(context)
    assert "secret" not in command
    assert command.startswith("statecast forecast 'a b.csv' --engine spark --address")
    assert command.endswith("--report a.html")


def test_rows_that_stay_on_a_cluster_have_no_report(statecast, tmp_path):
    ran = statecast("forecast", "s3://a/b", "--engine", "dask", "--out", "s3://a/c", "--report", tmp_path / "a.html")
    assert (ran.code, ran.out) == (2, "")
    assert "--report takes rows on this machine" in ran.err


def test_a_model_holds_no_data_to_be_reported_on(statecast, sales, tmp_path):
    model = tmp_path / "sales.statecast"
    assert statecast("forecast", sales, *QUICK, "--quiet", "--save", model).code == 0
    ran = statecast("forecast", model, "--report", tmp_path / "a.html")
    assert (ran.code, ran.out) == (2, "")
    assert "--report: " in ran.err
    assert "give the data instead of the model" in ran.err
