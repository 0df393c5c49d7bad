"""A later answer beside an earlier one: what it repeats stands once, and what it no longer says steps back."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from crm.domain.asks.models import AskAnswer
from crm.domain.asks.rules import AnswerKind, Channel
from crm.domain.consultations import queries
from crm.domain.consultations.models import Comment
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.uow import UnitOfWork

PAGE = ("page", "text")
Saying = tuple[tuple[str, ...], str, str]


def saying(comment: Comment) -> Saying:
    """What a comment says and of which clauses, as its writer had it: wherever an officer placed it since."""
    typed = comment.source.get("in") == "page"
    clauses = (str(comment.source["clause"]),) if typed else tuple(str(one) for one in comment.proposed_clauses)
    return clauses, " ".join(comment.text.split()), " ".join(comment.proposed.split())


def settle(uow: UnitOfWork, answer: AskAnswer, found: Sequence[Comment], files: Iterable[str]) -> list[Comment]:
    """Of the comments found in a later answer those that are new.

    What an earlier one said in the same words is noted there. What an earlier answer by the same way said, and this
    one no longer does, steps back unless it is decided: it stays beside its own answer, out of the matrix.
    files: the names of those that could be read.
    """
    earlier = [one for one in queries.comments_of_ask(uow.session, answer.ask_id) if one.archived_at is None]
    if not earlier:
        return list(found)
    known = {saying(one): one for one in reversed(earlier)}
    kept = {saying(one) for one in found}
    if answer.kind is AnswerKind.COMMENTS:
        for one in _taken_place_of(uow, answer, earlier, found, frozenset(files)):
            if one.disposition is None and saying(one) not in kept:
                one.step_back(answer.id, uow.now)
    for one in found:
        if saying(one) in known:
            known[saying(one)].repeat(answer.id, str(answer.channel), one.source)
    return [one for one in found if saying(one) not in known]


def take_back(uow: UnitOfWork, answer: AskAnswer) -> None:
    """Take an answer's comments out of the matrix: those that another says as well stand on as that one's.

    What had stepped back for it comes forward again. Raises RuleBroken where one of its own is decided.
    """
    rows = queries.comments_of_ask(uow.session, answer.ask_id)
    own = [one for one in rows if one.answer_id == answer.id and one.archived_at is None]
    if any(one.disposition is not None for one in own):
        raise RuleBroken(Message("A comment of this answer is decided. Kindly take that decision back first."))
    for one in rows:
        one.let_go(answer.id, uow.now)


def _taken_place_of(
    uow: UnitOfWork, answer: AskAnswer, earlier: Sequence[Comment], found: Sequence[Comment], files: frozenset[str]
) -> list[Comment]:
    """The comments of those earlier answers, or parts of them, that this one is a revision of."""
    rows = [one for one in earlier if _is_only_said_by(one, answer.channel)]
    if answer.channel is Channel.LINK:
        return [one for one in rows if one.source["in"] in (*PAGE, *files)] if _opened_with_it(uow, answer) else []
    of_answer: Callable[[Comment], int] = lambda one: one.answer_id  # noqa: E731
    said = [list(group) for _id, group in groupby(sorted(rows, key=of_answer), key=of_answer)]
    return [one for group in said if _is_said_again(group, found) for one in group]


def _is_only_said_by(one: Comment, channel: Channel) -> bool:
    """Whether all that say it came by this way. What an officer typed from a paper no machine can find again."""
    ways = {str(one.answer.channel), *(also["channel"] for also in one.source.get("also", []))}
    return ways == {str(channel)} and one.source.get("in") != "hand"


def _opened_with_it(uow: UnitOfWork, answer: AskAnswer) -> bool:
    """Whether the private page showed what was sent from it before, so that what is missing was taken out."""
    before = queries.answer_before(uow.session, answer)
    return before is not None and before.channel is Channel.LINK


def _is_said_again(earlier: Sequence[Comment], found: Sequence[Comment]) -> bool:
    """Whether a mail says an earlier one anew, and does not add to it.

    It does if it repeats one of its comments, or speaks of every clause of which the earlier one spoke.
    """
    before, now = {saying(one) for one in earlier}, {saying(one) for one in found}
    return bool(before & now) or {clauses for clauses, *_ in before} <= {clauses for clauses, *_ in now}
