"""Trees of dataclasses, taken apart and put together."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from statecast.errors import DataError
from statecast.storage import Tree, storable
from statecast.storage import _tree as tree_module


@pytest.fixture(autouse=True)
def no_kinds_stay(monkeypatch):
    monkeypatch.setattr(tree_module, "_KINDS", dict(tree_module._KINDS))


def kinds():
    @storable
    @dataclass(frozen=True, eq=False)
    class Leaf:
        values: np.ndarray
        name: str = "leaf"

    @storable
    @dataclass(frozen=True, eq=False)
    class Branch:
        leaves: tuple[Leaf, ...]
        numbers: tuple[object, ...] = ()
        names: tuple[str, ...] = ()
        extra: object = field(default=None)

    return Leaf, Branch


def there_and_back(value: object) -> object:
    tree = Tree.of(value)
    return Tree(json.loads(json.dumps(tree.document, allow_nan=False)), tree.arrays).value()


def test_all_that_may_be_in_it_comes_back_the_same():
    Leaf, Branch = kinds()
    numbers = (None, True, 1, 2**60, 0.1, 1e-300, math.inf, -math.inf, "ä</script>\0", (), ((1, (2.0,)),))
    arrays = [
        np.arange(6.0).reshape(2, 3)[:, ::-1],
        np.float32([1, np.nan]),
        np.array([[True]]),
        np.array(3.0),
        np.zeros((0, 4), np.int64),
        np.array(["2020-01-01", "NaT"], "datetime64[us]"),
        np.array([["2020-01-01"]], "datetime64[D]"),
    ]
    names = tuple(f"series {n}" for n in range(20))
    back = there_and_back(Branch(tuple(Leaf(a, f"{n}") for n, a in enumerate(arrays)), numbers, names, np.float64(2)))
    assert isinstance(back, Branch)
    assert back.numbers == numbers
    assert [type(one) for one in back.numbers] == [type(one) for one in numbers]
    assert (back.names, back.extra) == (names, 2.0)
    assert isinstance(back.extra, float)
    for n, (leaf, array) in enumerate(zip(back.leaves, arrays, strict=True)):
        assert leaf.name == str(n)
        assert leaf.values.dtype == array.dtype
        assert_array_equal(leaf.values, array)


def test_an_array_or_a_long_list_of_names_that_is_used_twice_is_stored_once():
    Leaf, Branch = kinds()
    values, names = np.arange(5), tuple("abcdefghij")
    tree = Tree.of(Branch((Leaf(values), Leaf(values)), (names,), names))
    assert set(tree.arrays) == {"leaves.0.values", "numbers.0"}
    back = tree.value()
    assert isinstance(back, Branch)
    assert back.leaves[0].values is back.leaves[1].values
    assert back.numbers == (names,)


@pytest.mark.parametrize("value", [object(), {"a": 1}, [1], {1}, 1j, np.array(["text"]), np.array([None]), print, int])
def test_other_things_are_not_stored(value):
    _, Branch = kinds()
    with pytest.raises(TypeError, match=r"numbers\.0: .*cannot be stored"):
        Tree.of(Branch((), (value,)))


def test_a_class_that_is_not_storable_is_not_stored_even_if_it_is_called_like_one():
    @dataclass(frozen=True)
    class Leaf:
        values: int

    stranger = Leaf(1)
    kinds()
    with pytest.raises(TypeError, match="Leaf cannot be stored"):
        Tree.of(stranger)


def test_a_field_that_has_come_since_has_its_default():
    _, Branch = kinds()
    back = Tree({"is": "Branch", "leaves": []}, {}).value()
    assert isinstance(back, Branch)
    assert (back.leaves, back.numbers) == ((), ())


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"is": "Twig"}, "'Twig', which this version does not know; a newer"),
        ({"is": ["Leaf"]}, "does not know"),
        ({"is": "Leaf", "values": 1, "colour": 2}, "Leaf has a 'colour' in it; a newer"),
        ({"is": "Leaf"}, "Leaf has no 'values'"),
        ({"array": "nowhere"}, "does not fit together"),
        ({"array": {}}, "does not fit together"),
        ({"function": "a"}, "'function', which this version does not know"),
        ({"stamps_": "a"}, "does not fit"),
        ({"stamps_parsecs": "a"}, "does not fit"),
        ({"names": "a"}, "does not fit"),
        ({"float": "__import__('os')"}, "does not fit"),
        ({}, "does not fit"),
        ({"array": "a", "float": "1"}, "does not fit"),
    ],
)
def test_what_does_not_fit_together_is_refused(document, message):
    kinds()
    with pytest.raises(DataError, match=message):
        Tree(document, {"a": np.zeros(3, np.float32)}).value()


def test_kinds_have_one_name_each_and_are_dataclasses():
    kinds()
    with pytest.raises(TypeError, match="two kinds called Leaf"):
        kinds()
    with pytest.raises(TypeError, match="expected a dataclass"):
        storable(int)
