"""What is known of the steps ahead, told to what was fitted before it was known."""

from __future__ import annotations

from dataclasses import replace

from statecast.errors import DataError
from statecast.recipes._combination import FittedCombination
from statecast.recipes._fitted_auto import FittedAuto
from statecast.recipes._fitted_shared import FittedShared
from statecast.series import Fitted

_SEEING = (FittedAuto, FittedShared)


def foresee(fitted: Fitted, future: object) -> Fitted:
    """Return a fitted recipe that knows the known covariates of the steps after its last observation.

    Parameters
    ----------
    fitted : Fitted
    future : path or data frame
        What ``series.read_future`` takes.

    Raises
    ------
    DataError
        If the table is wrong, or the recipe makes no use of known covariates.

    Examples
    --------
    >>> import pandas as pd
    >>> import statecast as sc
    >>> days = pd.date_range("2024-01-01", periods=12)
    >>> rows = pd.DataFrame({"day": days, "sold": [5.0, 9, 4, 6, 8, 5] * 2, "promo": [0, 1, 0, 0, 1, 0] * 2})
    >>> fitted = sc.auto(epochs=2, horizon=1).fit(sc.read(rows, target="sold", known="promo"))
    >>> tomorrow = pd.DataFrame({"day": days[-1:] + pd.Timedelta(days=1), "promo": [1]})
    >>> foresee(fitted, tomorrow).forecast().mean.shape
    (1, 1)
    """
    if isinstance(fitted, FittedAuto):
        return replace(fitted, grouped=fitted.grouped.foresee(future))
    if isinstance(fitted, FittedShared):
        return replace(fitted, grouped=fitted.grouped.foresee(future))
    if isinstance(fitted, FittedCombination) and any(isinstance(one, _SEEING) for one in fitted.fitted):
        told = tuple(foresee(one, future) if isinstance(one, _SEEING) else one for one in fitted.fitted)
        return replace(fitted, fitted=told)
    raise DataError(f"the recipe {fitted.recipe.name} makes no use of known covariates: leave --future (future=) out.")
