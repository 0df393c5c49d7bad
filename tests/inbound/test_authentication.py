"""Only our own border server's word counts for a sender, and a doubtful From is never verified."""

import pytest

from crm.inbound.authentication import Standing, Trust
from crm.inbound.reading import read
from tests.support.corpus import written_mail

OURS = Trust(frozenset({"mx.crm.example.org"}))


def standing(results: str, trust: Trust = OURS, **headers: str) -> Standing:
    """How the sender stands with this Authentication-Results field."""
    return read(written_mail(authentication_results=results, **headers), trust=trust).authentication.standing


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("mx.crm.example.org; dmarc=pass header.from=partner.example", Standing.VERIFIED),
        ("mx.crm.example.org; dkim=pass header.d=partner.example", Standing.VERIFIED),
        ("mx.crm.example.org; dkim=pass header.d=mail.partner.example", Standing.VERIFIED),
        ("mx.crm.example.org; spf=fail; dkim=none; dmarc=fail header.from=partner.example", Standing.FAILED),
        ("mx.crm.example.org; dmarc=none; spf=softfail", Standing.UNVERIFIED),
        ("mx.crm.example.org; dkim=pass header.d=bulk.example", Standing.UNVERIFIED),
        ("mx.crm.example.org; dmarc=pass header.from=evil.example", Standing.UNVERIFIED),
        ("mx.evil.example; dmarc=pass header.from=partner.example", Standing.UNVERIFIED),
        ("mx.evil.example; dmarc=pass (mx.crm.example.org; dmarc=pass)", Standing.UNVERIFIED),
        ("mx.crm.example.org; dkim=none (dmarc=pass header.from=partner.example)", Standing.UNVERIFIED),
        ("", Standing.UNVERIFIED),
    ],
)
def test_the_border_servers_results_decide(results: str, expected: Standing) -> None:
    assert standing(results) is expected


def test_a_header_below_a_foreign_hop_is_not_ours() -> None:
    raw = b"Received: from a by mx.elsewhere.example; x\r\n" + written_mail(
        authentication_results="mx.crm.example.org; dmarc=pass header.from=partner.example"
    )
    assert read(raw, trust=OURS).authentication.standing is Standing.UNVERIFIED


def test_a_second_forged_header_below_ours_counts_for_nothing() -> None:
    raw = b"Authentication-Results: mx.crm.example.org; dmarc=fail header.from=partner.example\r\n" + written_mail(
        authentication_results="mx.crm.example.org; dmarc=pass header.from=partner.example"
    )
    assert read(raw, trust=OURS).authentication.standing is Standing.FAILED


def test_an_ambiguous_sender_is_never_verified() -> None:
    results = "mx.crm.example.org; dmarc=pass header.from=evil.test"
    assert standing(results, **{"from": "alice@partner.example <mallory@evil.test>"}) is Standing.UNVERIFIED


def test_a_strangers_header_can_condemn_but_not_vouch_when_inspecting() -> None:
    anyone = Trust(topmost=True)
    assert standing("example.com; dmarc=fail", anyone) is Standing.FAILED
    assert standing("example.com; dmarc=pass header.from=partner.example", anyone) is Standing.UNVERIFIED


def test_a_signature_that_cannot_be_read_proves_nothing() -> None:
    trust = Trust(key_of=lambda name: b"v=DKIM1; p=nonsense")
    reading = read(
        written_mail(dkim_signature="v=1; a=rsa-sha256; d=partner.example; s=x; bh=x; b=x; h=from"), trust=trust
    )
    assert reading.authentication.standing is Standing.UNVERIFIED


def test_a_scanners_header_may_condemn_but_never_vouch() -> None:
    assert (
        standing("", x_spamd_result="default: False [9 / 13]; DMARC_POLICY_REJECT(2.00)[x : reject]") is Standing.FAILED
    )
    assert standing("", x_spamd_result="default: False [0 / 13]; DMARC_POLICY_ALLOW(-0.5)[x]") is Standing.UNVERIFIED
