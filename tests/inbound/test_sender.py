"""Who a mail says it is from, read so that nobody can be made to look like somebody else."""

import pytest

from crm.inbound.addresses import addresses_in, read_sender


@pytest.mark.parametrize(
    ("value", "address", "name"),
    [
        ("alice@x.pk", "alice@x.pk", ""),
        ("Alice <Alice@X.pk>", "alice@x.pk", "Alice"),
        ('"Khan, Ayesha" <a@x.pk>', "a@x.pk", "Khan, Ayesha"),
        ("a@x.pk (Ayesha Khan)", "a@x.pk", "Ayesha Khan"),
        ("=?utf-8?q?A?= =?utf-8?q?li?= <a@x.pk>", "a@x.pk", "Ali"),
        ("a@x.pk <a@x.pk>", "a@x.pk", "a@x.pk"),
    ],
)
def test_one_plain_mailbox_is_believed(value: str, address: str, name: str) -> None:
    sender = read_sender([value])
    assert (sender.address, sender.name, sender.doubt) == (address, name, None)


@pytest.mark.parametrize(
    "value",
    [
        "alice@trusted.gov.pk <mallory@evil.test>",
        '"alice@trusted.gov.pk" <mallory@evil.test>',
        "=?utf-8?q?alice=40trusted.gov.pk?= <mallory@evil.test>",
        "<alice@trusted.gov.pk> <mallory@evil.test>",
        "Alice <alice@trusted.gov.pk>, Mallory <mallory@evil.test>",
        "alice@trusted.gov.pk, mallory@evil.test",
        "alice@trusted.gov.pk mallory@evil.test",
        "Ministers: alice@trusted.gov.pk;",
        "Alice (alice@trusted.gov.pk) <mallory@evil.test>",
        "Alice (x) <alice@trusted.gov.pk>",
        "Alice <alice@trusted.gov.pk> mallory",
        "Alice <alice@trusted.gov.pk",
        "<@relay.test,@other.test:alice@trusted.gov.pk>",
        "alice@trusted.gov.pk@evil.test",
        "аlice@trusted.gov.pk",
        "alice@xn--80ak6aa92e.com",
        '"alice smith"@trusted.gov.pk',
        "Alice <alice@[192.0.2.1]>",
        "a" * 65 + "@trusted.gov.pk",
        "alice@trusted-.gov.pk",
        "MAILER-DAEMON",
        "",
    ],
)
def test_what_can_be_read_in_two_ways_is_doubted(value: str) -> None:
    assert read_sender([value]).doubt is not None


def test_two_from_lines_are_doubted() -> None:
    assert read_sender(["alice@x.pk", "mallory@evil.test"]).doubt is not None


def test_the_name_is_scrubbed_of_line_ends_hidden_in_encoded_words() -> None:
    assert read_sender(["=?utf-8?q?hi=0D=0ABcc=3A_evil?= <a@x.pk>"]).name == "hi Bcc: evil"


def test_recipients_are_candidates_in_lower_case_and_none_twice() -> None:
    assert addresses_in('"A" <One@X.pk>, one@x.pk, <two@y.pk>') == ("one@x.pk", "two@y.pk")
