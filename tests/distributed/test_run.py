"""Runs over many series: however they are cut, with what fails named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import statecast as sc
from statecast.baselines import LastSeason, last_value
from statecast.distributed import Pieces, fit_forecast, forecast_part
from statecast.errors import DataError, FileError, ParameterError
from statecast.recipes import Combination
from statecast.series import Roles

LEVEL = (80.0, 95.0)
QUICK = sc.auto(epochs=3, members=2, horizon=4)


@pytest.fixture(scope="module")
def whole(mixed: pd.DataFrame) -> pd.DataFrame:
    """Return the forecast of the panel as one part."""
    return forecast_part(sc.read(mixed), QUICK, None, LEVEL).forecast.to_frame()


@pytest.mark.parametrize("cut", [{}, {"most_series": 1}, {"most_series": 5}, {"most_values": 60, "most_series": 2}])
@pytest.mark.parametrize("threads", [1, 3])
def test_no_bit_depends_on_how_an_input_is_cut(mixed: pd.DataFrame, whole: pd.DataFrame, cut, threads):
    run = fit_forecast(Pieces(mixed, **cut), QUICK, level=LEVEL, threads=threads)
    pd.testing.assert_frame_equal(run.forecast.to_frame(), whole, check_exact=True)
    assert [failure.unique_id for failure in run.failures] == list("beh")
    assert run.series == 12


def test_one_model_is_saved_however_an_input_is_cut(mixed: pd.DataFrame, whole: pd.DataFrame, tmp_path: Path):
    mixed.to_parquet(tmp_path / "mixed.parquet", index=False)
    usable = [name for name in whole.unique_id.unique() if name not in "beh"]
    for number, cut in enumerate([{}, {"most_series": 5}, {"most_values": 60, "most_series": 2}]):
        path, out = tmp_path / f"{number}.statecast", tmp_path / f"{number}.parquet"
        pieces = Pieces(tmp_path / "mixed.parquet", **cut)
        run = fit_forecast(pieces, QUICK, level=LEVEL, save=path, out=out if number else None)
        written = pd.read_parquet(out) if number else run.forecast.to_frame()
        pd.testing.assert_frame_equal(written, whole, check_exact=True, check_dtype=False)
        ahead = sc.load(path).forecast(level=LEVEL).to_frame()
        expected = whole[whole.unique_id.isin(usable)].reset_index(drop=True)
        pd.testing.assert_frame_equal(ahead, expected, check_exact=True)


@pytest.mark.parametrize("weights", ["equal", "inverse_error"])
def test_a_model_of_what_shared_recipes_have_learnt(mixed: pd.DataFrame, tmp_path: Path, weights):
    usable = mixed[~mixed.unique_id.isin([*"beh"])]
    recipe = Combination((sc.shared(epochs=3, members=2, units=4, horizon=4), last_value()), weights)
    run = fit_forecast(usable, recipe, level=LEVEL, save=tmp_path / "m")
    apart = fit_forecast(Pieces(usable, most_series=4), recipe, level=LEVEL)
    ahead = sc.load(tmp_path / "m").forecast(level=LEVEL)
    for one in (run.forecast, apart.forecast):
        pd.testing.assert_frame_equal(ahead.to_frame(), one.to_frame(), check_exact=True)


def test_a_model_of_a_cluster_or_of_half_a_run_is_refused(mixed: pd.DataFrame, tmp_path: Path):
    for given in ({"engine": "dask"}, {"resume": True, "out": tmp_path / "o.csv"}):
        with pytest.raises(ParameterError, match="--save and --"):
            fit_forecast(mixed, QUICK, save=tmp_path / "m", **given)
    with pytest.raises(FileError, match="does not exist"):
        fit_forecast(mixed, QUICK, save=tmp_path / "no" / "m")
    assert not list(tmp_path.iterdir())


def test_series_beside_change_no_bit(mixed: pd.DataFrame, whole: pd.DataFrame):
    for names in ("acl", "lca", "abefg"):
        few = mixed[mixed.unique_id.isin([*names])]
        found = fit_forecast(few, QUICK, level=LEVEL).forecast.to_frame()
        expected = whole[whole.unique_id.isin([*names])].reset_index(drop=True)
        pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_file_holds_what_is_returned_without_one(mixed: pd.DataFrame, whole: pd.DataFrame, tmp_path: Path, ending):
    out = tmp_path / f"next.{ending}"
    run = fit_forecast(Pieces(mixed, most_series=5), QUICK, level=LEVEL, out=out)
    assert run.forecast is None
    read = pd.read_parquet(out) if ending == "parquet" else pd.read_csv(out, dtype=str)
    read = read.astype(dict(whole.dtypes))  # numbers by Python's float: pandas 2 rounds the last bit as it reads
    pd.testing.assert_frame_equal(read, whole, check_exact=True)
    failures = pd.read_csv(tmp_path / "next.failures.csv")
    assert failures.to_dict("records") == [vars(failure) for failure in run.failures]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["next.failures.csv", f"next.{ending}"])


def test_failures_of_an_earlier_run_go(mixed: pd.DataFrame, tmp_path: Path):
    out = tmp_path / "next.csv"
    fit_forecast(mixed, last_value(), out=out)
    assert not (tmp_path / "next.failures.csv").exists()
    fit_forecast(mixed, QUICK, out=out)
    assert (tmp_path / "next.failures.csv").exists()
    fit_forecast(mixed, last_value(), out=out)
    assert not (tmp_path / "next.failures.csv").exists()


def test_progress_counts_series(mixed: pd.DataFrame):
    seen = []
    fit_forecast(Pieces(mixed, most_series=5), last_value(), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 12), (5, 12), (10, 12), (12, 12)]


def test_a_recipe_that_fits_no_series_is_refused(mixed: pd.DataFrame, tmp_path: Path):
    with pytest.raises(DataError, match="none of the 12 series can be forecast with the recipe last_season: 'a', for"):
        fit_forecast(mixed, LastSeason(1000), out=tmp_path / "next.csv")
    assert not (tmp_path / "next.csv").exists()
    fit_forecast(mixed, last_value(), out=tmp_path / "next.csv")  # nothing stands in the way of another try


def test_wrong_arguments(mixed: pd.DataFrame, tmp_path: Path):
    with pytest.raises(FileError, match=r"ends in \.csv or \.parquet"):
        fit_forecast(mixed, QUICK, out=tmp_path / "next.xlsx")
    with pytest.raises(FileError, match="does not exist"):
        fit_forecast(mixed, QUICK, out=tmp_path / "no" / "next.csv")
    with pytest.raises(ParameterError, match="level"):
        fit_forecast("nowhere.csv", QUICK, level=100)
    with pytest.raises(ParameterError, match="name its engine"):
        fit_forecast("nowhere.csv", QUICK, address="tcp://somewhere")
    with pytest.raises(ParameterError, match="most_series"):
        Pieces("nowhere.csv", most_series=0)
    with pytest.raises(ParameterError, match="name it with --out"):
        fit_forecast(mixed, QUICK, resume=True)
    mixed.to_parquet(tmp_path / "mixed.parquet")
    with pytest.raises(ParameterError, match="outside the folder"):
        fit_forecast(tmp_path, QUICK, out=tmp_path / "next.csv")


def test_options_of_reading(mixed: pd.DataFrame):
    renamed = mixed.rename(columns={"unique_id": "shop", "ds": "month", "y": "sold"})
    run = fit_forecast(Pieces(renamed, Roles(id="shop", target="sold")), last_value(), horizon=1)
    assert run.forecast.ids == tuple("abcdefghijkl")


@dataclass(frozen=True)
class Shared:
    """A shared recipe: the mean of all values is its forecast of every series."""

    fits: list[tuple[str, ...]]
    mean: float | None = None
    shared: bool = True
    shortest: int = 2
    name: str = "mean"
    seeds: tuple[int, ...] = ()

    def fit(self, data, *, threads=1, progress=None):
        """Learn the mean, where it is not known."""
        if self.mean is None:
            self.fits.append(data.ids)
        return _Mean(self, last_value().fit(data), self.mean or float(data.values.mean()))


@dataclass(frozen=True)
class _Mean:
    recipe: Shared
    fitted: object
    mean: float

    @property
    def pretrained(self) -> Shared:
        return replace(self.recipe, mean=self.mean, shared=False)

    def forecast(self, horizon, level=()):
        ahead = self.fitted.forecast(horizon, level)
        return replace(ahead, mean=np.full_like(ahead.mean, self.mean))


def test_a_shared_recipe_is_fitted_once_to_all_that_are_long_enough(mixed: pd.DataFrame):
    fits: list[tuple[str, ...]] = []
    run = fit_forecast(Pieces(mixed, most_series=3), Shared(fits), horizon=2)
    assert fits == [tuple("acdefghijkl")]
    assert [failure.unique_id for failure in run.failures] == ["b"]
    expected = mixed.y[mixed.unique_id != "b"].mean()
    np.testing.assert_allclose(np.delete(run.forecast.mean, 1, axis=0), expected)


def test_no_bit_of_a_shared_recipe_depends_on_how_an_input_is_cut(mixed: pd.DataFrame):
    recipe = sc.shared(epochs=2, members=2, units=4, horizon=3)
    whole, cut = (fit_forecast(Pieces(mixed, most_series=most), recipe, level=LEVEL) for most in (100, 3))
    pd.testing.assert_frame_equal(cut.forecast.to_frame(), whole.forecast.to_frame(), check_exact=True)
    assert not whole.failures  # a network that is trained forecasts a series of one observation too
    long = mixed[mixed.groupby("unique_id").y.transform("size") >= 3]
    direct = recipe.fit(long).pretrained.fit(mixed).forecast(3)
    np.testing.assert_array_equal(whole.forecast.mean, direct.mean)


def test_a_shared_recipe_learns_from_a_sample_of_an_input_that_is_read_in_parts(mixed: pd.DataFrame):
    fits: list[tuple[str, ...]] = []
    rows = mixed.groupby("unique_id", sort=False).size()
    pieces = Pieces(mixed, most_values=int(rows.sum()) // 3)
    run = fit_forecast(pieces, Shared(fits), horizon=2)
    (learnt,) = fits
    assert 2 <= len(learnt) < len(rows) - 1
    assert set(learnt) < set(rows.index)
    assert len({learnt[0] in rows.index[:4], learnt[-1] in rows.index[-6:]}) == 1  # from the first part to the last
    assert run.series == len(rows)


def test_a_shared_recipe_takes_a_series_to_learn_from(mixed: pd.DataFrame):
    with pytest.raises(DataError, match="at least 3 observations, got 1"):
        fit_forecast(mixed[mixed.unique_id.isin(["b", "e"])], sc.shared(epochs=2, horizon=3))


def test_a_combination_with_a_shared_recipe(mixed: pd.DataFrame):
    fits: list[tuple[str, ...]] = []
    both = Combination((last_value(), Shared(fits)))
    run = fit_forecast(Pieces(mixed, most_series=3), both, horizon=2)
    assert len(fits) == 1
    last = mixed.groupby("unique_id").y.last().to_numpy()
    mean = mixed.y.mean()
    np.testing.assert_allclose(run.forecast.mean, np.repeat((last + mean) / 2, 2).reshape(-1, 2))
    weighed = replace(both, weights="inverse_error")  # found by networks that have not seen the ends
    run = fit_forecast(Pieces(mixed, most_series=3), weighed, horizon=2)
    np.testing.assert_array_equal(run.forecast.mean, weighed.fit(mixed).forecast(2).mean)


def test_what_reading_refuses_is_named_in_its_place(mixed: pd.DataFrame, whole: pd.DataFrame):
    """Series c has no value at all, and j few: a baseline goes on from the last of them that follow each other."""
    spoilt = mixed.copy()
    spoilt.loc[spoilt.unique_id == "c", "y"] = np.nan
    rows = spoilt.index[spoilt.unique_id == "j"]
    spoilt.loc[rows[3:-2], "y"] = np.nan
    run = fit_forecast(Pieces(spoilt, most_series=5), QUICK, level=LEVEL)
    assert [(f.unique_id, f.method) for f in run.failures] == [
        ("b", "last_value"),
        ("c", "none"),
        ("e", "last_value"),
        ("h", "last_value"),
        ("j", "last_value"),
    ]
    assert "30 missing values" in run.failures[1].reason
    assert "more than half" in run.failures[4].reason
    assert run.forecast.ids == tuple("abdefghijkl")
    found = run.forecast.to_frame()
    others = found[~found.unique_id.isin(["j"])].reset_index(drop=True)
    expected = whole[~whole.unique_id.isin(["c", "j"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, expected, check_exact=True)
    np.testing.assert_array_equal(found["mean"][found.unique_id == "j"], spoilt.y[rows[-1]])


def test_a_piece_without_a_usable_series(mixed: pd.DataFrame, tmp_path: Path):
    spoilt = mixed.assign(y=mixed.y.where(~mixed.unique_id.isin([*"def"])))
    for source in (spoilt, tmp_path / "spoilt.parquet"):
        spoilt.to_parquet(tmp_path / "spoilt.parquet", index=False)
        run = fit_forecast(Pieces(source, most_series=3), QUICK, out=tmp_path / "next.csv")
        assert [f.unique_id for f in run.failures if f.method == "none"] == [*"def"]
        assert pd.read_csv(tmp_path / "next.csv").unique_id.unique().tolist() == [*"abcghijkl"]


def test_an_input_of_which_nothing_can_be_used(mixed: pd.DataFrame):
    nothing = mixed.assign(y=mixed.y.where(mixed.unique_id == "nobody"))
    with pytest.raises(DataError, match="missing"):
        Pieces(nothing).sample(5)
    with pytest.raises(DataError, match="none of the 12 series can be forecast"):
        fit_forecast(nothing, QUICK)
