"""What the peers on Lightning share: how long the training alone takes, and a trainer without what nobody asked for."""

from __future__ import annotations

import time
from typing import Any

import pytorch_lightning as lightning


class Clock(lightning.Callback):  # type: ignore[misc]
    """Seconds from the first batch to the end of the last one; of the class, as a library may copy a callback."""

    seconds = 0.0

    def on_train_start(self, *_: object) -> None:
        """Start."""
        self._start = time.perf_counter()

    def on_train_end(self, *_: object) -> None:
        """Stop."""
        type(self).seconds = time.perf_counter() - self._start


def quiet(clock: Clock) -> dict[str, Any]:
    """Return the options of a trainer: on the CPU, nothing logged, kept, drawn or summed up."""
    return {
        "accelerator": "cpu",
        "callbacks": [clock],
        "logger": False,
        "enable_checkpointing": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
    }
