"""Panels side by side: the series of each are as they were."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

import statecast as sc
from statecast.series import Covariates, Panel

FRAME = pd.DataFrame({"unique_id": list("aaabbbb"), "ds": [*range(3), *range(4)], "y": np.arange(7.0)})


def with_covariates(panel):
    """Past is ten times the target, known the step, for two rows more, static the number of the series."""
    steps = [np.arange(length + 2.0) for length in panel.lengths]
    return replace(
        panel,
        covariates=Covariates(
            past=("p",),
            known=("k",),
            static=("s",),
            past_values=10 * panel.values[:, np.newaxis],
            known_values=np.concatenate(steps)[:, np.newaxis],
            known_offsets=np.concatenate([[0], np.cumsum(panel.lengths + 2)]),
            static_values=np.arange(float(len(panel)))[:, np.newaxis],
        ),
    )


def series(panel, s):
    """Return all that belongs to one series."""
    part = slice(panel.offsets[s], panel.offsets[s + 1])
    of = panel.covariates
    known = of.known_values[of.known_offsets[s] : of.known_offsets[s + 1], 0]
    return panel.values[part], panel.times[part], of.past_values[part, 0], known, of.static_values[s]


def test_every_series_is_as_it_was():
    panel = with_covariates(sc.read(FRAME))
    windows = [panel.window(None, -1), panel.window(1, None), panel]
    joined = Panel.side_by_side(windows)
    assert joined.lengths.tolist() == [2, 3, 2, 3, 3, 4]
    for k, window in enumerate(windows):
        for s in range(2):
            for got, expected in zip(series(joined, 2 * k + s), series(window, s), strict=True):
                assert_array_equal(got, expected)


def test_ids_are_unique_whatever_they_were():
    names = FRAME.assign(unique_id=FRAME["unique_id"].map({"a": "1: x", "b": "x"}))
    assert len(set(Panel.side_by_side([sc.read(names)] * 3).ids)) == 6


def test_one_panel_is_left_as_it_is():
    panel = sc.read(FRAME)
    assert Panel.side_by_side([panel]) is panel


def test_what_was_filled_stays_marked():
    panel = sc.read(FRAME)
    marked = replace(panel, filled=panel.values == 2)
    assert Panel.side_by_side([panel, panel]).filled is None
    assert np.flatnonzero(Panel.side_by_side([panel, marked]).filled).tolist() == [9]


@given(
    sizes=st.lists(st.integers(2, 8), min_size=1, max_size=4),
    edges=st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=4, max_size=4),
    given_edges=st.sampled_from(["both", "start", "stop"]),
)
def test_every_series_may_have_a_window_of_its_own(sizes, edges, given_edges):
    frame = pd.DataFrame({"unique_id": np.repeat(range(len(sizes)), sizes), "ds": [t for n in sizes for t in range(n)]})
    panel = sc.read(frame.assign(y=np.arange(len(frame)) + 1.0))
    start, stop = np.array(edges[: len(sizes)]).T
    window = panel.window(None if given_edges == "stop" else start, None if given_edges == "start" else stop)
    assert window.ids == panel.ids
    for s, (first, last) in enumerate(edges[: len(sizes)]):
        cut = slice(None if given_edges == "stop" else first, None if given_edges == "start" else last)
        own = slice(panel.offsets[s], panel.offsets[s + 1])
        part = slice(window.offsets[s], window.offsets[s + 1])
        assert_array_equal(window.values[part], panel.values[own][cut])
        assert_array_equal(window.times[part], panel.times[own][cut])


def test_a_window_for_each_is_that_of_each_alone_with_its_covariates_and_its_gaps():
    """Series b ends on a filled value: what is carried on stands there, not a line to what comes later."""
    panel = with_covariates(sc.read(FRAME))
    filled = panel.values == 4
    panel = replace(panel, filled=filled, carried=np.where(filled, 3.0, panel.values))
    stops = np.array([-1, 2])
    whole = panel.window(np.array([0, 1]), stops)
    for s, (start, stop) in enumerate(((0, -1), (1, 2))):
        alone = panel.select(np.array([s])).window(start, stop)
        for got, expected in zip(series(whole, s), series(alone, 0), strict=True):
            assert_array_equal(got, expected)
    assert panel.window(None, stops).values.tolist() == [0, 1, 3, 3]
