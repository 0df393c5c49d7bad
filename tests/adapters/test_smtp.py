"""What the mailer promises, against a scripted server in a process of its own."""

import socket
from pathlib import Path

import pytest

from crm.adapters.smtp import FlaskMailMailer, SmtpServer
from crm.ports import Delivery, Mail, Outcome, Tls
from tests.support.certificates import a_certificate
from tests.support.sink import Sink

pytestmark = pytest.mark.real_server

MIME = b"Subject: =?utf-8?b?2KfZhA==?=\r\nMessage-ID: <1@unit.example>\r\n\r\n.one dot\r\n..two\r\n.\r\ntrailing  \r\n"


def a_mail(to: str = "focal@ministry.example", mime: bytes = MIME) -> Mail:
    return Mail("bounces+1@unit.example", to, mime)


def a_mailer(port: int, **settings: object) -> FlaskMailMailer:
    return FlaskMailMailer(SmtpServer("127.0.0.1", port, **({"tls": Tls.NONE} | settings)))  # type: ignore[arg-type]


def send(mailer: FlaskMailMailer, *mails: Mail) -> list[Delivery]:
    with mailer.connect() as connection:
        return [connection.send(mail) for mail in mails]


@pytest.mark.parametrize("options", [(), ("--pipelining",)])
def test_many_mails_go_over_one_connection_octet_for_octet(tmp_path: Path, options: tuple[str, ...]) -> None:
    with Sink(tmp_path / "log", options=options) as sink:
        outcomes = send(a_mailer(sink.port), a_mail("one@a.example"), a_mail("two@b.example"))
        received = sink.received()
    assert [one.outcome for one in outcomes] == [Outcome.ACCEPTED] * 2
    assert outcomes[0] == Delivery(Outcome.ACCEPTED, 250, "2.0.0 Ok: queued as SINK", "DATA")
    assert [mail["to"] for mail in received] == [["one@a.example"], ["two@b.example"]]
    assert [mail["mime"] for mail in received] == [MIME, MIME]
    assert received[0]["peer"] == received[1]["peer"]
    assert received[0]["from"] == "bounces+1@unit.example"


@pytest.mark.parametrize("options", [(), ("--pipelining",)])
@pytest.mark.parametrize("lot", [{}, {"rcpt": "550 5.1.1 no"}, {"data": "554 5.7.1 no"}, {"cut-at-rcpt": True}])
def test_mails_that_were_announced_fare_like_others(
    tmp_path: Path, options: tuple[str, ...], lot: dict[str, object]
) -> None:
    mails = [a_mail(f"{name}@a.example") for name in ("one", "odd", "two", "three")]
    with Sink(tmp_path / "log", {"odd@a.example": lot}, options=options) as sink:
        with a_mailer(sink.port).connect() as connection:
            outcomes = []
            for place, mail in enumerate(mails):
                outcomes.append(connection.send(mail))
                connection.announce(mails[(place + 1) % len(mails)])
        received = sink.received()
    taken = [mail for mail, one in zip(mails, outcomes, strict=True) if one.outcome is Outcome.ACCEPTED]
    assert [one.outcome for one in outcomes].count(Outcome.ACCEPTED) == (3 if lot else 4)
    arrived = [mail["to"] for mail in received if not lot or mail["to"] != ["odd@a.example"]]
    assert arrived == [[mail.envelope_to] for mail in taken]
    assert {mail["mime"] for mail in received} == {MIME}


def test_a_mail_that_was_announced_and_not_sent_is_forgotten(tmp_path: Path) -> None:
    with Sink(tmp_path / "log") as sink:
        with a_mailer(sink.port).connect() as connection:
            connection.send(a_mail("one@a.example"))
            connection.announce(a_mail("never@a.example"))
            assert connection.send(a_mail("two@a.example")).outcome is Outcome.ACCEPTED
            connection.announce(a_mail("never@a.example"))
        assert [mail["to"] for mail in sink.received()] == [["one@a.example"], ["two@a.example"]]


def test_a_mail_without_sender_goes_out_with_an_empty_path(tmp_path: Path) -> None:
    with Sink(tmp_path / "log") as sink:
        send(a_mailer(sink.port), Mail("", "focal@a.example", MIME))
        assert sink.received()[0]["from"] == "<>"


