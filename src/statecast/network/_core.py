"""The compiled core, or the cure where it is missing."""

from __future__ import annotations

try:
    from statecast import _core as core
except ImportError as error:  # pragma: no cover
    raise ImportError(
        f"the compiled core of Statecast cannot be loaded ({error}). Set STATECAST_ISA right if it is set; "
        "in a checkout, build with 'pip install .', in an installation reinstall statecast."
    ) from error

__all__ = ["core"]
