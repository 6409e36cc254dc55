"""A part as one Arrow table: the forecast, a row a step, and the failures in the metadata."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from statecast.distributed._part import Failure, Part
from statecast.series import Forecast

if TYPE_CHECKING:
    import pyarrow as pa

_FAILURES = b"statecast.failures"
_SERIES = b"statecast.series"


def to_table(part: Part) -> pa.Table:
    """Return a part as a table with the columns unique_id, ds, mean, lo-80 and so on; its members are left out."""
    table = part.forecast.to_arrow()
    failures = json.dumps([asdict(failure) for failure in part.failures], ensure_ascii=False)
    return table.replace_schema_metadata({_FAILURES: failures, _SERIES: str(len(part.forecast.ids))})


def failures_of(metadata: dict[bytes, bytes]) -> tuple[Failure, ...]:
    """Return the failures in the metadata of a table."""
    return tuple(Failure(**one) for one in json.loads(metadata[_FAILURES]))


def from_table(table: pa.Table) -> Part:
    """Return the part that a table was made of; the mean is its only member.

    Examples
    --------
    >>> import statecast as sc
    >>> from statecast.distributed import forecast_part
    >>> part = forecast_part(sc.read([1.0, 3.0, 2.0, 4.0]), sc.auto(epochs=1), 2, 80)
    >>> again = from_table(to_table(part))
    >>> again.forecast.to_frame().equals(part.forecast.to_frame())
    True
    """
    series = int(table.schema.metadata[_SERIES])

    def column(name: str) -> np.ndarray:
        return np.asarray(table[name].to_numpy().reshape(series, len(table) // max(series, 1)))

    names = table.column_names[3:]
    lower, upper = (
        np.stack([column(n) for n in names if n.startswith(side)], axis=1) if names else None for side in ("lo-", "hi-")
    )
    zone = getattr(table.schema.field("ds").type, "tz", None)
    mean, times = column("mean"), column("ds")
    ids = table["unique_id"].take(np.arange(0, len(table), mean.shape[1] or 1)).to_pylist()
    levels = tuple(float(name[3:]) for name in names[::2])
    return Part(
        Forecast(tuple(ids), times, mean, mean[:, np.newaxis], levels, lower, upper, zone),
        failures_of(table.schema.metadata),
    )
