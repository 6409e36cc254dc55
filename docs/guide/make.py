"""Runs the commands that the guide shows, and keeps what they print and draw.

    python docs/guide/make.py                   # those on the files in examples/
    python docs/guide/make.py --data FOLDER     # those on real files as well, which are no part of this project
    python docs/guide/make.py --data FOLDER tune real_co2     # runs of these names alone

Each is typed in a terminal of 80 columns. Where a table has many rows its middle is left out.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples"
WIDTH = 80
MOST, FIRST, LAST = 8, 4, 2  # rows of a table, and those of a longer one that are shown
TIME = r"in [\d.]+ s\."
TALLEST = 2000  # pixels of a picture
PAGE = "1000,1960"  # pixels of a page that is photographed

REAL = {
    "gasoline.csv": "classics/us_gasoline_weekly.csv",
    "co2.csv": "classics/co2_weekly.csv",
    "taylor.csv": "classics/taylor_halfhourly.csv",
    "seatbelts.csv": "classics_multivariate/seatbelts_uk.csv",
    "stocks.csv": "classics_multivariate/eu_stock_markets.csv",
    "retail.parquet": "aus_retail/monthly.parquet",
    "m3.parquet": "m3/monthly.parquet",
}
"""Real files by the names that the commands use, and where they lie in the data folder."""

KIOSK = "kiosk.csv --target sold --known price,promo \\\n    --past temperature,lottery"
BELTS = "seatbelts.csv --target drivers --known law \\\n    --past kms,PetrolPrice --horizon 3"
KEPT = "statecast forecast {} --save kiosk.statecast --quiet"

RUNS = {
    "first": "statecast forecast sales_year.csv --plot sales.png",
    "first_out": "statecast forecast sales_year.csv --quiet --out next_year.csv\ncut -d, -f1-3 next_year.csv | head -3",
    "backtest": "statecast backtest sales_year.csv --plot backtest.png",
    "windows": "statecast forecast airline_passengers.csv --windows 9",
    "seeds": "statecast backtest sales_year.csv --recipe classic --members 30",
    "use": "statecast forecast airline_passengers.csv --windows 9 --use combination",
    "info": "statecast info airline_passengers.csv",
    "receipts": "statecast forecast receipts.csv --id shop --target amount --every week",
    "receipts_head": "head -4 receipts.csv",
    "pieces": "statecast forecast receipts.csv --id shop --target pieces --every day \\\n    --counts --horizon 3",
    "many": "echo '2025-01-30 10:00,kiosk,2,12.50' | cat receipts.csv - > shops.csv\n"
    "statecast forecast shops.csv --id shop --target amount --every week \\\n    --horizon 4 --out next.csv",
    "many_failures": "cat next.failures.csv",
    "wide": "statecast forecast stocks.csv --wide --horizon 3",
    "kiosk_tail": "sed -n '1,3p;364,368p' kiosk.csv",
    "kiosk": f"statecast forecast {KIOSK} --test 28 --plot kiosk.png",
    "kiosk_alone": "statecast forecast kiosk.csv --target sold --test 28",
    "kiosk_far": f"statecast forecast {KIOSK} --horizon 21",
    "kiosk_holidays": "statecast info kiosk.csv --target sold --holidays DE",
    "kiosk_targets": "statecast forecast kiosk.csv --target sold,temperature \\\n    --known price,promo --horizon 3",
    "levels": "statecast backtest airline_passengers.csv --horizon 12 --test 36 \\\n"
    "    --level 80,95 --plot levels.png",
    "explain": f"statecast explain {KIOSK} --plot explain.png",
    "report": f"statecast forecast {KIOSK} --test 28 \\\n    --quiet --report report.html",
    "tune": "statecast tune airline_passengers.csv --horizon 12 --trials 60 \\\n    --save best.json",
    "tune_file": "cat best.json",
    "tune_use": "statecast forecast airline_passengers.csv --recipe best.json --members 10",
    "classic": "statecast backtest sales_year.csv --recipe classic",
    "monday": "head -359 kiosk.csv | cut -d, -f1,2 > monday.csv\ntail -2 monday.csv\n" + KEPT.format("monday.csv"),
    "tuesday": "sed -n '1p;360p' kiosk.csv | cut -d, -f1,2 > tuesday.csv\ncat tuesday.csv\n"
    "statecast update kiosk.statecast tuesday.csv",
    "christmas": "sed -n '1p;361p' kiosk.csv | cut -d, -f1,2 > christmas.csv\n"
    "statecast update kiosk.statecast christmas.csv --horizon 2\n"
    "sed -n '1p;363,365p' kiosk.csv | cut -d, -f1,2 > late.csv",
    "late": "statecast update kiosk.statecast late.csv",
    "late_forecast": "statecast update kiosk.statecast late.csv --missing forecast --horizon 2",
    "monitor": "head -245 monday.csv > august.csv\n" + KEPT.format("august.csv") + "\n"
    "statecast update kiosk.statecast monday.csv --quiet\nstatecast monitor kiosk.statecast",
    "monitor_stale": "{ head -1 monday.csv; paste -d, <(tail -n +246 monday.csv | cut -d, -f1) \\\n"
    "    <(tail -n +249 monday.csv | cut -d, -f2) | head -110; } > moved.csv\n" + KEPT.format("august.csv") + "\n"
    "statecast update kiosk.statecast moved.csv --quiet\nstatecast monitor kiosk.statecast",
    "real_retail": "statecast forecast retail.parquet --out retail.csv --plot retail.png",
    "real_many": "statecast forecast m3.parquet --season 12 --horizon 18 --out m3_next.parquet",
    "real_retail_shared": "statecast forecast retail.parquet --recipe shared --out retail_shared.csv",
    "real_gasoline": "statecast info gasoline.csv",
    "real_gasoline_best": "statecast forecast gasoline.csv --horizon 13 --windows 9 \\\n"
    "    --use best --plot gasoline.png",
    "real_co2": "statecast forecast co2.csv --horizon 26 --windows 9 --plot co2.png",
    "real_taylor": "statecast forecast taylor.csv",
    "real_taylor_seasons": "statecast forecast taylor.csv --season 48,336 --horizon 48 \\\n"
    "    --windows 9 --use best --plot taylor.png",
    "real_belts_first": "statecast forecast seatbelts.csv",
    "real_belts": "printf 'ds,law\\n1985-01-01,1\\n1985-02-01,1\\n1985-03-01,1\\n' > ahead.csv\n"
    f"statecast forecast {BELTS} --future ahead.csv --test 24 --refit 1 \\\n    --plot seatbelts.png",
    "real_belts_explain": f"statecast explain {BELTS} --plot seatbelts_explain.png",
}
"""Commands by the name of what is kept of them, in the order in which they are run."""

ON_A_CLUSTER = {
    "cluster": "sed -n '/^def main/,$p' on_a_cluster.py\npython on_a_cluster.py\npython on_a_cluster.py dask\n"
    "python on_a_cluster.py ray\npython on_a_cluster.py spark 2> spark.log",
    "cluster_spark": "sed -n '/^def main/,/stop()/p' spark_table.py\npython spark_table.py 2> spark.log",
    "real_cluster": "statecast forecast m3.parquet --season 12 --horizon 18 \\\n"
    "    --engine dask --out m3_dask.parquet\ncat same.py\npython same.py",
}
"""Those that take `statecast[dask,ray,spark]` and Java; the last one goes on from `real_many`."""

RUNS |= ON_A_CLUSTER

SAME = """import pandas as pd

