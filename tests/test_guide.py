"""The guide: its Python runs and prints what the page says; its pictures and outputs are there, and are still right."""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
import subprocess
import sys
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS, GUIDE = ROOT / "docs", ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
NEEDS = {"running_elsewhere": "onnxruntime", "sktime": "sktime"}
"""Pages whose Python takes a package of an extra."""

PYTHON = re.compile(r"^```python\n(.*?)^```$(?:\n+^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
"""A block of Python, and the block of text right after it, which is what it prints."""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Stand in a folder with the example files."""
    for path in (ROOT / "examples").glob("*.csv"):
        shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("page", [page for page in PAGES if PYTHON.search(page.read_text())], ids=lambda p: p.stem)
@pytest.mark.usefixtures("desk")
def test_python_of_a_page_prints_what_it_says(page):
    if page.stem in NEEDS:
        pytest.importorskip(NEEDS[page.stem])
    names: dict[str, object] = {"__name__": "guide"}
    for code, expected in PYTHON.findall(page.read_text()):
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(code, page.name, "exec"), names)
        assert printed.getvalue() == expected


def test_pages_have_their_pictures_and_outputs_and_all_of_these_are_shown():
    text = "".join(page.read_text() for page in PAGES)
    pictures, outputs = re.findall(r"\]\(pictures/(.+?)\)", text), re.findall(r'^--8<-- "(.+?)"$', text, re.MULTILINE)
    assert sorted(pictures) == sorted(path.name for path in (GUIDE / "pictures").iterdir())
    assert sorted(outputs) == sorted(path.name for path in (GUIDE / "output").iterdir())
    assert sorted(outputs) == sorted(f"{name}.txt" for name in guide_maker().RUNS)


def test_every_page_is_in_the_navigation():
    site = tomllib.loads((ROOT / "zensical.toml").read_text())
    listed = set(re.findall(r"'([\w/-]+\.md)'", str(site["project"]["nav"])))
    assert listed == {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}


def test_the_reference_has_all_public_modules():
    import statecast

    assert {page.stem for page in (DOCS / "reference").glob("*.md")} == {"statecast", "sktime", *statecast._MODULES}


@pytest.mark.parametrize("name", ["kiosk", "receipts"])
def test_made_up_files_are_what_their_scripts_print(name):
    script = ROOT / "examples" / f"{name}.py"
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert ran.stdout == (ROOT / "examples" / f"{name}.csv").read_text()


def test_long_tables_lose_their_middle_and_errors_are_folded():
    maker = guide_maker()
    table = ["", " heading", " ───────", *(f" {row}" for row in range(20)), "", "end"]
    assert list(maker.shortened("\n".join(table))) == [
        " heading",
        " ───────",
        *(" 0", " 1", " 2", " 3", " ...", " 18", " 19"),
        "",
        "end",
    ]
    assert max(map(len, maker.folded("word " * 40))) <= maker.WIDTH


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_commands_still_print_what_the_guide_shows(tmp_path):
    """All but numbers, which differ in their last digits from machine to machine, and the width of tables."""
    pytest.importorskip("holidays")
    subprocess.run([sys.executable, GUIDE / "make.py", "--to", tmp_path], check=True, capture_output=True)
    made = sorted((tmp_path / "output").iterdir())
    assert made
    for path in made:
        assert words(path.read_text()) == words((GUIDE / "output" / path.name).read_text()), path.stem


def words(output: str) -> list[str]:
    """Return an output without numbers, and without what depends on their width or on the time it took."""
    return [re.sub(r"[\d.,]+", "#", word).strip("-") for word in output.split() if "─" not in word]


def guide_maker():
    spec = importlib.util.spec_from_file_location("guide_make", GUIDE / "make.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    return maker
