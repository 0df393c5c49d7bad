"""What we had sent ourselves is known again at the end of a reply, even where nothing marks it as a quote."""

from crm.inbound.ours import without_our_words
from crm.inbound.visible import Visible

SENT = "The views of the Commission on the draft may kindly be furnished by 15 December 2026.\n\nThe draft is enclosed."


def test_our_letter_below_the_answer_is_folded() -> None:
    seen = without_our_words(Visible(f"We agree.\n\n{SENT.splitlines()[0]}", "-- \nA"), SENT)
    assert seen.text == "We agree."
    assert seen.folded.startswith("The views of the Commission")
    assert seen.folded.endswith("-- \nA")


def test_our_words_between_the_partners_own_stay() -> None:
    text = f"{SENT.splitlines()[0]}\n\nWe shall do so."
    assert without_our_words(Visible(text, ""), SENT).text == text


def test_a_reply_of_our_words_alone_stays_whole() -> None:
    assert without_our_words(Visible(SENT, ""), SENT).text == SENT


def test_a_few_common_words_are_not_ours() -> None:
    assert (
        without_our_words(Visible("Yes.\n\nThe draft is enclosed.", ""), SENT).text == "Yes.\n\nThe draft is enclosed."
    )
