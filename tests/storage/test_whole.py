from __future__ import annotations

import os

import pytest

from statecast.errors import FileError
from statecast.storage import check_writable, write_whole


def test_replaced_whole(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o640)
    write_whole(path, lambda new: new.write_text("new"))
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(new):
        new.write_text("half")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        write_whole(path, fail)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_full_disk_is_one_sentence(tmp_path):
    def fail(new):
        raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match=r"a\.csv: cannot be written \(No space left on device\)"):
        write_whole(tmp_path / "a.csv", fail)
    assert os.listdir(tmp_path) == []


def test_refusals_before_any_work(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        check_writable(tmp_path / "no" / "a.csv")
    with pytest.raises(FileError, match="got a folder"):
        check_writable(tmp_path)


def test_new_files_have_the_usual_mode(tmp_path):
    old = os.umask(0o022)
    try:
        write_whole(tmp_path / "a.txt", lambda new: new.write_text("x"))
    finally:
        os.umask(old)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644
