"""The LSTM: sizes, parameters, state, and running it. All arithmetic is in the compiled core."""

from __future__ import annotations

from statecast.network._arrays import matrix as matrix
from statecast.network._batched import run_batched as run_batched
from statecast.network._build import BuildInfo as BuildInfo
from statecast.network._build import build_info as build_info
from statecast.network._initialise import initialise as initialise
from statecast.network._lstm import gradient as gradient
from statecast.network._lstm import run as run
from statecast.network._networks import Feed as Feed
from statecast.network._networks import Networks as Networks
from statecast.network._networks import run_networks as run_networks
from statecast.network._onnx import export_onnx as export_onnx
from statecast.network._parameters import Layer as Layer
from statecast.network._parameters import Parameters as Parameters
from statecast.network._sensitivity import Sensitivity as Sensitivity
from statecast.network._sensitivity import sensitivity as sensitivity
from statecast.network._spec import Spec as Spec
from statecast.network._state import State as State
from statecast.network._stepper import Stepper as Stepper

__all__ = [
    "BuildInfo",
    "Feed",
    "Layer",
    "Networks",
    "Parameters",
    "Sensitivity",
    "Spec",
    "State",
    "Stepper",
    "build_info",
    "export_onnx",
    "gradient",
    "initialise",
    "matrix",
    "run",
    "run_batched",
    "run_networks",
    "sensitivity",
]
