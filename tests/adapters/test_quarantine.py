"""What the quarantine promises: nothing readable on disk, nothing readable under another key, nothing left after."""

import os
from pathlib import Path

import pytest

from crm.adapters.quarantine import EncryptedQuarantine
from crm.ports import Unreadable
from tests.support.fakes import NOON, SeededRandomness

KEY = bytes(range(32))
RAW = b"From: partner@a.example\r\nSubject: the identifier 35202-1234567-1\r\n\r\nbody\r\n"


def a_quarantine(folder: Path, key: bytes = KEY) -> EncryptedQuarantine:
    return EncryptedQuarantine(folder, key, SeededRandomness())


def test_a_mail_comes_back_as_it_was(tmp_path: Path) -> None:
    quarantine = a_quarantine(tmp_path / "quarantine")
    name = quarantine.keep(RAW)
    assert quarantine.read(name) == RAW
    assert quarantine.names() == (name,)


def test_nothing_of_a_mail_can_be_read_on_the_disk(tmp_path: Path) -> None:
    a_quarantine(tmp_path).keep(RAW)
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"35202" not in written
    assert b"partner" not in written


def test_two_like_mails_look_unlike_and_have_names_of_their_own(tmp_path: Path) -> None:
    quarantine = a_quarantine(tmp_path)
    one, two = quarantine.keep(RAW), quarantine.keep(RAW)
    assert one != two
    assert (tmp_path / one).read_bytes()[20:] != (tmp_path / two).read_bytes()[20:]


def test_another_key_is_told_apart_from_a_mail(tmp_path: Path) -> None:
    name = a_quarantine(tmp_path).keep(RAW)
    with pytest.raises(Unreadable, match="another key"):
        a_quarantine(tmp_path, bytes(32)).read(name)


@pytest.mark.parametrize("place", [0, 10, 30, -1])
def test_a_single_changed_bit_is_noticed(tmp_path: Path, place: int) -> None:
    quarantine = a_quarantine(tmp_path)
    name = quarantine.keep(RAW)
    stored = bytearray((tmp_path / name).read_bytes())
    stored[place] ^= 1
    (tmp_path / name).write_bytes(stored)
    with pytest.raises(Unreadable):
        quarantine.read(name)


@pytest.mark.parametrize("octets", [0, 5, 12, 25])
def test_a_file_cut_short_is_noticed(tmp_path: Path, octets: int) -> None:
    quarantine = a_quarantine(tmp_path)
    name = quarantine.keep(RAW)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:octets])
    with pytest.raises(Unreadable):
        quarantine.read(name)


def test_a_mail_put_in_the_place_of_another_is_noticed(tmp_path: Path) -> None:
    quarantine = a_quarantine(tmp_path)
    one, two = quarantine.keep(RAW), quarantine.keep(b"another")
    (tmp_path / two).replace(tmp_path / one)
    with pytest.raises(Unreadable):
        quarantine.read(one)


def test_what_is_destroyed_is_gone_and_may_be_destroyed_again(tmp_path: Path) -> None:
    quarantine = a_quarantine(tmp_path)
    name = quarantine.keep(RAW)
    twin = tmp_path / "twin"
    twin.hardlink_to(tmp_path / name)
    quarantine.destroy(name)
    quarantine.destroy(name)
    assert quarantine.names() == ()
    assert not any(twin.read_bytes())
    with pytest.raises(FileNotFoundError):
        quarantine.read(name)


@pytest.mark.parametrize("name", ["", "../secret", "unfinished", "A" * 32])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        a_quarantine(tmp_path).read(name)
    with pytest.raises(FileNotFoundError):
        a_quarantine(tmp_path).destroy(name)


def test_what_was_kept_before_a_moment_is_told_from_what_came_since(tmp_path: Path) -> None:
    quarantine = a_quarantine(tmp_path)
    old, new = quarantine.keep(RAW), quarantine.keep(RAW)
    os.utime(tmp_path / old, (0, 0))
    assert quarantine.names(NOON) == (old,)
    assert set(quarantine.names()) == {old, new}


def test_what_a_crash_left_half_written_is_swept_and_what_is_kept_stays(tmp_path: Path) -> None:
    quarantine = a_quarantine(tmp_path)
    name = quarantine.keep(RAW)
    half = tmp_path / "unfinished" / "half"
    half.write_bytes(b"ha")
    os.utime(half, (0, 0))
    assert quarantine.sweep(before=NOON) == 1
    assert quarantine.read(name) == RAW


def test_a_key_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        a_quarantine(tmp_path, b"short")
