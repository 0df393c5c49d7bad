"""The post office takes mail for anybody and loses none."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm.adapters.smtp import FlaskMailMailer, SmtpServer
from crm.demo.postoffice import PostOffice
from crm.ports import Delivery, Mail, Outcome, Tls
from tests.support.services import free_port

RAW = b"From: unit@npb.example\r\nTo: focal@one.example\r\nSubject: Views\r\n\r\n.a dot\r\nkindly\r\n"
SERVE = """
import sys, pathlib
from crm.demo.postoffice import serve_post_office
serve_post_office(("127.0.0.1", int(sys.argv[1])), pathlib.Path(sys.argv[2]))
"""


def test_mails_are_numbered_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    office = PostOffice(tmp_path)
    assert [office.keep("", "Focal@One.example", RAW) for _ in range(3)] == [1, 2, 3]
    assert office.mails("focal@one.example") == [3, 2, 1]


def test_a_mail_is_filed_below_its_return_path(tmp_path: Path) -> None:
    office = PostOffice(tmp_path)
    office.keep("b1@npb.example", "focal@one.example", RAW)
    assert office.read("focal@one.example", 1).startswith(
        b"Return-Path: <b1@npb.example>\r\nDelivered-To: focal@one.example\r\n"
    )
    assert office.read("focal@one.example", 1).endswith(RAW)


def test_no_address_leads_out_of_the_folder(tmp_path: Path) -> None:
    office = PostOffice(tmp_path / "office")
    office.keep("", "../../x@one.example", RAW)
    assert [one.name for one in tmp_path.iterdir()] == ["office"]
    for address in ("..", "", "no-at-sign", "x" * 300 + "@one.example"):
        with pytest.raises(FileNotFoundError):
            office.keep("", address, RAW)


def test_what_was_sent_back_is_remembered_with_the_mail_it_answers(tmp_path: Path) -> None:
    office = PostOffice(tmp_path)
    office.keep("", "focal@one.example", RAW)
    office.keep_sent("focal@one.example", 1, "away", b"first")
    office.keep_sent("focal@one.example", 1, "reply", b"second")
    assert office.sent("focal@one.example") == [(1, "away", b"first"), (1, "reply", b"second")]
    assert office.answered("focal@one.example") == {1}
    assert office.mails("focal@one.example") == [1]


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The post office in a process of its own, as `crm run` starts it."""
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port), str(folder)], stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=10)


def sent(port: int, recipients: list[str]) -> list[Delivery]:
    """What the house's own mailer hears, once the server is up."""
    mailer = FlaskMailMailer(SmtpServer("127.0.0.1", port, Tls.NONE))
    for _ in range(100):
        with mailer.connect() as connection:
            heard = [connection.send(Mail("b1@npb.example", one, RAW)) for one in recipients]
        if heard[0].outcome is not Outcome.UNAVAILABLE:
            return heard
        time.sleep(0.1)
    raise AssertionError("the post office did not come up")


@pytest.mark.real_server
def test_our_own_mailer_delivers_to_anybody_and_it_stops_when_told(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as process:
        heard = sent(port, ["focal@one.example", "focal@two.example", "focal@one.example"])
    assert [one.outcome for one in heard] == [Outcome.ACCEPTED] * 3
    office = PostOffice(tmp_path)
    assert {one.address: one.mails for one in office.mailboxes()} == {"focal@one.example": 2, "focal@two.example": 1}
    assert office.read("focal@one.example", 2).endswith(RAW)
    assert process.returncode == 0
