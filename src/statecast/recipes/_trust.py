"""Trust: how far the networks of a series are believed, by what they were worth on rows held out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from statecast.network import Feed, Networks, run_networks
from statecast.recipes._adjustment import Rows
from statecast.recipes._ensemble import held_out_rows
from statecast.recipes._size import Size

Array = NDArray[np.float64]

_NOTHING, _ALL = 0.05, 0.15  # of the line's absolute error saved: up to here nothing is believed, from there on all


def earned(trained: Networks, feed: Feed, rows: Rows, size: Size) -> Array:
    """Return the share of the networks in the forecast of every series, [S].

    They have the share of their size where they saved 15 % of the line's absolute error on the rows that chose the
    epoch, none where they saved less than 5 %, and a part of it between. A series with no such row, or of a size that
    holds none out, has the share of its size.
    """
    trust = np.full(len(feed.offsets) - 1, size.trust)
    if not size.earned:
        return trust
    held_out = held_out_rows(feed.offsets, rows)
    outputs, _ = run_networks(trained, feed)
    members = len(trained) // len(trust)
    for s in np.flatnonzero(held_out):
        stop, length = int(feed.offsets[s + 1]), int(feed.offsets[s + 1] - feed.offsets[s])
        begin = feed.starts[s * members]
        each = outputs[begin : begin + members * length].reshape(members, length, -1)[:, -held_out[s] :]
        mean, last = each.astype(np.float64).mean(axis=0), slice(stop - held_out[s], stop)
        line, network = (
            (rows.weights[last] * np.abs(rows.y[last] - share * mean)).sum() for share in (0.0, size.trust)
        )
        if line > 0:
            trust[s] *= np.clip((1 - network / line - _NOTHING) / (_ALL - _NOTHING), 0.0, 1.0)
    return trust
