"""One safe file of a document and arrays: nothing in it can run, and what is damaged is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from statecast.errors import DataError, FileError
from statecast.storage._tree import Array, Tree
from statecast.storage._whole import write_whole

_DOCUMENT, _HASH = "document", "sha256"
_WHAT = "expected a file that Statecast has saved"
_LONGEST = 100_000_000  # header of a safetensors file, by its rules

HEAD = 9
"""Bytes at the beginning of a file that ``is_archive`` looks at."""


def is_archive(head: bytes) -> bool:
    """Say whether a file that begins so is a safetensors file: a length, and a JSON object.

    No text begins so, as its first bytes are no such length.
    """
    return len(head) >= HEAD and int.from_bytes(head[:8], "little") <= _LONGEST and head[8:9] == b"{"


def write_archive(path: Path, tree: Tree) -> None:
    """Write a document and its arrays as a safetensors file, whole or not at all.

    Two more arrays of bytes stand beside those of the tree: ``document``, JSON, and ``sha256`` of all the others.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    from safetensors.numpy import save_file

    text = json.dumps(tree.document, allow_nan=False, separators=(",", ":")).encode()
    arrays = {name: np.require(array, requirements="C") for name, array in tree.arrays.items()}  # it takes no strides
    tensors = {**arrays, _DOCUMENT: np.frombuffer(text, np.uint8)}
    tensors[_HASH] = np.frombuffer(_hash(tensors), np.uint8)
    write_whole(path, lambda new: save_file(tensors, new, metadata={"format": "statecast"}))


@dataclass(frozen=True)
class Archive:
    """What a file holds.

    Attributes
    ----------
    document : object
    arrays : mapping of str to array
    sha256 : str
        Of its contents, in hexadecimal digits.
    """

    document: object
    arrays: Mapping[str, Array]
    sha256: str


def read_archive(path: Path) -> Archive:
    """Read what ``write_archive`` has written.

    Raises
    ------
    FileError
        If it cannot be read.
    DataError
        If it is another file, or not as it was written.
    """
    arrays = _arrays(path)
    sha256 = arrays.pop(_HASH).tobytes()
    if _hash(arrays) != sha256:
        raise DataError(f"{path}: {_WHAT}, but it is damaged: its contents are not those of its hash. Save it again.")
    try:
        document = json.loads(arrays.pop(_DOCUMENT).tobytes())
    except (ValueError, RecursionError):
        raise DataError(f"{path}: {_WHAT}, but its document is no JSON.") from None
    return Archive(document, arrays, sha256.hex())


def _arrays(path: Path) -> dict[str, Array]:
    from safetensors import safe_open

    if path.is_dir() or (path.exists() and not path.is_file()):
        raise FileError(f"{path}: {_WHAT}, got no file.")
    try:
        with path.open("rb"):
            pass
        with safe_open(path, "numpy") as archive:
            names = set(archive.keys())
            if not {_DOCUMENT, _HASH} <= names:
                raise DataError(f"{path}: {_WHAT}, got another safetensors file.")
            return {name: archive.get_tensor(name) for name in names}
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except DataError:
        raise
    except Exception as error:  # safetensors' own is not public, and a header may name types that NumPy has not
        raise DataError(f"{path}: {_WHAT}, got something else or a damaged one ({error}).") from None


def _hash(arrays: Mapping[str, Array]) -> bytes:
    """Return the hash of arrays: names, types, shapes and numbers."""
    found = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        found.update(f"{name}\0{array.dtype.str}\0{array.shape}\0".encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.digest()
