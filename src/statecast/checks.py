"""Checks of arguments: each returns the value it was given, or says what was expected and what came."""

from __future__ import annotations

import math
import numbers
import os
from collections.abc import Sequence
from typing import TypeVar

from statecast.errors import ParameterError

Kind = TypeVar("Kind")
MAX_THREADS = 1024


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def whole_number(name: str, value: object, low: int, high: int) -> int:
    """Return value as an int between low and high, both included.

    Raises
    ------
    ParameterError
        If value is no whole number (a bool is none), or out of range.
    """
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or not low <= int(value) <= high:
        raise ParameterError(f"{name} must be a whole number from {low} to {high:_}, got {value!r}.")
    return int(value)


def positive(name: str, value: object, high: float) -> float:
    """Return value as a float above zero and at most high.

    Raises
    ------
    ParameterError
        If value is no finite number in that range.
    """
    if not isinstance(value, numbers.Real) or isinstance(value, bool) or not 0 < float(value) <= high:
        raise ParameterError(f"{name} must be a number above 0 and at most {high:g}, got {value!r}.")
    return float(value)


def number(name: str, value: object) -> float:
    """Return value as a finite float.

    Raises
    ------
    ParameterError
        If value is no finite number.
    """
    if not isinstance(value, numbers.Real) or isinstance(value, bool) or not math.isfinite(float(value)):
        raise ParameterError(f"{name} must be a finite number, got {value!r}.")
    return float(value)


def truth(name: str, value: object) -> bool:
    """Return value if it is True or False.

    Raises
    ------
    ParameterError
        If it is anything else.
    """
    if not isinstance(value, bool):
        raise ParameterError(f"{name} must be True or False, got {value!r}.")
    return value


def instance(name: str, value: object, kind: type[Kind]) -> Kind:
    """Return value if it is of this class.

    Raises
    ------
    ParameterError
        If it is not.
    """
    if not isinstance(value, kind):
        raise ParameterError(f"{name}: expected {kind.__name__}(..), got {value!r}.")
    return value


def choice(name: str, value: str, options: Sequence[str]) -> str:
    """Return value if it is one of the options.

    Raises
    ------
    ParameterError
        If it is none of them.
    """
    if value not in options:
        raise ParameterError(f"{name} must be one of {', '.join(options)}, got {value!r}.")
    return value
