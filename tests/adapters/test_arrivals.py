"""Files on their way: a slice only where it fits, nothing readable on the disk, nothing left after a week."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm.adapters.arrivals import EncryptedArrivals
from crm.ports import Unreadable
from tests.support.fakes import SeededRandomness

KEY = b"k" * 32
ONE, TWO = "1" * 64, "2" * 64
NOW = datetime.now(UTC)


def arrivals(folder: Path, key: bytes = KEY) -> EncryptedArrivals:
    return EncryptedArrivals(folder, key, SeededRandomness())


@pytest.fixture
def sent(tmp_path: Path) -> EncryptedArrivals:
    """Two slices of one file of the owner 7."""
    kept = arrivals(tmp_path)
    assert kept.append(7, ONE, 0, b"a" * 100) == 100
    assert kept.append(7, ONE, 100, b"b" * 50) == 150
    return kept


def slices(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("[0-9]*/*/*") if file.is_file())


def test_slices_are_put_together_in_their_order(sent: EncryptedArrivals) -> None:
    assert sent.held(7, ONE) == 150
    assert sent.read(7, ONE) == b"a" * 100 + b"b" * 50


@pytest.mark.parametrize("offset", [0, 50, 149, 151, 9_000])
def test_a_slice_for_another_offset_changes_nothing(sent: EncryptedArrivals, offset: int) -> None:
    assert sent.append(7, ONE, offset, b"x" * 10) == 150
    assert sent.read(7, ONE) == b"a" * 100 + b"b" * 50


def test_what_another_owner_sends_under_the_same_name_is_another_file(sent: EncryptedArrivals) -> None:
    assert sent.held(8, ONE) == 0
    assert sent.append(8, ONE, 150, b"x") == 0
    assert sent.names(8) == ()


def test_nothing_of_it_can_be_read_on_the_disk_or_under_another_key(sent: EncryptedArrivals, tmp_path: Path) -> None:
    assert all(b"aaaa" not in file.read_bytes() for file in slices(tmp_path))
    with pytest.raises(Unreadable):
        arrivals(tmp_path, bytes(32)).read(7, ONE)


def test_a_slice_moved_to_another_file_is_noticed(sent: EncryptedArrivals, tmp_path: Path) -> None:
    sent.append(7, TWO, 0, b"c" * 100)
    first, _second, other = slices(tmp_path)
    other.write_bytes(first.read_bytes())
    with pytest.raises(Unreadable):
        sent.read(7, TWO)


def test_a_file_goes_on_after_a_restart_and_a_torn_slice_is_sent_again(sent: EncryptedArrivals, tmp_path: Path) -> None:
    slices(tmp_path)[1].write_bytes(b"")
    again = arrivals(tmp_path)
    assert again.held(7, ONE) == 100
    assert again.append(7, ONE, 100, b"b" * 50) == 150


def test_what_has_served_leaves_only_a_note(sent: EncryptedArrivals, tmp_path: Path) -> None:
    sent.settle(7, ONE, "kept")
    assert (sent.held(7, ONE), sent.note(7, ONE), sent.names(7)) == (0, "kept", ())
    assert len(slices(tmp_path)) == 1
    sent.destroy(7, ONE)
    sent.destroy(7, ONE)
    assert (sent.note(7, ONE), slices(tmp_path)) == ("", [])


def test_what_nobody_has_added_to_is_swept_and_the_rest_stays(sent: EncryptedArrivals, tmp_path: Path) -> None:
    sent.append(7, TWO, 0, b"c")
    long_ago = (NOW - timedelta(days=8)).timestamp()
    os.utime(tmp_path / "7" / ONE, (long_ago, long_ago))
    assert sent.names(7) == (ONE, TWO)
    assert sent.sweep(NOW - timedelta(days=7)) == 1
    assert sent.names(7) == (TWO,)


@pytest.mark.parametrize("name", ["", "../../etc", "1" * 63, "1" * 65, "G" * 64])
def test_a_name_that_is_none_reaches_no_file(sent: EncryptedArrivals, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        sent.append(7, name, 0, b"x")


def test_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        arrivals(tmp_path, b"short")
