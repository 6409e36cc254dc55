"""Random tables and options: the command line ends with 0 or 2, and never with a traceback."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statecast.cli import run

STAMPS = {
    "days": lambda k: f"2024-{1 + k // 28:02d}-{1 + k % 28:02d}",
    "months": lambda k: f"{1990 + k // 12}-{1 + k % 12:02d}",
    "points": lambda k: f"{1 + k % 28}.{1 + k // 28}.2024",
    "slashes": lambda k: f"{1 + k // 28}/{1 + k % 28}/24",
    "names": lambda k: f"{('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun')[k % 6]} {1990 + k // 6}",
    "years": lambda k: str(1950 + k),
    "quarters": lambda k: f"{1990 + k // 4}Q{1 + k % 4}",
    "steps": lambda k: str(3 * k),
    "hours": lambda k: f"2024-10-{26 + k // 24:02d} {k % 24:02d}:00",
    "zoned": lambda k: f"2024-03-{30 + k // 24:02d}T{k % 24:02d}:00{'+01:00' if k < 26 else '+02:00'}",
    "odd": lambda k: f"2024-01-{1 + k * 7 % 28:02d} {k * 5 % 24:02d}:{k * 13 % 60:02d}",
}
PLAIN = st.one_of(st.integers(-50, 500).map(str), st.floats(-1e3, 1e3).map("{:.2f}".format))
NUMBERS = [
    PLAIN,
    PLAIN,
    st.integers(0, 2).map(str),
    st.just("7"),
    st.sampled_from(["1e90", "-1e99", "1e-300", "0", "1"]),
]
ODD = st.sampled_from(
    [
        "",
        "",
        "",
        "",
        "",
        "NA",
        "nan",
        "-",
        "0",
        "1e101",
        "inf",
        "many",
        "2024-01-01",
        "31.02.2024",
        "€",
        '"',
        "9999-12-31",
    ]
)
WORDS = [["yes", "no"], ["sun", "rain", "snow"], ["A"], ["A", "B"], ["A", "", "B"]]
GOOD = {
    "--past": ["z", "w", "z,w"],
    "--known": ["z", "w", "w,z"],
    "--static": ["w", "z"],
    "--season": ["1", "3", "2,4", "12"],
    "--holidays": ["DE", "AU-VIC"],
    "--calendar": [""],
    "--time-zone": ["Europe/Berlin", "UTC"],
    "--every": ["month", "week", "day", "hour", "30min", "year", "2D"],
    "--aggregate": ["sum", "mean", "last"],
    "--gaps": ["refuse", "linear", "season", "last", "zero"],
}
BAD = {
    "--time": ["day", "y", "w"],
    "--id": ["w", "z", "day"],
    "--past": ["nothing", "y"],
    "--freq": ["D", "MS", "monthly", "W", "h", "B", "1", "sometimes"],
    "--season": ["0", "1000000", "x"],
    "--holidays": ["Atlantis"],
    "--time-zone": ["Mars"],
    "--every": ["B", "12"],
    "--aggregate": ["median"],
    "--gaps": ["guess"],
    "--sheet": ["1"],
}
COMMANDS = {
    "forecast": ["--epochs", "1", "--members", "1"],
    "backtest": ["--epochs", "1", "--members", "1", "--test", "2"],
    "explain": ["--epochs", "1", "--members", "1", "--permutations", "2", "--horizon", "2"],
    "info": [],
}
MORE = {
    "forecast": [
        "",
        "",
        "--recipe classic",
        "--counts",
        "--use best",
        "--use combination",
        "--level none",
        "--horizon 3",
    ],
    "backtest": ["", "", "--recipe classic", "--counts", "--level 50,99", "--refit 1", "--windows 2", "--sliding 9"],
    "explain": ["", "--series y"],
    "info": [""],
}


@dataclass(frozen=True)
class Case:
    """A command, the text of its file, and the options."""

    command: str
    text: str
    options: list[str]
    future: str | None


@st.composite
def tables(draw, rows: int) -> str:
    """Draw a table that is nearly right: stamps, two columns of numbers, one of words, and now and then odd cells."""
    stamp, first = STAMPS[draw(st.sampled_from(sorted(STAMPS)))], draw(st.integers(0, 3))
    words = st.sampled_from(draw(st.sampled_from(WORDS)))
    columns = [[stamp(first + k) for k in range(rows)]]
    for cells in (draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(NUMBERS)), words):
        columns.append(draw(st.lists(cells, min_size=rows, max_size=rows)))
    table = [list(row) for row in zip(*columns, strict=True)]
    places = st.tuples(st.integers(0, rows - 1), st.integers(0, 3))
    for row, column in draw(st.lists(places, max_size=draw(st.sampled_from([0, 0, 0, 1, 6])))) if rows else []:
        table[row][column] = draw(ODD)
    picked = draw(st.lists(st.integers(0, rows - 1), max_size=draw(st.sampled_from([0, 0, 3])))) if rows else []
    twice = draw(st.booleans())  # these rows are there twice, or not at all
    table = [*table, *(table[k] for k in picked)] if twice else [row for k, row in enumerate(table) if k not in picked]
    blank = draw(st.sampled_from([0, 0, 4]))
    table = [[row[0], "" if k >= rows - blank else row[1], *row[2:]] for k, row in enumerate(table)]
    odd = draw(st.integers(0, 9)) == 7
    header = draw(st.sampled_from(["ds;y;z;unique_id", "day;y;y;w", "1;2;3;4"])) if odd else "day;y;z;w"
    delimiter = draw(st.sampled_from([",", ",", ";", "\t"]))
    return "\n".join(delimiter.join(cells) for cells in [header.split(";"), *table]) + "\n"


@st.composite
def cases(draw) -> Case:
    """Draw a command with its file and options."""
    options = draw(st.sampled_from([*[["--target", "y"]] * 5, ["--target", "y,z"], ["--wide"], []]))
    given = {name: GOOD[name] for name in draw(st.lists(st.sampled_from(sorted(GOOD)), unique=True, max_size=4))}
    if draw(st.integers(0, 7)) == 5:
        given |= {name: BAD[name] for name in draw(st.lists(st.sampled_from(sorted(BAD)), unique=True, max_size=2))}
    for name, values in given.items():
        options = [*options, *filter(None, (name, draw(st.sampled_from(values))))]
    command = draw(st.sampled_from(["forecast", "forecast", "backtest", "backtest", "explain", "info"]))
    options = [*options, *draw(st.sampled_from(MORE[command])).split()]
    text = draw(tables(draw(st.sampled_from([40, 30, 20, 13, 5, 2, 1, 0]))))
    return Case(command, text, options, draw(tables(6)) if draw(st.integers(0, 7)) == 5 else None)


def check(case: Case, folder: Path) -> None:
    """Run a case; what it prints is shown when it fails."""
    file, ahead = folder / "table.csv", folder / "ahead.csv"
    file.write_text(case.text)
    arguments = [case.command, str(file), *COMMANDS[case.command], *case.options]
    if case.future is not None:
        ahead.write_text(case.future)
        arguments += ["--future", str(ahead)]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    assert code in (0, 2), (arguments, case.text, err.getvalue())
    assert "Traceback" not in err.getvalue()
    assert "unexpected" not in err.getvalue()
    assert code == 0 or err.getvalue().startswith(("Error: ", "Usage: ")), err.getvalue()


@settings(max_examples=50)
@given(case=cases())
def test_a_random_table_ends_with_0_or_2(case, tmp_path_factory):
    check(case, tmp_path_factory.mktemp("fuzz"))


@pytest.mark.slow
@settings(max_examples=1000)
@given(case=cases())
def test_many_random_tables_end_with_0_or_2(case, tmp_path_factory):
    check(case, tmp_path_factory.mktemp("fuzz"))
