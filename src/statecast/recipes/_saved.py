"""Reading model files of all recipes, baselines among them."""

from __future__ import annotations

from pathlib import Path

from statecast import baselines  # noqa: F401  # its kinds may stand in a file
from statecast.series import Fitted, Saved, read_saved


def load(path: str | Path) -> Fitted:
    """Read a model file that ``save`` has written; nothing in it can run.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Fitted
        Forecasts and updates give the bits that those of the one saved give.

    Raises
    ------
    FileError
        If it cannot be read.
    DataError
        If it is another file, damaged, or written by a later version that this one cannot follow.

    Examples
    --------
    >>> import statecast as sc
    >>> from tempfile import TemporaryDirectory
    >>> fitted = sc.classic(epochs=10).fit([10.0, 12.0, 11.0, 13.0, 12.0, 14.0])
    >>> with TemporaryDirectory() as folder:
    ...     fitted.save(f"{folder}/sales.statecast")
    ...     again = sc.load(f"{folder}/sales.statecast")
    >>> bool((again.update(13.0).forecast(2).mean == fitted.update(13.0).forecast(2).mean).all())
    True
    """
    return load_saved(path).fitted


def load_saved(path: str | Path) -> Saved:
    """Read a model file, and what it says of itself; raises as ``load`` does."""
    return read_saved(path)
