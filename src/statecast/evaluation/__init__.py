"""Evaluation: walk-forward tests, comparison with the baselines, and the verdict. Knows only the protocols."""

from __future__ import annotations

from statecast.evaluation._backtest import backtest as backtest
from statecast.evaluation._paired import paired_test as paired_test
from statecast.evaluation._paired import student_tail as student_tail
from statecast.evaluation._trial import Trial as Trial
from statecast.evaluation._trial import Walks as Walks
from statecast.evaluation._trial import plan_of as plan_of
from statecast.evaluation._verdict import Spread as Spread
from statecast.evaluation._verdict import best as best
from statecast.evaluation._verdict import spoken as spoken
from statecast.evaluation._verdict import told as told
from statecast.evaluation._verdict import verdict as verdict

__all__ = [
    "Spread",
    "Trial",
    "Walks",
    "backtest",
    "best",
    "paired_test",
    "plan_of",
    "spoken",
    "student_tail",
    "told",
    "verdict",
]