alone, dask = (pd.read_parquet(f"m3_{run}.parquet") for run in ("next", "dask"))
print(alone.equals(dask))
"""

REFUSED = {"kiosk_far", "real_belts_first", "late"}
"""Those whose error message is shown."""


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="runs; all that can be run if none is named")
    parser.add_argument("--data", type=Path, help="folder with the real files")
    parser.add_argument("--to", type=Path, default=HERE, help="folder whose output/ and pictures/ are written")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(RUNS):
        parser.error(f"no such run: {', '.join(sorted(unknown))}")
    for folder in ("output", "pictures"):
        (asked.to / folder).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        desk = Desk(Path(name), asked.data)
        for run, command in RUNS.items():
            missing = run in ON_A_CLUSTER and find_spec("fugue") is None
            if (asked.names and run not in asked.names) or missing or not desk.has_files_of(command):
                continue
            print(run, flush=True)
            keep(asked.to / "output" / f"{run}.txt", desk.typed(command, 2 if run in REFUSED else 0))
        for page in sorted(desk.folder.glob("*.html")):
            photograph(page)
        for picture in sorted(desk.folder.glob("*.png")):
            reduce(picture, asked.to / "pictures" / picture.name)


class Desk:
    """A folder with the example files and the real ones, and a terminal in it."""

    def __init__(self, folder: Path, data: Path | None) -> None:
        self.folder = folder
        for path in (*EXAMPLES.glob("*.csv"), EXAMPLES / "on_a_cluster.py", EXAMPLES / "spark_table.py"):
            shutil.copy(path, folder)
        (folder / "same.py").write_text(SAME)
        if data:
            for name, place in REAL.items():
                (folder / name).symlink_to((data / place).resolve(strict=True))
        programs = folder / ".bin"
        programs.mkdir()
        start = "from statecast.cli import main\n\nif __name__ == '__main__':\n    main()\n"
        for name, text in {
            "statecast": f"#!{sys.executable}\n{start}",
            "python": f'#!/bin/sh\nexec {sys.executable} "$@"\n',
        }.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        terminal = {"TTY_COMPATIBLE": "1", "TERM": "dumb", "COLUMNS": str(WIDTH), "LINES": "25"}
        self.environment = os.environ | terminal | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}

    def has_files_of(self, command: str) -> bool:
        """Say whether the real files that a command reads are there."""
        return all((self.folder / word).exists() for word in command.split() if word in REAL)

    def typed(self, commands: str, code: int) -> str:
        """Run commands, a line each, that leave with this code, and return what stands in the terminal then."""
        screen = []
        for command in commands.replace("\\\n", "\0").split("\n"):
            shown = command.replace("\0", "\\\n")
            ran = subprocess.run(
                ["bash", "-c", shown],
                cwd=self.folder,
                env=self.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if ran.returncode != code:
                raise SystemExit(f"$ {shown}\n{ran.stdout}{ran.stderr}")
            screen += [f"$ {shown}", *shortened(ran.stdout), *folded(ran.stderr)]
        return "\n".join(screen) + "\n"


def keep(path: Path, output: str) -> None:
    """Write an output, unless it is the one that is there but for the time that it took."""
    if not path.exists() or re.sub(TIME, "", path.read_text(encoding="utf-8")) != re.sub(TIME, "", output):
        path.write_text(output, encoding="utf-8")


def shortened(output: str) -> Iterator[str]:
    """Give the lines of an output, without blank ones above and below tables, and without the middle of long ones."""
    lines = [line.rstrip() for line in output.splitlines()]
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line and (at == 1 or not lines[at - 2] or at == len(lines)):
            continue
        yield line
        if line.lstrip().startswith("──"):
            stop = next((k for k in range(at, len(lines)) if not lines[k]), len(lines))
            rows = lines[at:stop]
            if len(rows) > MOST:
                rows[FIRST:-LAST] = [" ..."]
            yield from rows
            at = stop


def folded(errors: str) -> Iterator[str]:
    """Give the lines of an error message as wide as the terminal."""
    for line in errors.splitlines():
        yield from textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)


def photograph(page: Path) -> None:
    """Take a picture of the first part of a page, where there is a browser."""
    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if browser is None:
        print(f"no Chromium, so no picture of {page.name}", file=sys.stderr)
        return
    options = ["--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={PAGE}", "--virtual-time-budget=5000"]
    to = f"--screenshot={page.with_suffix('.png')}"
    subprocess.run([browser, *options, to, page.as_uri()], check=True, capture_output=True)


def reduce(picture: Path, to: Path) -> None:
    """Keep a picture with 128 colours, and a very tall one in half its size, for a small file."""
    from PIL import Image

    with Image.open(picture) as full:
        image = full.convert("RGB")
    if image.height > TALLEST:
        image = image.reduce(2)
    image.quantize(128, dither=Image.Dither.NONE).save(to, optimize=True)


if __name__ == "__main__":
    main()
