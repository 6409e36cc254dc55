"""Where a table comes from: a path, standard input, a folder, a frame. Compression is undone here."""

from __future__ import annotations

import os
import sys
import zlib
from pathlib import Path

from statecast.errors import DataError, FileError
from statecast.series._table import STDIN, Table

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


def open_table(data: object, sheet: str | None = None) -> Table:
    """Read the table in a path, "-" for standard input, a folder of Parquet, a data frame or an array."""
    if not isinstance(data, (str, os.PathLike)):
        from statecast.series._frame import read_memory

        return read_memory(data)
    source = os.fspath(data)
    if source == "-":
        return _read(sys.stdin.buffer.read(), STDIN, sheet)
    if os.path.isdir(source):
        return _read_folder(Path(source), source)
    return _read(_bytes(Path(source), source), source, sheet)


def _bytes(path: Path, source: str) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise FileError(f"{source} cannot be read: {reason}. Check the path.") from None


def _read_folder(path: Path, source: str) -> Table:
    """Read all Parquet files below a folder, in the order of their names."""
    files = [file for file in sorted(path.rglob("*.parquet")) if not file.name.startswith((".", "_"))]
    if not files:
        raise FileError(f"{source} is a folder without Parquet files. Give a file, or a folder of *.parquet.")
    from statecast.series._frame import read_parquet

    return read_parquet({str(file): _bytes(file, str(file)) for file in files}, source)


def _read(data: bytes, source: str, sheet: str | None) -> Table:
    """Read the table in the bytes of a file, by what they are and not by the file's name."""
    data = _unpack(data, source)
    if not data.strip():
        raise DataError(f"{source} is empty. It should hold a header such as Month,Sales and rows below it.")
    if data.startswith(b"PAR1"):
        from statecast.series._frame import read_parquet

        return read_parquet({source: data}, source)
    if data.startswith(b"PK\x03\x04"):
        from statecast.series._workbook import read_workbook

        return read_workbook(data, source, sheet)
    if data.startswith(_OLD_EXCEL):
        raise FileError(f"{source} is an old Excel file (.xls). Save it as .xlsx or CSV.")
    from statecast.series._text import read_text

    return read_text(data, source)


def _unpack(data: bytes, source: str) -> bytes:
    """Undo compression, also of a file in a .zip; a workbook is a zip file too and is left as it is."""
    for magic, name in _PACKED.items():
        if data.startswith(magic):
            return _unpack(_decompress(data, name, source), source)
    if not data.startswith(b"PK"):
        return data
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/") and "__MACOSX" not in name]
            if "[Content_Types].xml" in names:
                return data
            if len(names) != 1:
                raise FileError(f"{source} holds {len(names)} files. Unpack it and give one of them.")
            return _unpack(archive.read(names[0]), source)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error) as error:
        raise FileError(f"{source} is a zip file that cannot be read ({error}).") from None


def _decompress(data: bytes, name: str, source: str) -> bytes:
    try:
        if name == "gzip":
            import gzip

            return gzip.decompress(data)
        if name == "bzip2":
            import bz2

            return bz2.decompress(data)
        if name == "xz":
            import lzma

            return lzma.decompress(data)
        return _decompress_zstd(data, source)
    except FileError:
        raise
    except Exception as error:  # each library has its own errors for damaged data
        raise FileError(f"{source} is a damaged {name} file ({error}). Make it again.") from None


def _decompress_zstd(data: bytes, source: str) -> bytes:
    try:
        import pyarrow as pa
    except ImportError:
        raise FileError(f"Reading {source} (zstd) takes the package pyarrow: pip install pyarrow.") from None
    with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
        return bytes(stream.read())
