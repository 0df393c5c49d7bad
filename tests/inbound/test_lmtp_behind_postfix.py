"""The listener behind a real Postfix: nothing is lost, nothing comes twice."""

from smtplib import SMTP

import pytest

from tests.support.keepers import RAW, THREE, Keeper, listening
from tests.support.postfix import drain, queue
from tests.support.services import PostOffice, running_postfix

pytestmark = [pytest.mark.real_server, pytest.mark.slow]


def send(postfix: PostOffice, sender: str, recipients: list[str], raw: bytes = RAW) -> None:
    with SMTP("127.0.0.1", postfix.port) as client:
        client.sendmail(sender, recipients, raw)


def recipients_kept(keeper: Keeper) -> list[str]:
    return sorted(kept[1] for kept in keeper.kept)


def test_a_mail_to_three_is_answered_three_times_and_not_delivered_again() -> None:
    keeper = Keeper()
    with listening(keeper) as port, running_postfix(port) as postfix:
        send(postfix, "focal@ministry.example", THREE)
        drain(postfix)
        log = postfix.log()
    assert recipients_kept(keeper) == sorted(THREE)
    assert len({kept[2] for kept in keeper.kept}) == 1
    assert keeper.kept[0][0] == "focal@ministry.example"
    assert keeper.kept[0][2].endswith(b"\r\n.a dot\r\nour views\r\n")
    assert log.count("status=sent (250 2.0.0 Kept)") == 3
    assert "status=deferred" not in log


def test_a_doubt_about_one_recipient_brings_the_mail_again_for_that_one_only() -> None:
    keeper = Keeper(failing={THREE[1]: RuntimeError("database is locked")})
    with listening(keeper) as port, running_postfix(port) as postfix:
        send(postfix, "focal@ministry.example", THREE)
        while "status=deferred" not in postfix.log():
            assert queue(postfix)
        assert [one["address"] for one in queue(postfix)[0]["recipients"]] == [THREE[1]]
        assert recipients_kept(keeper) == sorted([THREE[0], THREE[2]])
        keeper.failing.clear()
        drain(postfix)
    assert recipients_kept(keeper) == sorted(THREE)


def test_a_bounce_and_a_mail_to_a_stranger_end_where_they_should() -> None:
    keeper = Keeper()
    with listening(keeper, most_octets=2000) as port, running_postfix(port) as postfix:
        send(postfix, "", THREE[:1])
        send(postfix, "", THREE, b"Subject: large\r\n\r\n" + b"x" * 70 * 40 + b"\r\n")
        drain(postfix)
        log = postfix.log()
    assert [(kept[0], kept[1]) for kept in keeper.kept] == [("", THREE[0])]
    assert "status=bounced" in log
    assert "status=deferred" not in log
