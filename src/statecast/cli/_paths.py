"""The sample paths that a forecast may come with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from statecast.cli._options import ResultOptions
    from statecast.series import Forecast


def check_paths(paths: int | None, result: ResultOptions, in_pieces: bool = False) -> None:
    """Refuse paths that are written nowhere."""
    from statecast.checks import whole_number
    from statecast.errors import ParameterError

    if paths is None:
        return
    whole_number("--paths", paths, 1, 10_000)
    if not result.is_table:
        raise ParameterError("--paths: expected --out FILE.csv or .parquet to write them to.")
    if in_pieces:
        raise ParameterError("--paths are drawn for all series at once: leave --resume and --engine out.")


def with_paths(ahead: Forecast, paths: NDArray[np.float64]) -> pd.DataFrame:
    """Add the paths [S, N, h] to the table of a forecast: path-1, path-2, .."""
    import pandas as pd

    names = [f"path-{k + 1}" for k in range(paths.shape[1])]
    columns = paths.transpose(0, 2, 1).reshape(-1, paths.shape[1])
    return pd.concat([ahead.to_frame(), pd.DataFrame(columns, columns=names)], axis=1)
