"""statecast explain, as a user types it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest


def test_explain_says_what_moves_the_forecast_and_what_matters(statecast, tmp_path):
    rng = np.random.default_rng(1)
    promo, chance = (rng.random(120) < 0.4).astype(int), rng.normal(size=120).round(3)
    sales = (100 + 20 * promo + rng.normal(0, 2, 120)).round(2)
    path, out, plot = tmp_path / "sales.csv", tmp_path / "impact.csv", tmp_path / "impact.png"
    days = pd.date_range("2024-01-01", periods=120).strftime("%Y-%m-%d")
    pd.DataFrame({"day": days, "promo": promo, "chance": chance, "sales": sales}).to_csv(path, index=False)
    options = ("--target", "sales", "--known", "promo,chance", "--horizon", 2, "--members", 2, "--permutations", 19)
    ran = statecast("explain", path, *options, "--out", out, "--plot", plot)
    assert ran.code == 0, ran.err
    first = next(line for line in ran.out.splitlines() if line.lstrip().startswith("promo"))
    assert first.split()[:2] == ["promo", "0"]
    assert float(first.split()[2]) == pytest.approx(20, rel=0.15)
    verdicts = [line.split() for line in ran.out.splitlines() if line.rstrip().endswith(("matters", "irrelevant"))]
    assert [(row[0], row[-1]) for row in verdicts] == [("promo", "matters"), ("chance", "irrelevant")]
    assert pd.read_csv(out).column.unique().tolist() == ["sales", "promo", "chance"]
    assert plot.read_bytes().startswith(b"\x89PNG")
    document = json.loads(statecast("explain", path, *options, "--json").out)
    assert [c["verdict"] for c in document["columns"]] == ["the series itself", "matters", "irrelevant"]
    refused = statecast("explain", path, "--target", "sales", "--recipe", "classic")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "explain takes the recipe auto or shared, got classic" in refused.err


def test_explain_takes_the_shared_recipe_and_its_static_columns(statecast, tmp_path):
    rng = np.random.default_rng(2)
    rows = [
        {"unique_id": shop, "ds": t, "y": 50 + 20 * promo + rng.normal(), "promo": promo, "kind": kind}
        for shop, kind in (("a", "old"), ("b", "new"), ("c", "old"))
        for t, promo in enumerate((rng.random(40) < 0.4).astype(int))
    ]
    path = tmp_path / "shops.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    options = ("--recipe", "shared", "--known", "promo", "--static", "kind", "--season", 1, "--horizon", 2)
    quick = ("--epochs", 3, "--members", 2, "--permutations", 3, "--series", "b")
    ran = statecast("explain", path, *options, *quick)
    assert ran.code == 0, ran.err
    assert "No use is made" not in ran.out
    (kind,) = [line.split() for line in ran.out.splitlines() if line.rstrip().endswith("not tested")]
    assert kind[:3] == ["kind=new", "for", "good"]
    document = json.loads(statecast("explain", path, *options, *quick, "--json").out)
    assert document["unique_id"] == "b"
    assert [(c["column"], c["kind"]) for c in document["columns"]] == [
        ("y", "target"),
        ("promo", "known"),
        ("kind=new", "static"),
    ]
