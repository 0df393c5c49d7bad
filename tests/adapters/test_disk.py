"""What the disk promises: whole or not there, durable before the answer, and a plain word when it is full."""

import errno
import hashlib
import os
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm.adapters.disk import DiskBlobs, storage_full_named
from crm.adapters.quarantine import EncryptedQuarantine
from crm.ports import StorageFull
from tests.support.fakes import SeededRandomness


def test_content_comes_back_under_its_sha256(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path / "files")
    name = blobs.put(b"a signed letter")
    assert name == hashlib.sha256(b"a signed letter").hexdigest()
    assert blobs.exists(name)
    with blobs.open(name) as file:
        assert file.read() == b"a signed letter"
    assert (tmp_path / "files" / name[:2] / name[2:4] / name).is_file()


def test_twice_the_same_content_is_one_file(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path)
    assert blobs.put(b"same") == blobs.put(b"same")
    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 1


def test_files_are_for_this_user_alone(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path / "files")
    name = blobs.put(b"private")
    file = tmp_path / "files" / name[:2] / name[2:4] / name
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_a_name_that_is_no_sha256_opens_nothing(tmp_path: Path, name: str) -> None:
    blobs = DiskBlobs(tmp_path)
    assert not blobs.exists(name)
    with pytest.raises(FileNotFoundError):
        blobs.open(name)


def test_what_was_put_long_ago_is_removed_unless_it_was_put_again_meanwhile(tmp_path: Path) -> None:
    blobs, yesterday = DiskBlobs(tmp_path), datetime.now(UTC) - timedelta(days=1)
    old, again, fresh = (blobs.put(content) for content in (b"old", b"again", b"fresh"))
    for name in (old, again):
        os.utime(tmp_path / name[:2] / name[2:4] / name, (0, 0))
    assert set(blobs.names(yesterday)) == {old, again}
    blobs.put(b"again")
    assert [blobs.remove(name, yesterday) for name in (old, again, fresh)] == [True, False, False]
    assert [blobs.exists(name) for name in (old, again, fresh)] == [False, True, True]


def test_what_a_crash_left_half_written_is_swept_when_it_is_old(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path)
    kept = blobs.put(b"whole")
    half = tmp_path / "unfinished" / "half"
    half.write_bytes(b"ha")
    assert blobs.sweep(before=datetime.now(UTC) - timedelta(days=1)) == 0
    os.utime(half, (0, 0))
    assert blobs.sweep(before=datetime.now(UTC) - timedelta(days=1)) == 1
    assert blobs.exists(kept)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_called_full(code: int) -> None:
    with pytest.raises(StorageFull), storage_full_named():
        raise OSError(code, "no space")


def test_a_broken_disk_is_not_called_full() -> None:
    with pytest.raises(OSError, match="input/output") as caught, storage_full_named():
        raise OSError(errno.EIO, "input/output error")
    assert not isinstance(caught.value, StorageFull)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, text=True, check=False
    )
    if mount.returncode != 0:
        pytest.skip("only the superuser may mount a small disk to fill it up")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_is_really_full_keeps_nothing_and_recovers_when_there_is_room(small_disk: Path) -> None:
    blobs = DiskBlobs(small_disk / "files")
    quarantine = EncryptedQuarantine(small_disk / "quarantine", bytes(32), SeededRandomness())
    kept = quarantine.keep(b"x" * 30_000)
    with pytest.raises(StorageFull):
        quarantine.keep(b"y" * 60_000)
    with pytest.raises(StorageFull):
        blobs.put(b"z" * 60_000)
    assert quarantine.names() == (kept,)
    assert not list(small_disk.glob("*/unfinished/*"))
    quarantine.destroy(kept)
    assert blobs.exists(blobs.put(b"z" * 30_000))
