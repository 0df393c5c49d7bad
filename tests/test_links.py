"""Private links and reply addresses: nothing opens but what we signed, for what we signed it, while it stands."""

import random
from dataclasses import dataclass, replace

import pytest

from crm.links import ALPHABET, LENGTH, Links, Purpose, read_claim
from tests.support.builders import KEYS, LINKS

GUESSES = 20_000


@dataclass(frozen=True)
class AnAsk:
    """What a token is made of."""

    id: int = 42
    seat_id: int | None = 7
    edition: int = 1
    nonce: str = "a-nonce"


ASK = AnAsk()


def opens(token: str, what: AnAsk = ASK, links: Links = LINKS) -> bool:
    claim = read_claim(token)
    return claim is not None and links.opens(claim, what)


@pytest.mark.parametrize("made_for", Purpose)
@pytest.mark.parametrize("used_for", Purpose)
def test_a_token_of_one_purpose_opens_no_other(made_for: Purpose, used_for: Purpose) -> None:
    token = LINKS.token(made_for, ASK)

    assert opens(f"{used_for}{token[1:]}") is (made_for is used_for)


def test_no_random_token_is_ever_accepted() -> None:
    guess = random.Random(11)
    head = LINKS.token(Purpose.PAGE, ASK)[:-26]

    for _ in range(GUESSES):
        assert not opens(head + "".join(guess.choices(ALPHABET, k=26)))


def test_no_single_letter_of_a_token_can_be_another() -> None:
    token = LINKS.token(Purpose.REPLY, ASK)

    for place in range(1, LENGTH):
        for letter in ALPHABET:
            if letter != token[place]:
                assert not opens(token[:place] + letter + token[place + 1 :])


def test_a_retyped_token_still_opens() -> None:
    numbers = (number for number in range(1, 400) if {"0", "1"} <= set(LINKS.token(Purpose.PAGE, AnAsk(number))[2:]))
    ask = AnAsk(next(numbers))
    token = LINKS.token(Purpose.PAGE, ask)
    retyped = token[:2] + token[2:].replace("0", "o").replace("1", "l")

    assert opens(retyped, ask)
    assert opens(retyped.replace("l", "i").upper(), ask)
    assert opens(f" {token[:10]}-{token[10:]} ", ask)


def test_a_new_nonce_revokes_every_older_token() -> None:
    token = LINKS.token(Purpose.PAGE, ASK)

    assert not opens(token, replace(ASK, nonce="another"))


@pytest.mark.parametrize("change", [{"id": 43}, {"seat_id": 8}, {"seat_id": None}])
def test_a_token_opens_nothing_but_its_own_request_and_post(change: dict[str, int | None]) -> None:
    assert not opens(LINKS.token(Purpose.PAGE, ASK), replace(ASK, **change))  # type: ignore[arg-type]


def test_a_token_of_an_older_edition_still_opens_and_one_of_the_future_does_not() -> None:
    later = replace(ASK, edition=3)

    assert opens(LINKS.token(Purpose.PAGE, ASK), later)
    assert not opens(LINKS.token(Purpose.PAGE, later), ASK)


def test_a_calendar_keeps_its_address_over_all_editions() -> None:
    assert LINKS.organizer(ASK) == LINKS.organizer(replace(ASK, edition=9))


def test_older_keys_still_verify_and_unknown_ones_do_not() -> None:
    rolled = replace(LINKS, keys={"2": b"n" * 32, **KEYS}, current="2")
    stranger = replace(LINKS, keys={"3": b"x" * 32}, current="3")

    assert opens(LINKS.token(Purpose.PAGE, ASK), links=rolled)
    assert rolled.token(Purpose.PAGE, ASK)[1] == "2"
    assert not opens(stranger.token(Purpose.PAGE, ASK))


def test_an_address_fits_the_64_octets_of_a_local_part() -> None:
    local = LINKS.reply_address(AnAsk(id=32**7 - 1, edition=32**2 - 1)).partition("@")[0]

    assert len(local) <= 64


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        LINKS.token(Purpose.PAGE, AnAsk(id=32**7))


def test_claims_are_found_in_addresses_of_ours_alone() -> None:
    ours = LINKS.reply_address(ASK)
    elsewhere = ours.replace(LINKS.domain, "evil.example")

    assert [claim.number for claim in LINKS.claims_in([elsewhere, "x@y.example", ours.upper()])] == [42]


@pytest.mark.parametrize("text", ["", "p", "p1", "x" * LENGTH, "p1" + "u" * 60, "p1" + "é" * (LENGTH - 2), "\0" * 40])
def test_what_has_not_the_shape_of_a_token_is_no_claim(text: str) -> None:
    assert read_claim(text) is None
