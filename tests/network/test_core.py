"""The compiled core as it stands: whatever it is given, it answers or refuses, and never crashes."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import statecast
from statecast.network._core import core

Arguments = dict[str, Any]
SHAPE = (2, 5, 3, 1, False, False)
P = (2 + 5 + 1) * 20 + 6 * 3
NETWORKS, ROWS = 3, 9
SQUARED = ("squared", [], 1.0)
ADAM = (0.9, 0.999, 1e-7, False, 0.0, 0.0)  # betas, epsilon, inside, decay, clip


def valid(function: str, dtype: type[np.floating] = np.float32) -> Arguments:
    """Return arguments that the function takes: three networks, two sequences of 4 and 5 rows."""
    x, y = np.full((ROWS, 2), 0.5, dtype), np.full((ROWS, 3), 0.1, dtype)
    if function == "gradient":
        h, c = np.zeros(5, dtype), np.zeros(5, dtype)
        flat = np.full(P, 0.1, dtype)
        return {"shape": SHAPE, "parameters": flat, "x": x, "y": y, "h": h, "c": c, "gradient": flat.copy()}
    if function == "run_batched":
        h, c = np.zeros((NETWORKS, 5), dtype), np.zeros((NETWORKS, 5), dtype)
        cubes = {"x": np.full((NETWORKS, 4, 2), 0.5, dtype), "present": np.ones((NETWORKS, 4), np.uint8)}
        flat, outputs = np.full(P, 0.1, dtype), np.zeros((NETWORKS, 4, 3), dtype)
        return {"shape": SHAPE, "parameters": flat, **cubes, "h": h, "c": c, "outputs": outputs, "threads": 1}
    offsets, of_network = np.array([0, 4, ROWS]), np.array([0, 1, 1])
    start = {"shape": SHAPE, "parameters": np.full((NETWORKS, P), 0.1, dtype), "x": x}
    if function == "run":
        h, c = np.zeros((NETWORKS, 5), dtype), np.zeros((NETWORKS, 5), dtype)
        where = {"starts": np.array([0, 4, 9]), "outputs": np.zeros((14, 3), dtype)}
        return {**start, "offsets": offsets, "of_network": of_network, "h": h, "c": c, **where, "threads": 1}
    which = {
        "y": y,
        "weights": np.ones_like(y),
        "offsets": offsets,
        "of_network": of_network,
        "held_out": np.array([1, 2]),
    }
    how = {"length": (2, 3, 0), "schedule": (1e-3, False, 0, 0.0), "loss": SQUARED, "adam": ADAM}
    losses = {"losses": np.zeros((NETWORKS, 2)), "held_out_losses": np.zeros((NETWORKS, 2))}
    return {**start, **which, **how, **losses, "outcomes": np.zeros((NETWORKS, 3), int), "threads": 1, "progress": None}


FUNCTIONS = ["run", "run_batched", "gradient", "train_online"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_arguments_that_fit_are_taken(function: str, dtype: type[np.floating]) -> None:
    getattr(core, function)(**valid(function, dtype))


def ones(*shape: int) -> np.ndarray:
    return np.ones(shape, np.float32)


def wrong(functions: list[str], name: str, values: list[Any]) -> list[tuple[str, str, Any]]:
    return [(function, name, value) for function in functions for value in values]


MANY = ["run", "train_online"]
WRONG = [
    *wrong(FUNCTIONS, "shape", [(*s, 1, False, False) for s in ((0, -1, 3), (2, 0, 3), (2, 5, 0), (-2, 5, 3))]),
    *wrong(FUNCTIONS, "shape", [(*s, 1, False, False) for s in ((2, 5, 4), (2, 4, 3), (2, 2**62, 3), (2**40, 5, 3))]),
    *wrong(FUNCTIONS, "shape", [(2, 5, 3, layers, False, False) for layers in (0, 2, 5, 2**62)]),
    *wrong(FUNCTIONS, "shape", [(2, 5, 3, 1, False, True), (2, 5, 2**63 - 1, 1, True, True)]),
    *wrong(["run", "gradient", "train_online"], "x", [ones(ROWS, 3), ones(ROWS - 1, 2), ones(0, 2)]),
    *wrong(
        ["run_batched"], "x", [ones(NETWORKS, 4, 3), ones(NETWORKS, 3, 2), ones(2, 4, 2), ones(0, 4, 2), ones(3, 0, 2)]
    ),
    *wrong(["run_batched"], "present", [np.ones(s, np.uint8) for s in ((2, 4), (3, 5), (0, 0))]),
    *wrong(["run_batched"], "outputs", [ones(NETWORKS, 4, 2), ones(NETWORKS, 3, 3), ones(2, 4, 3)]),
    *wrong(["gradient", "train_online"], "y", [ones(ROWS, 2), ones(ROWS + 1, 3)]),
    *wrong(MANY, "parameters", [ones(NETWORKS, P - 1), ones(NETWORKS - 1, P)]),
    *wrong(MANY, "offsets", [np.array(o, np.int64) for o in ([], [0], [0, 4, 8], [1, 4, 9], [0, 4, 4, 9])]),
    *wrong(MANY, "offsets", [np.array([0, 10, 9]), np.array([0, -(2**63), 9])]),
    *wrong(MANY, "of_network", [np.array(o) for o in ([0, 1], [0, 1, 2], [0, -1, 1], [0, 1, 2**62])]),
    *wrong([*MANY, "run_batched"], "threads", [0, -1]),
    *wrong(["run"], "starts", [np.array(s) for s in ([0, 4, 10], [-1, 4, 9], [0, 4], [0, 4, 2**63 - 1])]),
    *wrong(["run", "run_batched"], "h", [ones(2, 5), ones(3, 4), ones(3, 8)]),
    *wrong(["run", "run_batched"], "c", [ones(2, 5), ones(3, 4), ones(3, 8)]),
    *wrong(["run"], "outputs", [ones(14, 2), ones(13, 3)]),
    *wrong(["gradient"], "h", [ones(4)]),
    *wrong(["gradient"], "c", [ones(8)]),
    *wrong(["gradient"], "gradient", [ones(P + 1)]),
    *wrong(["train_online"], "length", [(epochs, 3, 0) for epochs in (0, -1, 3)]),
    *wrong(["train_online"], "length", [(2, bptt, 0) for bptt in (0, -1)]),
    *wrong(["train_online"], "losses", [np.zeros((3, 3)), np.zeros((2, 2)), np.zeros((3, 0))]),
    *wrong(["train_online"], "weights", [ones(ROWS, 2), ones(ROWS - 1, 3)]),
    *wrong(["train_online"], "held_out", [np.array(h) for h in ([4, 0], [0, 5], [-1, 0], [1], [0, 0, 0], [2**62, 0])]),
    *wrong(["train_online"], "held_out_losses", [np.zeros((3, 1)), np.zeros((2, 2)), np.zeros((3, 3)), None]),
    *wrong(["train_online"], "outcomes", [np.zeros((3, 2), int), np.zeros((2, 3), int)]),
    *wrong(["train_online"], "loss", [("other", [], 1.0), ("pinball", [], 1.0), ("gaussian", [], 1.0)]),
]


@pytest.mark.parametrize(("function", "name", "value"), WRONG)
def test_sizes_that_do_not_fit_are_value_errors(function: str, name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"expected"):
        getattr(core, function)(**{**valid(function), name: value})


@pytest.mark.parametrize("sizes", [(0, -1, 1), (1, 0, 1), (0, 1, 1), (1, 1, 0)])
def test_networks_without_a_unit_are_refused_even_where_the_arrays_fit(sizes: tuple[int, int, int]) -> None:
    inputs, units, outputs = sizes
    count = (inputs + units + 1) * 4 * units + (units + 1) * outputs
    arrays = {"parameters": ones(NETWORKS, count), "x": ones(ROWS, inputs), "y": ones(ROWS, outputs)}
    with pytest.raises(ValueError, match="shape: expected sizes from 1 to 1048576, got"):
        core.train_online(**{**valid("train_online"), "shape": (*sizes, 1, False, False), **arrays})


def test_no_rows_have_no_gradient() -> None:
    with pytest.raises(ValueError, match="rows of x: expected at least 1, got 0"):
        core.gradient(**{**valid("gradient"), "x": ones(0, 2), "y": ones(0, 3)})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_arrays_of_another_type_or_layout_are_type_errors(function: str) -> None:
    arguments = valid(function)
    for name, array in arguments.items():
        if isinstance(array, np.ndarray):
            strided = np.repeat(array, 2, axis=-1)[..., ::2]
            for other in (strided, array.astype(np.int32), array[None], array.tolist(), object()):
                with pytest.raises(TypeError, match="incompatible function arguments"):
                    getattr(core, function)(**{**arguments, name: other})


@pytest.mark.parametrize(
    ("function", "names"),
    [
        ("run", ["h", "c", "outputs"]),
        ("run_batched", ["h", "c", "outputs"]),
        ("gradient", ["gradient"]),
        ("train_online", ["parameters", "losses", "outcomes"]),
    ],
)
def test_read_only_arrays_are_not_written_into(function: str, names: list[str]) -> None:
    for name in names:
        arguments = valid(function)
        arguments[name].setflags(write=False)
        with pytest.raises(TypeError, match="incompatible function arguments"):
            getattr(core, function)(**arguments)


def strange(rng: np.random.Generator, value: object) -> object:
    """Return something like value, or something else altogether."""
    if isinstance(value, np.ndarray) and rng.random() < 0.7:
        size = tuple(max(0, n + int(rng.integers(-2, 3))) for n in value.shape)
        changed = [
            np.resize(value, size) if value.size else value,
            value.astype(rng.choice(["f2", "f4", "f8", "i4", "i8", "U1", "c8"])),
            value[..., ::-1],
            value.T,
            value.ravel(),
            (value + rng.integers(-3, 4, value.shape)).astype(value.dtype),
            np.full_like(value, 200 if value.dtype == np.uint8 else -(2**62)),
        ]
        return changed[rng.integers(len(changed))]
    if isinstance(value, tuple) and rng.random() < 0.7:
        changes = rng.choice([-7, -1, 0, 1, 2, 5, 2**31, 2**62], len(value))
        return tuple(int(change) if rng.random() < 0.5 else kept for kept, change in zip(value, changes, strict=True))
    others = [None, -1, 0, 1, 2**31, 2**63, 2**70, 1.5, float("nan"), "a", (), (1,), [], {}, object(), True, b""]
    return others[rng.integers(len(others))]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_random_arguments_are_taken_or_refused(function: str) -> None:
    rng = np.random.default_rng(11)
    refused = 0
    for _ in range(3000):
        arguments = valid(function, rng.choice([np.float32, np.float64]))
        for name in rng.choice(list(arguments), rng.integers(1, 4), replace=False):
            if name != "length":  # a huge number of epochs is no error, and takes for ever
                arguments[name] = strange(rng, arguments[name])
        try:
            getattr(core, function)(**arguments)
        except (TypeError, ValueError):
            refused += 1
    assert 1000 < refused < 3000


def batched(dtype: type[np.floating] = np.float32) -> Arguments:
    """Return data of a trainer and of batched_loss: 5 sequences of 4 steps, 3 targets."""
    x, y = np.full((5, 4, 2), 0.5, dtype), np.full((5, 4, 3), 0.1, dtype)
    present, weights = np.ones((5, 4), np.uint8), np.ones((5, 4, 3), dtype)
    flat = np.full(P, 0.1, dtype)
    return {"shape": SHAPE, "parameters": flat, "x": x, "y": y, "present": present, "weights": weights}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_random_arguments_of_batched_training_are_taken_or_refused(dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(12)
    trainer = core.BatchedTrainer32 if dtype is np.float32 else core.BatchedTrainer64
    how = {"batch": 2, "window": 3, "loss": SQUARED, "adam": ADAM, "dropout": (0.1, 0.0, 0.5), "seed": 3}
    refused = 0
    for _ in range(2000):
        start, epoch = {**batched(dtype), **how}, {"order": np.arange(5), "rates": np.full(6, 1e-3), "threads": 2}
        for arguments in (start, epoch):
            for name in rng.choice(list(arguments), rng.integers(0, 3), replace=False):
                arguments[name] = strange(rng, arguments[name])
        try:
            trainer(**start).epoch(**epoch)
        except (TypeError, ValueError, MemoryError):
            refused += 1
        start = {**batched(dtype), "loss": how["loss"], "gradient": None, "threads": 2}
        for name in rng.choice(list(start), rng.integers(0, 3), replace=False):
            start[name] = strange(rng, start[name])
        try:
            core.batched_loss(**start)
        except (TypeError, ValueError):
            refused += 1
    assert 500 < refused < 4000


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_random_arguments_of_a_stepper_are_taken_or_refused(dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(13)
    stepper = core.Stepper32 if dtype is np.float32 else core.Stepper64
    refused = 0
    for _ in range(3000):
        start = {"shape": SHAPE, "parameters": np.full(P, 0.1, dtype), "h": np.zeros(5, dtype), "c": np.zeros(5, dtype)}
        step = {"x": np.full(2, 0.5, dtype), "outputs": np.zeros(3, dtype)}
        state = {"h": np.zeros(5, dtype), "c": np.zeros(5, dtype)}
        for arguments in (start, step, state):
            for name in rng.choice(list(arguments), rng.integers(0, 2), replace=False):
                arguments[name] = strange(rng, arguments[name])
        try:
            made = stepper(**start)
            made.step(**step)
            made.state(**state)
        except (TypeError, ValueError):
            refused += 1
    assert 1000 < refused < 3000


def test_the_stub_has_the_parameters_of_the_compiled_functions() -> None:
    stub = ast.parse(Path(inspect.getfile(statecast)).with_name("_core.pyi").read_text(encoding="utf-8"))
    functions = {f.name: [a.arg for a in f.args.args] for f in stub.body if isinstance(f, ast.FunctionDef)}
    classes = {c.name for c in stub.body if isinstance(c, ast.ClassDef) and not c.name.startswith("_")}
    assert functions.keys() | classes == {name for name in dir(core) if not name.startswith("_")}
    for name in FUNCTIONS:
        assert functions[name] == list(valid(name))
