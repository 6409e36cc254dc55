"""The options of a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from statecast.cli._options import RUNNING, option


@dataclass(frozen=True)
class ClusterOptions:
    """On which machines it runs."""

    engine: Annotated[
        str | None, option("--engine", "Run on a cluster: dask, ray or spark.", RUNNING, "this machine")
    ] = None
    address: Annotated[
        str | None, option("--address", "Of the cluster, such as tcp://host:8786.", RUNNING, "started here")
    ] = None

    def check(self) -> None:
        """Refuse an engine that is not installed, and an address that does not answer, before anything is computed."""
        from statecast.distributed import to_engine

        to_engine(self.engine, self.address, None)