@pytest.mark.parametrize("options", [(), ("--pipelining",)])
@pytest.mark.parametrize(
    ("lot", "expected"),
    [
        ({"rcpt": "421 4.3.2 closing"}, Delivery(Outcome.UNAVAILABLE, 421, "4.3.2 closing", "RCPT")),
        ({"rcpt": "450 4.2.0 greylisted"}, Delivery(Outcome.DEFERRED, 450, "4.2.0 greylisted", "RCPT")),
        ({"rcpt": "451 4.3.0 later"}, Delivery(Outcome.DEFERRED, 451, "4.3.0 later", "RCPT")),
        ({"rcpt": "550 5.1.1 no such user"}, Delivery(Outcome.REFUSED, 550, "5.1.1 no such user", "RCPT")),
        ({"data": "554 5.7.1 policy"}, Delivery(Outcome.REFUSED, 554, "5.7.1 policy", "DATA")),
        ({"data": "452 4.3.1 full"}, Delivery(Outcome.DEFERRED, 452, "4.3.1 full", "DATA")),
        ({"data": "421 4.3.2 closing"}, Delivery(Outcome.UNAVAILABLE, 421, "4.3.2 closing", "DATA")),
    ],
)
def test_every_answer_is_a_value(
    tmp_path: Path, options: tuple[str, ...], lot: dict[str, str], expected: Delivery
) -> None:
    with Sink(tmp_path / "log", {"odd@a.example": lot}, options=options) as sink:
        assert send(a_mailer(sink.port), a_mail("odd@a.example")) == [expected]


@pytest.mark.parametrize("lot", [{"rcpt": "550 5.1.1 no"}, {"data": "554 5.7.1 no"}, {"cut-at-rcpt": True}])
def test_a_mail_that_fails_does_not_stop_the_next(tmp_path: Path, lot: dict[str, object]) -> None:
    with Sink(tmp_path / "log", {"odd@a.example": lot}, options=("--pipelining",)) as sink:
        outcomes = send(a_mailer(sink.port), a_mail("odd@a.example"), a_mail("fine@b.example"))
        assert outcomes[0].outcome in {Outcome.REFUSED, Outcome.DEFERRED}
        assert outcomes[1].outcome is Outcome.ACCEPTED
        assert sink.received()[-1]["to"] == ["fine@b.example"]


def test_a_connection_lost_before_the_final_dot_is_deferred(tmp_path: Path) -> None:
    with Sink(tmp_path / "log", {"cut@a.example": {"cut-at-rcpt": True}}) as sink:
        (delivery,) = send(a_mailer(sink.port), a_mail("cut@a.example"))
        assert (delivery.outcome, delivery.code) == (Outcome.DEFERRED, 0)
        assert sink.received() == []


def test_a_connection_lost_after_the_final_dot_is_unknown(tmp_path: Path) -> None:
    with Sink(tmp_path / "log", {"cut@a.example": {"cut-after-dot": True}}) as sink:
        cut, after = send(a_mailer(sink.port), a_mail("cut@a.example"), a_mail("fine@b.example"))
        assert (cut.outcome, cut.code, cut.verb) == (Outcome.UNKNOWN, 0, "DATA")
        assert after.outcome is Outcome.ACCEPTED


def test_a_server_that_thinks_too_long_after_the_final_dot_is_unknown(tmp_path: Path) -> None:
    with Sink(tmp_path / "log", {"slow@a.example": {"wait": 5}}) as sink:
        (delivery,) = send(a_mailer(sink.port, data_seconds=0.2), a_mail("slow@a.example"))
        assert delivery.outcome is Outcome.UNKNOWN


def test_a_server_that_never_greets_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mailer = a_mailer(silent.getsockname()[1], command_seconds=0.2)
        assert send(mailer, a_mail())[0].outcome is Outcome.UNAVAILABLE


def test_where_nobody_listens_one_try_speaks_for_the_batch() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    first, second = send(a_mailer(port), a_mail(), a_mail())
    assert first.outcome is Outcome.UNAVAILABLE
    assert first.verb == "connect"
    assert "refused" in first.words
    assert second is first


