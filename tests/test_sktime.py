"""The adapter to sktime: sktime's own checks, and the same numbers as without it."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

pytest.importorskip("sktime")

import sktime.datatypes
from sktime.forecasting.model_evaluation import evaluate
from sktime.forecasting.model_selection import ForecastingGridSearchCV
from sktime.split import ExpandingWindowSplitter
from sktime.utils.estimator_checks import check_estimator

import statecast as sc
import statecast.sktime
from statecast.errors import DataError, ParameterError, RevisionWarning
from statecast.recipes import FittedAuto
from statecast.sktime import StatecastForecaster

QUICK = {"auto": sc.auto(epochs=5, members=2), "classic": sc.classic(epochs=5)}
recipes = pytest.mark.parametrize("recipe", QUICK.values(), ids=QUICK)


@pytest.fixture
def months(shampoo) -> pd.Series:
    return pd.Series(shampoo, index=pd.period_range("1991-01", periods=36, freq="M"), name="sales")


def frame(y: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"ds": y.index.to_timestamp(), "y": y.to_numpy()})


def networks(fitted):
    return fitted.grouped.parts[0].running.networks if isinstance(fitted, FittedAuto) else fitted.networks


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # of sktime about itself
def test_the_checks_of_sktime():
    results = check_estimator(StatecastForecaster, raise_exceptions=True, verbose=False)
    assert len(results) > 500
    assert set(results.values()) == {"PASSED"}


@recipes
def test_forecasts_are_those_of_the_recipe(months, recipe):
    ahead = StatecastForecaster(recipe).fit(months).predict(fh=[1, 3, 14])
    expected = recipe.fit(frame(months)).forecast(14).mean[0]
    assert_array_equal(ahead.to_numpy(), expected[[0, 2, 13]])
    assert ahead.index.tolist() == [pd.Period(month, "M") for month in ("1994-01", "1994-03", "1995-02")]
    assert ahead.name == "sales"


def test_a_horizon_known_when_fitting_is_the_recipes_unless_it_has_its_own(months):
    fitted = StatecastForecaster(QUICK["auto"]).fit(months, fh=[2, 5])
    assert fitted.fitted_.recipe.horizon == 5
    expected = sc.auto(epochs=5, members=2, horizon=5).fit(frame(months)).forecast().mean[0]
    assert_array_equal(fitted.predict().to_numpy(), expected[[1, 4]])
    own = StatecastForecaster(sc.auto(epochs=5, horizon=3)).fit(months, fh=[2, 5])
    assert own.fitted_.recipe.horizon == 3


@recipes
@pytest.mark.parametrize("update_params", [True, False])
def test_update_carries_the_state_and_does_not_train(months, recipe, update_params):
    forecaster = StatecastForecaster(recipe).fit(months[:30])
    before = networks(forecaster.fitted_)
    forecaster.update(months[30:33], update_params=update_params)
    forecaster.update(months[33:], update_params=update_params)
    assert networks(forecaster.fitted_) is before
    expected = recipe.fit(frame(months[:30])).update(frame(months)).forecast(2).mean[0]
    ahead = forecaster.predict(fh=[1, 2])
    assert_array_equal(ahead.to_numpy(), expected)
    assert ahead.index[0] == pd.Period("1994-01", "M")
    forecaster.update(months[30:])  # seen already
    assert_array_equal(forecaster.predict(fh=[1, 2]).to_numpy(), expected)


@pytest.mark.parametrize(
    ("index", "following", "season"),
    [
        (pd.RangeIndex(12), 12, 1),
        (pd.Index(np.arange(7, 19)), 19, 1),
        (pd.period_range("2024-01", periods=12, freq="M"), pd.Period("2025-01", "M"), 12),
        (pd.period_range("2024Q1", periods=12, freq="Q-JAN"), pd.Period("2027Q1", "Q-JAN"), 4),
        (pd.period_range("2024-01-01", periods=12, freq="W-SUN"), pd.Period("2024-03-25", "W-SUN"), 52),
        (pd.date_range("2024-01-31", periods=12, freq="ME"), pd.Timestamp("2025-01-31"), 12),
        (pd.date_range("2024-01-01", periods=12, freq="B"), pd.Timestamp("2024-01-17"), 5),
        (pd.date_range("2024-01-01", periods=12, freq="h"), pd.Timestamp("2024-01-01 12:00"), 24),
        (pd.DatetimeIndex(list(pd.date_range("2024-01-01", periods=12))), pd.Timestamp("2024-01-13"), 7),
    ],
    ids=lambda value: getattr(value, "freqstr", None) or type(value).__name__,
)
def test_every_kind_of_index(index, following, season):
    y = pd.Series(10.0 + np.arange(len(index)) % 4, index=index)
    forecaster = StatecastForecaster(QUICK["auto"]).fit(y.iloc[:-1], fh=[1])
    assert forecaster.predict().index[0] == index[-1]
    assert forecaster.update(y.iloc[-1:]).predict().index[0] == following
    assert forecaster.fitted_.origin.frequency.season == season
    if season > 1:
        assert StatecastForecaster(QUICK["auto"], season=3).fit(y).fitted_.origin.frequency.season == 3


def test_gaps_are_refused(months):
    with pytest.raises(DataError, match="1991-04-01 is missing"):
        StatecastForecaster(QUICK["auto"]).fit(months.drop(pd.Period("1991-04", "M")))
    with pytest.raises(DataError, match="time stamp 1 is missing"):
        StatecastForecaster(QUICK["auto"]).fit(pd.Series(np.arange(9.0), index=np.arange(0, 18, 2)))
    fitted = StatecastForecaster(QUICK["auto"]).fit(months[:30])
    with pytest.raises(DataError, match="first new row"):
        fitted.update(months[32:])
    with pytest.raises(DataError, match="expected rows after 1993-06-01"):
        fitted.update(months[:20])


def test_revised_rows_are_told_and_taken_in(months):
    forecaster = StatecastForecaster(QUICK["auto"]).fit(months[:30], fh=[1, 2]).update(months[30:33])
    late = months.copy()
    late.iloc[31] += 50.0
    with pytest.warns(RevisionWarning, match="1 row seen before with another value"):
        forecaster.update(late[30:33])
    straight = StatecastForecaster(QUICK["auto"]).fit(months[:30], fh=[1, 2]).update(late[30:33])
    np.testing.assert_allclose(forecaster.predict(), straight.predict(), rtol=1e-6)


def test_every_series_of_a_panel_is_as_if_alone(months):
    shops = {"a": months, "b": months.iloc[::-1].set_axis(months.index)}
    together = pd.concat({shop: y.to_frame() for shop, y in shops.items()}, names=["shop", "month"])
    ahead = StatecastForecaster(QUICK["auto"]).fit(together, fh=[1, 2]).predict()
    for shop, y in shops.items():
        alone = StatecastForecaster(QUICK["auto"]).fit(y, fh=[1, 2]).predict()
        assert_array_equal(ahead.loc[shop]["sales"].to_numpy(), alone.to_numpy())
    assert sktime.datatypes.check_is_mtype(ahead, "pd-multiindex")


def test_evaluate_refits_or_updates(months):
    """Two origins a half-year apart: the recipe fitted to all before each, or fitted once and updated."""
    splits = ExpandingWindowSplitter(fh=[1, 2], initial_window=24, step_length=6)
    recipe = sc.classic(epochs=5, horizon=2)
    for strategy in ("refit", "update"):
        results = evaluate(StatecastForecaster(recipe), cv=splits, y=months, strategy=strategy, return_data=True)
        first = recipe.fit(frame(months[:24]))
        second = recipe.fit(frame(months[:30])) if strategy == "refit" else first.update(frame(months[:30]))
        for forecast, fitted in zip(results["y_pred"], (first, second), strict=True):
            assert_array_equal(forecast.to_numpy(), fitted.forecast(2).mean[0])


@pytest.mark.filterwarnings("ignore:The default of config:FutureWarning")  # of the search itself
def test_a_grid_search_over_recipes_finds_the_better_one():
    y = pd.Series(100 + 20 * (-1.0) ** np.arange(40))
    good, bad = (sc.classic(units=2, epochs=180, difference=0, learning_rate=rate) for rate in (0.02, 1e-6))
    splits = ExpandingWindowSplitter(fh=[1], initial_window=30, step_length=3)
    search = ForecastingGridSearchCV(StatecastForecaster(), cv=splits, param_grid={"recipe": [bad, good]})
    assert search.fit(y, fh=[1]).best_params_ == {"recipe": good}


def test_parameters_clones_and_pickles(months):
    forecaster = StatecastForecaster(QUICK["classic"], season=6, threads=2)
    assert forecaster.get_params() == {"recipe": QUICK["classic"], "season": 6, "threads": 2}
    assert forecaster.clone().get_params() == forecaster.get_params()
    forecaster.fit(months)
    again = pickle.loads(pickle.dumps(forecaster))
    assert_array_equal(again.predict(fh=[1, 2]), forecaster.predict(fh=[1, 2]))


def test_recipes_by_name_and_what_is_no_recipe(months):
    assert StatecastForecaster("classic")._recipe() == sc.classic()
    assert StatecastForecaster("auto")._recipe() == StatecastForecaster()._recipe() == sc.auto()
    for recipe, message in (("arima", "recipe must be one of auto, classic"), (5, "expected a recipe")):
        with pytest.raises(ParameterError, match=message):
            StatecastForecaster(recipe).fit(months)


def test_forecasts_of_the_past_are_refused(months):
    with pytest.raises(NotImplementedError, match="in-sample"):
        StatecastForecaster(QUICK["auto"]).fit(months).predict(fh=[-1, 1])


def test_intervals_are_those_of_the_forecast_in_the_columns_of_sktime(months):
    forecaster = StatecastForecaster(QUICK["auto"]).fit(months)
    bounds = forecaster.predict_interval(fh=[1, 3], coverage=[0.8, 0.975])
    assert bounds.columns.tolist() == [("sales", c, side) for c in (0.8, 0.975) for side in ("lower", "upper")]
    ahead = QUICK["auto"].fit(frame(months)).forecast(3, level=(80, 97.5))
    expected = [ahead.bounds[name][0, [0, 2]] for name in ("lo-80", "hi-80", "lo-97.5", "hi-97.5")]
    assert_array_equal(bounds.to_numpy(), np.stack(expected, axis=1))
    assert bounds.index.tolist() == [pd.Period("1994-01", "M"), pd.Period("1994-03", "M")]


def test_exogenous_columns_are_known_covariates():
    rng = np.random.default_rng(0)
    index = pd.period_range("2010-01", periods=80, freq="M")
    X = pd.DataFrame({"promo": (rng.random(80) < 0.4) * 1.0, "y": rng.normal(size=80)}, index=index)
    y = pd.Series(50 + 9 * X.promo + rng.normal(0, 0.5, 80), index=index, name="y")
    forecaster = StatecastForecaster(sc.auto(members=2)).fit(y[:60], X=X[:60])
    first = forecaster.predict(fh=[1, 2, 3, 4, 5, 6], X=X[60:66])
    assert np.abs(first - y[60:66]).max() < 4  # nine without the promotions
    forecaster.update(y[60:70], X=X[60:70])
    table = pd.DataFrame({"ds": index.to_timestamp(), "y": y.to_numpy(), "p": X.promo.to_numpy(), "q": X.y.to_numpy()})
    panel = sc.read(table.iloc[:60], target="y", known=["p", "q"])
    alone = sc.auto(members=2).fit(panel).update(table.iloc[:70])
    expected = alone.forecast(3, future=table.iloc[70:73].drop(columns="y")).mean[0]
    assert_array_equal(forecaster.predict(fh=[1, 3], X=X[70:73]).to_numpy(), expected[[0, 2]])


@pytest.fixture(scope="module")
def promoted():
    """Return a forecaster with an exogenous column, and the rows of the column."""
    rng = np.random.default_rng(0)
    index = pd.period_range("2010-01", periods=80, freq="M")
    X = pd.DataFrame({"promo": (rng.random(80) < 0.4) * 1.0, "price": rng.normal(size=80)}, index=index)
    y = pd.Series(50 + 9 * X.promo + rng.normal(0, 0.5, 80), index=index, name="y")
    return StatecastForecaster(sc.auto(members=2)).fit(y[:60], X=X[:60]), X, y


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (lambda X: X[60:64], "none for 2 of 6, the first at 2015-05"),
        (lambda X: X[64:66], "none for 4 of 6, the first at 2015-01"),
        (lambda X: X[48:60], "none for 6 of 6, the first at 2015-01"),
        (lambda X: X[60:66][["price"]], r"expected the columns of fit, \['promo', 'price'\], got none called 'promo'"),
    ],
)
def test_exogenous_rows_that_do_not_reach_are_refused(promoted, rows, message):
    forecaster, X, _ = promoted
    with pytest.raises(DataError, match=message):
        forecaster.predict(fh=range(1, 7), X=rows(X))


def test_more_exogenous_rows_than_needed_are_passed_over_by_date(promoted):
    forecaster, X, _ = promoted
    expected = forecaster.predict(fh=range(1, 7), X=X[60:66])
    for rows in (X, X[50:], X[60:66][["price", "promo"]]):
        assert_array_equal(forecaster.predict(fh=range(1, 7), X=rows), expected)


def test_rows_of_steps_that_fh_leaves_out_are_asked_for(promoted):
    forecaster, X, _ = promoted
    with pytest.warns(UserWarning, match="no row for 5 steps before 2015-06 that fh leaves out, the first at 2015-01"):
        alone = forecaster.predict(fh=[6], X=X[65:66])
    same = X[60:66].assign(**X.iloc[65].to_dict())
    assert_array_equal(alone, forecaster.predict(fh=[6], X=same))


def test_exogenous_rows_with_blanks_and_updates_without_them_are_refused(promoted):
    forecaster, X, y = promoted
    with pytest.raises(ValueError, match="cannot handle missing data"):  # sktime's own
        forecaster.predict(fh=range(1, 7), X=X[60:66].assign(promo=[1, 0, np.nan, 1, 0, 1]))
    with pytest.raises(ValueError, match="not contained in index"):
        pickle.loads(pickle.dumps(forecaster)).update(y[60:66], X=X[60:64])
    with pytest.raises(DataError, match="covariates 'X promo', 'X price', got none"):
        pickle.loads(pickle.dumps(forecaster)).update(y[60:66])
