"""Reads and writes a model file with Statecast, pickle and safetensors alone: python -m load.ours FILE."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from pathlib import Path

from safetensors.numpy import load_file, save_file

import _side as side
from statecast import recipes
from statecast.series import Fitted


def main() -> None:
    """Do it in every way, and print what it took; what is loaded must forecast the same."""
    path = Path(sys.argv[1])
    pickled, again = path.with_suffix(".pickle"), path.with_name(f"again-{path.name}")
    arrays = load_file(path)
    first, fitted = side.timed(lambda: recipes.load(path))

    def unpickle() -> Fitted:
        loaded: Fitted = pickle.loads(pickled.read_bytes())
        return loaded

    def ahead(load: Callable[[], Fitted]) -> tuple[float, ...]:
        return tuple(load().forecast(3).mean[0].tolist())

    side.report(
        {
            "statecast load": side.Spent(
                side.per_call(lambda: recipes.load(path)), first, ahead(lambda: recipes.load(path))
            ),
            "pickle load": side.Spent(side.per_call(unpickle), check=ahead(unpickle)),
            "safetensors alone load": side.Spent(side.per_call(lambda: load_file(path))),
            "statecast save": side.Spent(side.per_call(lambda: fitted.save(again))),
            "pickle save": side.Spent(side.per_call(lambda: again.write_bytes(pickle.dumps(fitted)))),
            "safetensors alone save": side.Spent(side.per_call(lambda: save_file(arrays, again))),
        }
    )


if __name__ == "__main__":
    main()
