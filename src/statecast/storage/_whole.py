"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from statecast.errors import FileError


def check_writable(path: Path) -> None:
    """Raise FileError unless a file can be written at this path; look before a long computation."""
    if path.is_dir():
        raise FileError(f"{path}: expected a file name to write to, got a folder. Add a name.")
    folder = path.parent
    if not folder.is_dir():
        raise FileError(f"{path}: the folder {folder} does not exist. Make it first, or write elsewhere.")
    if not os.access(folder, os.W_OK):
        raise FileError(f"{path}: the folder {folder} cannot be written to. Choose another.")


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let write fill a new file beside path, then put it in path's place in one move.

    An existing file is replaced only when the new one is complete; after an error it is as it was.

    Parameters
    ----------
    path : Path
    write : callable
        Gets the path of the new file; it has the ending of ``path``.

    Raises
    ------
    FileError
        If the folder does not exist or the file cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     target = Path(folder) / "a.txt"
    ...     write_whole(target, lambda new: new.write_text("done"))
    ...     print(target.read_text())
    done
    """
    with as_file_error(path):
        new = begin(path)
        try:
            write(new)
            finish(new, path)
        finally:
            new.unlink(missing_ok=True)


def begin(path: Path) -> Path:
    """Make an empty file beside path, with its ending, that is to take its place; raise FileError if it cannot be."""
    check_writable(path)
    with as_file_error(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    return Path(name)


def finish(new: Path, path: Path) -> None:
    """Put a new file in the place of path, in one move."""
    with as_file_error(path):
        new.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        new.replace(path)


@contextmanager
def as_file_error(path: Path) -> Iterator[None]:
    """Turn errors of the system about a file into FileError."""
    try:
        yield
    except OSError as error:
        raise FileError(f"{path}: cannot be written ({error.strerror or error}).") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
