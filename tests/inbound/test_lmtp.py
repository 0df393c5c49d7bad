"""What the listener promises: one answer for each recipient, and 250 only for what is kept."""

import socket
from collections.abc import Callable
from datetime import datetime
from smtplib import LMTP, SMTP, SMTPDataError, SMTPRecipientsRefused
from threading import Event, Timer

import pytest

from crm.inbound import lmtp
from crm.ports import StorageFull
from tests.support.fakes import NOON, FakeClock
from tests.support.keepers import RAW, THREE, Keeper, listening

pytestmark = pytest.mark.real_server


def say(port: int, text: bytes, until: Callable[[bytes], bool]) -> bytes:
    """Send octets as they are; everything that came back until `until` is content."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(text)
        while not until(heard) and (more := wire.recv(65536)):
            heard += more
    return heard


def conversation(recipients: list[str], content: bytes, greeting: str = "LHLO") -> bytes:
    lines = [f"{greeting} mta.example", "MAIL FROM:<focal@ministry.example>"]
    lines += [f"RCPT TO:<{one}>" for one in recipients] + ["DATA"]
    return "\r\n".join(lines).encode() + b"\r\n" + content + b"\r\n.\r\nQUIT\r\n"


def answers_after_data(heard: bytes) -> list[str]:
    """The codes after 354, without the goodbye."""
    after = heard.partition(b"354 ")[2].split(b"\r\n")[1:]
    return [line[:3].decode() for line in after if line and not line.startswith(b"221")]


def gone(heard: bytes) -> bool:
    return b"\r\n221 " in heard


def test_each_recipient_gets_an_answer_and_a_keeping() -> None:
    keeper = Keeper()
    with listening(keeper) as port:
        heard = say(port, conversation(THREE, RAW), gone)
    assert answers_after_data(heard) == ["250", "250", "250"]
    assert [kept[1] for kept in keeper.kept] == THREE


def test_what_is_kept_is_what_was_sent_with_its_envelope_and_moment() -> None:
    keeper = Keeper()
    with listening(keeper) as port, LMTP("127.0.0.1", port) as client:
        client.sendmail("focal@ministry.example", THREE[:1], RAW)
    assert keeper.kept == [("focal@ministry.example", "one@unit.example", RAW, NOON)]


def test_a_bounce_comes_with_an_empty_sender() -> None:
    keeper = Keeper()
    with listening(keeper) as port, LMTP("127.0.0.1", port) as client:
        client.sendmail("", THREE[:1], RAW)
    assert keeper.kept[0][0] == ""


def test_a_doubt_about_one_recipient_is_not_a_doubt_about_the_others() -> None:
    keeper = Keeper(failing={THREE[1]: RuntimeError("database is locked")})
    with listening(keeper) as port:
        heard = say(port, conversation(THREE, RAW), gone)
    assert answers_after_data(heard) == ["250", "451", "250"]
    assert b"database" not in heard


def test_a_full_disk_is_said_to_be_full() -> None:
    keeper = Keeper(failing={one: StorageFull(28, "full") for one in THREE})
    with listening(keeper) as port:
        heard = say(port, conversation(THREE, RAW), gone)
    assert answers_after_data(heard) == ["452", "452", "452"]


def test_plain_smtp_gets_one_answer_the_worst() -> None:
    keeper = Keeper(failing={THREE[1]: RuntimeError("later")})
    with listening(keeper) as port:
        heard = say(port, conversation(THREE, RAW, "EHLO"), gone)
        assert answers_after_data(heard) == ["451"]
        keeper.failing.clear()
        assert answers_after_data(say(port, conversation(THREE, RAW, "EHLO"), gone)) == ["250"]
        assert answers_after_data(say(port, conversation(THREE, RAW, "HELO"), gone)) == ["250"]


@pytest.mark.parametrize("address", ["one@elsewhere.example", "one@notunit.example", "one", "@unit.example"])
def test_mail_for_others_is_refused_before_it_is_sent(address: str) -> None:
    keeper = Keeper()
    with listening(keeper) as port, LMTP("127.0.0.1", port) as client:
        with pytest.raises(SMTPRecipientsRefused) as refused:
            client.sendmail("focal@ministry.example", [address], RAW)
        assert refused.value.recipients[address][0] in {550, 553}
    assert keeper.kept == []


def test_our_domain_may_be_written_in_capitals() -> None:
    keeper = Keeper()
    with listening(keeper) as port, LMTP("127.0.0.1", port) as client:
        client.sendmail("a@b.example", ["Reply+x@UNIT.example"], RAW)
    assert keeper.kept[0][1] == "Reply+x@UNIT.example"


def test_a_mail_over_the_limit_is_refused_for_each_recipient_said_beforehand_or_not() -> None:
    keeper = Keeper()
    with listening(keeper, most_octets=1000) as port:
        heard = say(port, conversation(THREE, b"x" * 500 + b"\r\n" + b"y" * 500), gone)
        assert answers_after_data(heard) == ["552", "552", "552"]
        with SMTP("127.0.0.1", port) as client, pytest.raises(Exception, match="exceeds fixed maximum"):
            client.sendmail("a@b.example", THREE[:1], b"x" * 2000)
    assert keeper.kept == []


def test_a_mail_with_very_long_lines_is_kept() -> None:
    keeper = Keeper()
    with listening(keeper) as port:
        heard = say(port, conversation(THREE, b"Subject: long\r\n\r\n" + b"x" * 200_000), gone)
    assert answers_after_data(heard) == ["250", "250", "250"]


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n"])
def test_no_second_mail_is_smuggled_in_behind_a_bare_line_feed(end: bytes) -> None:
    keeper = Keeper()
    smuggled = b"Subject: outer\r\n\r\nbody" + end + b"MAIL FROM:<evil@b.example>\r\nRCPT TO:<two@unit.example>\r\nDATA"
    with listening(keeper) as port:
        heard = say(port, conversation(THREE[:1], smuggled + b"\r\nSubject: inner\r\n"), gone)
    assert answers_after_data(heard) == ["550"]
    assert keeper.kept == []


def test_a_mail_cut_off_is_not_kept() -> None:
    keeper = Keeper()
    with listening(keeper) as port:
        whole = conversation(THREE, RAW)
        say(port, whole[: whole.index(b"\r\n.\r\n")], lambda heard: b"354" in heard)
        assert answers_after_data(say(port, conversation(THREE[:1], RAW), gone)) == ["250"]
    assert [kept[1] for kept in keeper.kept] == THREE[:1]


def test_a_silent_sender_is_hung_up_on() -> None:
    with listening(Keeper(), idle_seconds=0.2) as port:
        heard = say(port, b"LHLO mta.example\r\n", lambda heard: False)
    assert b"250" in heard


def test_one_conversation_may_bring_several_mails() -> None:
    keeper = Keeper(failing={THREE[0]: RuntimeError("later")})
    with listening(keeper) as port, LMTP("127.0.0.1", port) as client:
        with pytest.raises(SMTPDataError) as doubt:
            client.sendmail("a@b.example", THREE[:1], RAW)
        assert doubt.value.smtp_code == 451
        client.sendmail("a@b.example", THREE[1:2], RAW)
    assert [kept[1] for kept in keeper.kept] == THREE[1:2]


def test_more_recipients_than_are_taken_at_once_are_put_off() -> None:
    keeper = Keeper()
    many = [f"n{number}@unit.example" for number in range(lmtp.MOST_RECIPIENTS + 1)]
    with listening(keeper) as port:
        heard = say(port, conversation(many, RAW), gone)
    assert heard.count(b"452 4.5.3") == 1
    assert answers_after_data(heard) == ["250"] * lmtp.MOST_RECIPIENTS


def test_what_is_being_kept_is_kept_to_its_end_when_the_listener_stops() -> None:
    begun, go_on, kept = Event(), Event(), []

    def slowly(envelope_from: str, recipient: str, raw: bytes, received_at: datetime) -> None:
        begun.set()
        assert go_on.wait(10)
        kept.append(recipient)

    listener = lmtp.serve(("127.0.0.1", 0), slowly, frozenset({"unit.example"}), FakeClock())
    listener.start()
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as wire:
        wire.sendall(conversation(THREE[:1], RAW))
        assert begun.wait(10)
        Timer(0.1, go_on.set).start()
        listener.stop()
    assert kept == THREE[:1]


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listener = lmtp.serve(taken.getsockname(), Keeper(), frozenset(), FakeClock())
        with pytest.raises(OSError, match="Address already in use"):
            listener.start()
