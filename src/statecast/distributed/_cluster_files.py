"""Parquet of a cluster: read wherever the engine can, written on a disk that its workers share with this machine."""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

from statecast.distributed._connect import Cluster
from statecast.errors import FileError
from statecast.storage import check_writable

_URL = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]+):/+(?P<place>.*)")  # a Path keeps one slash alone


def loaded(cluster: Cluster, path: str) -> Any:  # noqa: ANN401  # a data frame of Fugue
    """Let the engine read Parquet.

    Raises
    ------
    FileError
        If it cannot.
    """
    import fugue.api as fa

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of Ray, at what Fugue gives it
            return fa.load(path, format_hint="parquet", engine=cluster.engine, as_fugue=True)
    except Exception as error:  # every engine, and every file system, has its own
        said = str(error).strip().partition("\n")[0]
        raise FileError(f"{path} cannot be read by {cluster.kind} ({said[:200]}). Check the address.") from error


def to_folder(out: str | Path) -> Path:
    """Return the path of a folder that is to be written.

    Raises
    ------
    FileError
        If it is on no disk of this machine, is there already, or cannot be made.
    """
    url = _URL.fullmatch(str(out))
    if url is not None and url["scheme"].lower() != "file":
        raise FileError(
            f"{out}: expected a folder on a disk that the workers share with this machine, such as /data/forecast; "
            f"{url['scheme']} has no move that shows a folder whole or not at all. Copy it there afterwards."
        )
    folder = Path(out) if url is None else Path("/", url["place"])
    check_writable(folder / "part" if folder.is_dir() else folder)
    if folder.exists():
        raise FileError(f"{folder}: expected a folder that is not there yet. Remove it, or write elsewhere.")
    return folder.absolute()


def write(cluster: Cluster, result: object, folder: Path) -> None:
    """Let the cluster write a folder beside, then put it in its place in one move."""
    import fugue.api as fa

    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        # as a URL, for otherwise Spark on Hadoop takes it for a path there
        fa.save(result, f"file://{beside}/table", format_hint="parquet", engine=cluster.engine)
        (beside / "table").rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
