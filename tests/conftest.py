"""What many tests use: the example series, the values from Keras, tame hypothesis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"

settings.register_profile("statecast", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("statecast")


@pytest.fixture
def sales() -> Path:
    """Return the file of the shampoo sales."""
    return EXAMPLES / "sales_year.csv"


@pytest.fixture
def shampoo(sales: Path) -> NDArray[np.float64]:
    """Return the 36 months of shampoo sales."""
    return np.loadtxt(sales, delimiter=",", skiprows=1, usecols=1)


@pytest.fixture(scope="session")
def golden() -> dict[str, NDArray[np.floating]]:
    """All arrays of keras_classic.npz; golden/make_keras.py says what they are."""
    with np.load(HERE / "golden" / "keras_classic.npz") as file:
        return {name: file[name] for name in file.files}