def test_a_connection_that_idled_away_is_opened_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Sink(log) as first:
        mailer = a_mailer(first.port)
        with mailer.connect() as connection:
            assert connection.send(a_mail()).outcome is Outcome.ACCEPTED
            first.__exit__()
            with Sink(log, port=first.port):
                assert connection.send(a_mail()).outcome is Outcome.ACCEPTED
            first.__enter__()
        assert len(first.received()) == 2


def test_starttls_is_verified_and_there_is_no_way_out_into_plain(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    with Sink(tmp_path / "log", options=("--certificate", str(certificate))) as sink:
        trusted = a_mailer(sink.port, tls=Tls.STARTTLS, ca_file=certificate)
        unknown = a_mailer(sink.port, tls=Tls.STARTTLS)
        assert send(trusted, a_mail())[0].outcome is Outcome.ACCEPTED
        assert send(unknown, a_mail())[0].outcome is Outcome.UNAVAILABLE
        assert [mail["tls"] for mail in sink.received()] == [True]


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path, "elsewhere.example")
    with Sink(tmp_path / "log", options=("--certificate", str(certificate))) as sink:
        server = SmtpServer("localhost", sink.port, Tls.STARTTLS, ca_file=certificate)
        (delivery,) = send(FlaskMailMailer(server), a_mail())
    assert delivery.outcome is Outcome.UNAVAILABLE
    assert "certificate" in delivery.words


def test_a_server_without_starttls_gets_no_mail_in_plain(tmp_path: Path) -> None:
    with Sink(tmp_path / "log") as sink:
        assert send(a_mailer(sink.port, tls=Tls.STARTTLS), a_mail())[0].outcome is Outcome.UNAVAILABLE
        assert sink.received() == []


def test_tls_from_the_first_octet_works_too(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    with Sink(tmp_path / "log", options=("--certificate", str(certificate), "--implicit")) as sink:
        assert send(a_mailer(sink.port, tls=Tls.IMPLICIT, ca_file=certificate), a_mail())[0].code == 250
        assert send(a_mailer(sink.port, tls=Tls.IMPLICIT), a_mail())[0].outcome is Outcome.UNAVAILABLE


def test_a_wrong_password_makes_the_server_unavailable_and_blames_no_address(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    with Sink(tmp_path / "log", options=("--certificate", str(certificate), "--password", "right")) as sink:
        settings = {"tls": Tls.STARTTLS, "ca_file": certificate, "username": "unit"}
        assert send(a_mailer(sink.port, password="right", **settings), a_mail())[0].code == 250
        (delivery,) = send(a_mailer(sink.port, password="wrong", **settings), a_mail())
        assert (delivery.outcome, delivery.code) == (Outcome.UNAVAILABLE, 535)
        assert [mail["signed_in"] for mail in sink.received()] == [True]


def test_only_a_local_part_beyond_ascii_needs_smtputf8(tmp_path: Path) -> None:
    with Sink(tmp_path / "log", options=("--utf8",)) as sink:
        assert send(a_mailer(sink.port), a_mail("دفتر@وزارت.example"), a_mail("focal@وزارت.example"))[0].code == 250
        urdu, domain_only = sink.received()
    assert urdu["to"][0].startswith("دفتر@xn--")
    assert "SMTPUTF8" in urdu["options"]
    assert domain_only["to"][0].startswith("focal@xn--")
    assert "SMTPUTF8" not in domain_only["options"]


def test_an_address_the_server_cannot_carry_is_refused_and_the_next_mail_goes(tmp_path: Path) -> None:
    with Sink(tmp_path / "log") as sink:
        refused, fine = send(a_mailer(sink.port), a_mail("دفتر@a.example"), a_mail())
    assert (refused.outcome, refused.verb) == (Outcome.REFUSED, "RCPT")
    assert fine.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("address", ["a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "<a@b.example>", ""])
def test_an_address_that_would_break_the_command_never_reaches_the_wire(address: str) -> None:
    assert send(a_mailer(1), a_mail(address))[0].outcome is Outcome.REFUSED
