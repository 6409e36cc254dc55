"""Trees of frozen dataclasses as a document and arrays, and back: what a model file holds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from statecast.errors import DataError

Array = NDArray[np.generic]
Class = TypeVar("Class", bound=type)

_KINDS: dict[str, type] = {}
_IS = "is"  # the key of a kind's name; no field is called so
_FEW_NAMES = 8  # a longer list of them is stored once, however often it is used


@runtime_checkable
class StandsIn(Protocol):
    """What is not stored as it is, but as something else that does the same."""

    def stored(self) -> object:
        """Return what is stored in its place."""
        ...


def storable(cls: Class) -> Class:
    """Say that objects of a frozen dataclass may stand in a model file, under the name of their class.

    A kind may get new fields with a default; files without them can still be read.

    Raises
    ------
    TypeError
        If it is no dataclass, has a field called "is", or there is another kind of its name.
    """
    if not is_dataclass(cls) or any(f.name == _IS for f in fields(cls)):
        raise TypeError(f"{cls.__name__}: expected a dataclass without a field called {_IS!r}.")
    if _KINDS.setdefault(cls.__name__, cls) is not cls:
        raise TypeError(f"there are two kinds called {cls.__name__}.")
    return cls


@dataclass(frozen=True)
class Tree:
    """A document of what JSON can hold, and the arrays that it names.

    Attributes
    ----------
    document : object
    arrays : mapping of str to array
        By the names of the fields that lead there; an array that is used twice is here once.
    """

    document: object
    arrays: Mapping[str, Array]

    @classmethod
    def of(cls, value: object) -> Tree:
        """Take a tree of storable objects, tuples, arrays, numbers and text apart.

        Raises
        ------
        TypeError
            If there is something else in it.
        """
        flat = _Flat()
        return cls(flat.of(value, ()), flat.arrays)

    def value(self) -> object:
        """Put it together again; nothing but kinds that are storable is made.

        Raises
        ------
        DataError
            If it does not fit together, or names a kind or a field that there is not.
        """
        try:
            return self._value(self.document)
        except DataError:
            raise
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
            raise DataError(f"it does not fit together ({error})") from None

    def _value(self, part: object) -> object:
        if isinstance(part, list):
            return tuple(self._value(one) for one in part)
        if not isinstance(part, dict):
            return part
        if _IS in part:
            return self._object(part)
        ((key, given),) = part.items()
        if key == "float":
            return float(given)
        found = self.arrays[given]
        if key == "names":
            return tuple(str(name) for name in json.loads(found.tobytes()))
        return found if key == "array" else found.view(_stamps(key))

    def _object(self, part: Mapping[str, object]) -> object:
        name = part[_IS]
        kind = _KINDS.get(name) if isinstance(name, str) else None
        if kind is None:
            raise DataError(f"it holds a {name!r}, which this version does not know; a newer Statecast can read it")
        known = {f.name: f for f in fields(kind)}
        if unknown := sorted(set(part) - set(known) - {_IS}):
            raise DataError(f"{name} has a {unknown[0]!r} in it; a newer Statecast can read it")
        required = [n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING]
        if missing := [n for n in required if n not in part]:
            raise DataError(f"{name} has no {missing[0]!r} in it")
        return kind(**{n: self._value(part[n]) for n in known if n in part})


@dataclass
class _Flat:
    """The arrays found so far, and what they were found as: an object is kept, so that its id stays its own."""

    arrays: dict[str, Array] = field(default_factory=dict)
    found: dict[int, tuple[object, str]] = field(default_factory=dict)

    def of(self, value: object, path: tuple[str, ...]) -> object:
        if isinstance(value, StandsIn):
            value = value.stored()
        if isinstance(value, np.ndarray):
            return self._array(value, path)
        if isinstance(value, tuple):
            if len(value) > _FEW_NAMES and all(isinstance(one, str) for one in value):
                return {"names": self._once(value, np.frombuffer(json.dumps(value).encode(), np.uint8), path)}
            return [self.of(one, (*path, str(n))) for n, one in enumerate(value)]
        kind = type(value)
        if _KINDS.get(kind.__name__) is kind and is_dataclass(value):
            named = {f.name: self.of(getattr(value, f.name), (*path, f.name)) for f in fields(value)}
            return {_IS: kind.__name__, **named}
        return _scalar(value, path)

    def _array(self, array: Array, path: tuple[str, ...]) -> object:
        if array.dtype.kind == "M":
            unit = array.dtype.name.removeprefix("datetime64[").removesuffix("]")
            return {f"stamps_{unit}": self._once(array, array.view(np.int64), path)}
        if array.dtype.kind not in "fiub":
            raise TypeError(f"{'.'.join(path)}: an array of {array.dtype} cannot be stored.")
        return {"array": self._once(array, array, path)}

    def _once(self, key: object, array: Array, path: tuple[str, ...]) -> str:
        """Return the name of an array, which is the same for the same object."""
        name = self.found.setdefault(id(key), (key, ".".join(path)))[1]
        self.arrays.setdefault(name, np.ascontiguousarray(array).reshape(array.shape))
        return name


def _scalar(value: object, path: tuple[str, ...]) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if value is None or isinstance(value, (bool, int, str, float)):
        return value
    raise TypeError(f"{'.'.join(path)}: a {type(value).__name__} cannot be stored.")


def _stamps(key: object) -> np.dtype[np.datetime64]:
    word, _, unit = str(key).partition("_")
    if word != "stamps":
        raise DataError(f"it holds a {key!r}, which this version does not know; a newer Statecast can read it")
    return np.dtype(f"datetime64[{unit}]")
