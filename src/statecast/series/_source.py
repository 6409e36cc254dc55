"""Where a table comes from: a path, standard input, a folder, a frame. Compression is undone here."""

from __future__ import annotations

import os
import sys
import zlib
from dataclasses import replace
from pathlib import Path

from statecast.errors import DataError, FileError
from statecast.series._parquet import File, ParquetFiles
from statecast.series._table import STDIN, Table, joined
from statecast.storage import is_archive

_PARQUET = b"PAR1"
_TEXT = tuple(f"{kind}{packed}" for kind in (".csv", ".tsv") for packed in ("", ".gz", ".bz2", ".xz", ".zst"))
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


def open_table(data: object, sheet: str | None = None) -> Table:
    """Read the table in a path, "-" for standard input, a folder, a data frame or an array."""
    source = open_source(data, sheet)
    return source if isinstance(source, Table) else source.table(source.head.names)


def open_source(data: object, sheet: str | None = None) -> Table | ParquetFiles:
    """Open what `open_table` reads; Parquet files are not read yet, so that it can be in parts, and some columns."""
    if not isinstance(data, (str, os.PathLike)):
        from statecast.series._frame import read_memory

        return read_memory(data)
    source = os.fspath(data)
    if source == "-":
        return _read(sys.stdin.buffer.read(), STDIN, sheet)
    if os.path.isdir(source):
        return _open_folder(Path(source), source)
    if _bytes(Path(source), source, len(_PARQUET)) == _PARQUET:
        return ParquetFiles(source, (File(source, Path(source), {}),))
    return _read(_bytes(Path(source), source), source, sheet)


def _bytes(path: Path, source: str, count: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(count)
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        if "://" in source:
            raise FileError(
                f"{source} is an address: expected a path on this machine. Copy it here; or, if it is Parquet, have a "
                "cluster forecast it: statecast forecast --engine, or statecast.distributed.forecast_table in Python."
            ) from None
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise FileError(f"{source} cannot be read: {reason}. Check the path.") from None


def _open_folder(folder: Path, source: str) -> Table | ParquetFiles:
    """Open all Parquet files below a folder, or all of CSV, in the order of their paths."""
    paths = [path for path in sorted(folder.rglob("*")) if not _is_hidden(path.relative_to(folder)) and path.is_file()]
    parquet = [path for path in paths if path.suffix.lower() == ".parquet"]
    text = [path for path in paths if path.name.lower().endswith(_TEXT)]
    if parquet and text:
        raise FileError(
            f"{source} is a folder of both Parquet and CSV files, such as {parquet[0].name} and {text[0].name}. Give a "
            "folder of one kind, or a file."
        )
    if parquet:
        return ParquetFiles(source, tuple(File.below(folder, path) for path in parquet))
    if text:
        return joined([_read_below(folder, path) for path in text], source)
    holds = f"holds files such as {paths[0].name}" if paths else "is empty"
    raise FileError(
        f"{source} is a folder without Parquet files or CSV: it {holds}. Give a file, or a folder of *.parquet or of "
        "*.csv."
    )


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


def _read_below(folder: Path, path: Path) -> Table:
    """Read the table in a file of CSV, with columns for what the names of its folders say."""
    file = File.below(folder, path)
    table = _read(_bytes(path, file.name), file.name, None)
    assert isinstance(table, Table)
    keys = {key: value or "" for key, value in file.keys.items() if key not in table.names}
    return replace(
        table,
        names=(*table.names, *keys),
        columns=(*table.columns, *([value] * len(table.rows) for value in keys.values())),
        aside=table.aside | {*keys},
    )


def _read(data: bytes, source: str, sheet: str | None) -> Table | ParquetFiles:
    """Read the table in the bytes of a file, by what they are and not by the file's name."""
    data = _unpack(data, source)
    if not data.strip():
        raise DataError(f"{source} is empty. It should hold a header such as Month,Sales and rows below it.")
    if data.startswith(_PARQUET):
        return ParquetFiles(source, (File(source, data, {}),))
    if data.startswith(b"PK\x03\x04"):
        from statecast.series._workbook import read_workbook

        return read_workbook(data, source, sheet)
    if data.startswith(_OLD_EXCEL):
        raise FileError(f"{source} is an old Excel file (.xls). Save it as .xlsx or CSV.")
    if is_archive(data):
        raise FileError(
            f"{source} is a safetensors file, such as a saved model, and data is expected here. Give a file of data; "
            "statecast forecast and info take a saved model, and statecast.load in Python."
        )
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
