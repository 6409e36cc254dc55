"""The package as a whole: what import loads, what is exported, and the examples in the docstrings."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import pkgutil
import subprocess
import sys

import pytest

import statecast

OPTIONAL = {"statecast.sktime": "sktime"}
"""Modules that need a package of an extra."""

HEAVY = {
    "numpy",
    "pandas",
    "matplotlib",
    "rich",
    "typer",
    "click",
    "narwhals",
    "pyarrow",
    "coreforecast",
    "openpyxl",
    "plotly",
    "safetensors",
    "hashlib",
}


def loaded_by(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after the code."""
    script = f"import sys\n{code}\nprint(*sorted(m.partition('.')[0] for m in sys.modules), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(ran.stderr.split())


def test_import_loads_nothing_heavy():
    assert loaded_by("import statecast") & HEAVY == set()


def test_help_loads_no_arrays_and_no_pictures():
    loaded = loaded_by("from statecast.cli import run; run(['--help'])")
    assert loaded & HEAVY <= {"rich", "typer", "click"}


def test_a_backtest_without_a_picture_loads_no_matplotlib(sales):
    loaded = loaded_by(f"from statecast.cli import run; run(['backtest', {str(sales)!r}, '--epochs', '1'])")
    assert "matplotlib" not in loaded
    assert "numpy" in loaded


def test_public_names_are_there_and_documented():
    assert set(statecast.__all__) == {"__version__", *statecast._FROM, *statecast._MODULES}
    for name in statecast.__all__:
        assert getattr(statecast, name) is not None
        assert name == "__version__" or getattr(statecast, name).__doc__
    assert set(statecast.__all__) <= set(dir(statecast))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = statecast.nonsense


def modules() -> list[str]:
    found = [m.name for m in pkgutil.walk_packages(statecast.__path__, "statecast.") if not m.name.endswith("_core")]
    return [name for name in found if name not in OPTIONAL or importlib.util.find_spec(OPTIONAL[name])]


@pytest.mark.parametrize(("module", "needs"), OPTIONAL.items())
def test_a_module_without_its_package_says_what_to_install(module, needs):
    code = f"import sys\nsys.modules[{needs!r}] = None\nimport {module}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert f"pip install 'statecast[{needs}]'" in ran.stderr


def test_private_modules_are_reached_through_their_folder():
    for name in modules():
        module = importlib.import_module(name)
        for exported in getattr(module, "__all__", []):
            assert hasattr(module, exported), f"{name}.{exported}"


@pytest.mark.parametrize("name", ["statecast", *modules()])
def test_examples_in_docstrings(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0
