"""Evaluation: walk-forward tests, comparison with the baselines, and the verdict. Knows only the protocols."""

from __future__ import annotations

from statecast.evaluation._backtest import backtest as backtest
from statecast.evaluation._verdict import Spread as Spread
from statecast.evaluation._verdict import verdict as verdict

__all__ = ["Spread", "backtest", "verdict"]
