"""The register of partners as a page: filters with counts, and the rows with what is pending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from crm.blueprints import badges, lists
from crm.blueprints.addresses import with_changes
from crm.blueprints.door import language
from crm.blueprints.memory import remembered
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import dotted
from crm.domain.accounts.rules import Permission
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AskState, Side
from crm.domain.organisations.models import Organisation, OrganisationTheme, Seat
from crm.domain.organisations.queries import PartnerFilter, count_partners, partner_rows
from crm.domain.organisations.rules import NEVER_CALLED_SILENT, AddressState
from crm.domain.settings.models import Term
from crm.domain.settings.rules import TermKind
from crm.i18n import HOUSE_ZONE
from crm.search.service import find
from crm.timeline.service import last_contacts
from crm.uow import Actor

NOBODY, SORTS = (0,), ("name", "last", "they", "we")
SEAT = Seat.__table__.c
FOCAL = select(SEAT.organisation_id, SEAT.id, SEAT.address, SEAT.address_state).where(
    SEAT.organisation_id.in_(bindparam("ids", expanding=True)), SEAT.is_focal, SEAT.archived_at.is_(None)
)


@dataclass(frozen=True)
class Terms:
    """The words of the taxonomy by list and code."""

    words: Mapping[TermKind, Mapping[str, str]]

    def of(self, kind: TermKind) -> dict[str, str]:
        """One list in its order."""
        return dict(self.words.get(kind, {}))

    def word(self, kind: TermKind, code: str) -> str:
        """One word; the code where the list has none."""
        return self.words.get(kind, {}).get(code, code)


def read_terms(session: Session) -> Terms:
    """Every list of the taxonomy."""
    is_urdu = language() == "ur"

    def read() -> Terms:
        words: dict[TermKind, dict[str, str]] = {}
        rows = session.execute(select(Term.kind, Term.code, Term.label, Term.label_ur).order_by(Term.place, Term.id))
        for kind, code, label, label_ur in rows:
            words.setdefault(kind, {})[code] = label_ur if is_urdu and label_ur else label
        return Terms(words)

    return remembered(session, ("terms", is_urdu), read)


@dataclass(frozen=True)
class Pending:
    """Open requests of one partner each way, and how many are overdue. A court's are never counted as owing."""

    they: int = 0
    they_late: int = 0
    we: int = 0
    we_late: int = 0


