"""Bands are seen where they are."""

from __future__ import annotations

import numpy as np
from matplotlib.image import imread

from statecast.pictures import Band, Chart, Line, draw


def shades(path, bands):
    """Return the numbers of pixels of a light and of a darker red."""
    times = np.arange(10)
    draw([Chart("title", "axis", [Line("observed", times, np.zeros(10))], bands)]).savefig(path)
    picture = np.round(255 * imread(path)[:, :, :3]).astype(int)
    red = picture[:, :, 0] - picture[:, :, 1]
    return np.sum((red > 15) & (red < 30)), np.sum((red >= 30) & (red < 60))


def test_a_narrow_band_on_a_wide_one_is_darker(tmp_path):
    times = np.arange(10)
    wide, narrow = (Band(f"{w}", times, np.full(10, -w), np.full(10, w)) for w in (9.0, 3.0))
    assert shades(tmp_path / "none.png", []) == (0, 0)
    light, dark = shades(tmp_path / "wide.png", [wide])
    assert light > 10_000
    assert dark < 100
    light, dark = shades(tmp_path / "both.png", [wide, narrow])
    assert light / dark == np.clip(light / dark, 1.6, 2.6)  # two thirds are covered once
