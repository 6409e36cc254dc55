"""Files of arrays and a document: safe, whole, and refused when damaged."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from statecast.errors import DataError, FileError
from statecast.storage import Tree, read_archive, write_archive

TREE = Tree({"a": [1, 2.5, None, "ü"]}, {"x": np.arange(6.0).reshape(2, 3), "flags": np.array([True, False])})


def test_there_and_back(tmp_path):
    write_archive(tmp_path / "a.statecast", TREE)
    back = read_archive(tmp_path / "a.statecast")
    assert back.document == TREE.document
    assert set(back.arrays) == set(TREE.arrays)
    for name, array in TREE.arrays.items():
        assert back.arrays[name].dtype == array.dtype
        assert_array_equal(back.arrays[name], array)


def test_arrays_in_any_order_of_memory_come_back(tmp_path):
    x = np.arange(6.0).reshape(2, 3)
    arrays = {
        "turned": x.T,
        "fortran": np.asfortranarray(x),
        "column": x[:, 1],
        "back": x[::-1],
        "broadcast": np.broadcast_to(x[0], (2, 3)),
        "one": np.array(3.0),
    }
    write_archive(tmp_path / "a", Tree({}, arrays))
    back = read_archive(tmp_path / "a").arrays
    for name, array in arrays.items():
        assert back[name].shape == array.shape
        assert_array_equal(back[name], array)


def test_it_is_a_safetensors_file_that_others_can_read(tmp_path):
    safetensors = pytest.importorskip("safetensors.numpy")
    write_archive(tmp_path / "a", TREE)
    tensors = safetensors.load_file(tmp_path / "a")
    assert_array_equal(tensors["x"], TREE.arrays["x"])
    assert json.loads(tensors["document"].tobytes()) == TREE.document


def test_the_same_has_the_same_bytes_and_hash(tmp_path):
    for name in "ab":
        write_archive(tmp_path / name, TREE)
    write_archive(tmp_path / "c", Tree(TREE.document, {**TREE.arrays, "x": TREE.arrays["x"] + 1e-16}))
    write_archive(tmp_path / "d", Tree(TREE.document, {**TREE.arrays, "x": -TREE.arrays["x"]}))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    a, b, d = (read_archive(tmp_path / name).sha256 for name in "abd")
    assert a == b != d


def test_a_file_of_another_kind_is_refused(tmp_path):
    safetensors = pytest.importorskip("safetensors.numpy")
    path = tmp_path / "a"
    for content in (b"", b"date,sales\n2020,1\n", b"\x89PNG\r\n" * 99, struct.pack("<Q", 2**62) + b"{}", b"\xff" * 999):
        path.write_bytes(content)
        with pytest.raises(DataError, match="expected a file that Statecast has saved"):
            read_archive(path)
    safetensors.save_file({"weights": np.zeros(3)}, path)
    with pytest.raises(DataError, match="another safetensors file"):
        read_archive(path)


def test_what_is_not_a_file_is_refused(tmp_path):
    with pytest.raises(FileError, match="got no file"):
        read_archive(tmp_path)
    with pytest.raises(FileError, match="No such file"):
        read_archive(tmp_path / "none")


def test_a_document_that_is_no_json_is_refused(tmp_path):
    import hashlib

    from safetensors.numpy import save_file

    for text in (b"not json", b"[" * 100_000, b"\xff\xfe"):
        array = np.frombuffer(text, np.uint8)
        found = hashlib.sha256(f"document\0{array.dtype.str}\0{array.shape}\0".encode() + text).digest()
        save_file({"document": array, "sha256": np.frombuffer(found, np.uint8)}, tmp_path / "a")
        with pytest.raises(DataError, match="its document is no JSON"):
            read_archive(tmp_path / "a")