def pending_of(session: Session, today: date, ids: Sequence[int] | None = None) -> dict[int, Pending]:
    """Of each partner (all, or those of `ids`) that has open requests, how many each way."""
    chased = Organisation.courtesy.not_in(NEVER_CALLED_SILENT)
    ours, theirs, late = (Ask.side == Side.OURS) & chased, Ask.side == Side.THEIRS, Ask.due_on < today

    def count(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    counted = (
        select(Ask.organisation_id, count(ours), count(ours & late), count(theirs), count(theirs & late))
        .join(Organisation, Organisation.id == Ask.organisation_id)
        .where(Ask.state == AskState.OPEN, Ask.archived_at.is_(None))
        .group_by(Ask.organisation_id)
    )
    if ids is not None:
        counted = counted.where(Ask.organisation_id.in_(ids))
    return {row[0]: Pending(*row[1:]) for row in session.execute(counted)}


def _focal(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    return {row.organisation_id: row for row in session.execute(FOCAL, {"ids": list(ids)})}


def filter_groups(session: Session, terms: Terms) -> list[dict[str, Any]]:
    """The filters by type, province and theme, each with how many partners it reaches."""
    by_type, by_province, by_theme = remembered(session, "partners by filter", lambda: _counts(session))
    return [
        _group("type", _("Type"), terms.of(TermKind.ORGANISATION_TYPE), by_type),
        _group("province", _("Province"), terms.of(TermKind.JURISDICTION), by_province),
        _group("theme", _("Theme"), terms.of(TermKind.THEME), by_theme),
    ]


def _counts(session: Session) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """How many live partners there are of each type, in each province and with each theme."""
    by_type: dict[str, int] = {}
    by_province: dict[str, int] = {}
    placed = select(Organisation.type, Organisation.province, func.count()).where(Organisation.archived_at.is_(None))
    for kind, province, count in session.execute(placed.group_by(Organisation.type, Organisation.province)):
        by_type[kind] = by_type.get(kind, 0) + count
        by_province[province] = by_province.get(province, 0) + count
    themed = select(OrganisationTheme.theme, func.count()).group_by(OrganisationTheme.theme)
    return by_type, by_province, {theme: count for theme, count in session.execute(themed)}


def _group(name: str, word: str, labels: dict[str, str], counts: dict[str, int]) -> dict[str, Any]:
    """A group of the rail; codes without a word in the taxonomy stand by themselves."""
    all_labels = labels | {code: code for code in sorted(counts) if code and code not in labels}
    return lists.group(name, word, all_labels, counts)


def wanted_partners() -> PartnerFilter:
    """The filter that the address names."""
    return PartnerFilter(
        types=tuple(request.args.getlist("type")),
        provinces=tuple(request.args.getlist("province")),
        themes=tuple(request.args.getlist("theme")),
    )


def _narrowed(session: Session, actor: Actor, query: str, view: str, pending: Mapping[int, Pending]) -> PartnerFilter:
    """The filter with what was sought and which view it is."""
    wanted = wanted_partners()
    ids: set[int] | None = None
    if query:
        ids = {one.subject.id for one in find(session, query, [Organisation.SUBJECT], actor.grades, 200)}
    if view in ("they", "we"):
        waiting = {number for number, one in pending.items() if getattr(one, view)}
        ids = waiting if ids is None else ids & waiting
    return wanted if ids is None else replace(wanted, ids=tuple(ids) or NOBODY)


def _sorted_page(
    session: Session, actor: Actor, wanted: PartnerFilter, sort: str, pending: Mapping[int, Pending]
) -> tuple[Sequence[Any], bool]:
    """A page after the partner that `after` names, by name or by a number that is computed."""
    after = lists.number("after")
    if sort == "name":
        last = session.get(Organisation, after) if after else None
        place = (last.name, last.id) if last else None
        return lists.cut(partner_rows(session, wanted, actor.grades, place, lists.PAGE + 1))
    rows = partner_rows(session, wanted, actor.grades, None, 100_000)
    if sort == "last":
        last_on = last_contacts(session, Organisation.SUBJECT, [row.id for row in rows])
        ordered = sorted(rows, key=lambda row: (row.id in last_on, last_on.get(row.id), row.name, row.id))
    else:
        ordered = sorted(rows, key=lambda row: (-getattr(pending.get(row.id, Pending()), sort), row.name, row.id))
    start = next((place + 1 for place, row in enumerate(ordered) if row.id == after), 0)
    return lists.cut(ordered[start : start + lists.PAGE + 1])


def register(session: Session, actor: Actor, today: date, query: str) -> dict[str, Any]:
    """The context of organisations/index."""
    words = {"all": _("All"), "they": _("Pending with partners"), "we": _("Pending with us")}
    view, sort = lists.chosen("view", words), lists.chosen("sort", dict.fromkeys(SORTS, ""))
    terms = read_terms(session)
    pending = remembered(session, ("pending", today), lambda: pending_of(session, today))
    groups = filter_groups(session, terms)
    total = sum(choice["count"] or 0 for choice in groups[0]["choices"])
    wanted = _narrowed(session, actor, query, view, pending)
    rows, more = _sorted_page(session, actor, wanted, sort, pending)
    shown = total if wanted.is_empty else count_partners(session, wanted)
    return {
        "facts": [ngettext("%(num)s on the register", "%(num)s on the register", total)],
        "views": lists.tabs("view", words, view),
        "groups": groups,
        "keep": lists.keep("view", "sort", "q"),
        "chips": lists.chips(groups, query),
        "query": query,
        "exports": [],
        "shown_total": shown,
        "columns": _columns(sort),
        "new_url": url_for("organisations.new") if actor.may(Permission.EDIT_PARTNERS) else None,
        "import_url": None,
        "bulk_url": None,
        "rows": _lines(session, rows, terms, pending),
        "page": lists.pager(len(rows), shown, rows[-1].id if more else None),
    }


def _columns(sort: str) -> dict[str, dict[str, Any]]:
    words = {"name": _("Partner"), "last": _("Last contact"), "they": _("With them"), "we": _("With us")}
    orders = {"name": "ascending", "last": "ascending", "they": "descending", "we": "descending"}
    return {
        key: {
            "key": key,
            "word": word,
            "url": with_changes(sort=None if key == "name" else key, after=None),
            "order": orders[key] if key == sort else None,
        }
        for key, word in words.items()
    }


def _lines(session: Session, rows: Sequence[Any], terms: Terms, pending: Mapping[int, Pending]) -> list[dict[str, Any]]:
    ids = [row.id for row in rows]
    focal, last = _focal(session, ids), last_contacts(session, Organisation.SUBJECT, ids)
    return [_line(row, terms, pending.get(row.id, Pending()), focal.get(row.id), last.get(row.id)) for row in rows]


def _line(row: Any, terms: Terms, pending: Pending, focal: Any, last: Any) -> dict[str, Any]:
    is_urdu = language() == "ur" and bool(row.name_ur)
    place = dotted(terms.word(TermKind.JURISDICTION, row.province), row.city)
    state, why, following, next_url = _standing(row, pending, focal)
    return {
        "id": row.id,
        "name": row.name_ur if is_urdu else row.name,
        "name_urdu": row.name_ur or None,
        "url": url_for("organisations.show", organisation_id=row.id),
        "kind": terms.word(TermKind.ORGANISATION_TYPE, row.type),
        "place": place,
        "acronym": row.acronym,
        "state": state,
        "why": why,
        "last_on": last.astimezone(HOUSE_ZONE).date() if last else None,
        **vars(pending),
        "next": following,
        "next_url": next_url,
    }


def _standing(row: Any, pending: Pending, focal: Any) -> tuple[badges.Badge | None, str, str, str | None]:
    """The badge, its reason and the next step of a partner's row."""
    here = url_for("organisations.show", organisation_id=row.id)
    if focal is None or not focal.address:
        why = _("no mailbox of its focal post is known")
        return ("gap", _("Cannot be asked")), why, _("Name its post"), here
    if focal.address_state is AddressState.BOUNCED:
        correct = url_for("organisations.edit_seat", seat_id=focal.id)
        return ("bounced", _("Not delivered")), _("its mailbox does not exist"), _("Correct the address"), correct
    if pending.we_late:
        overdue = ngettext("%(num)s reply of ours is overdue", "%(num)s replies of ours are overdue", pending.we_late)
        return ("late", _("Overdue with us")), overdue, _("Reply"), here
    if pending.they:
        awaited = ngettext("%(num)s request is open", "%(num)s requests are open", pending.they)
        return ("awaited", _("Reply awaited")), awaited, _("See its requests"), here
    return None, "", "", None
