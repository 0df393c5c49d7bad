"""Mail that arrives: kept encrypted on disk, then through the whole pipeline to a verdict, everything durable."""

import time
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from benchmarks.figures import Figure
from benchmarks.houses import House
from benchmarks.telling import tell
from crm.app import create_app
from crm.db import db
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AskState
from crm.inbound.models import InboundMail, MailState
from crm.jobs.mail import keeper, read_mail
from crm.runtime import the_house
from tests.support.letters import a_bounce, a_reply

INGEST = 50.0
QUOTED = "\n".join(f"> {line}" for line in ("The views of your office may kindly be furnished by the date.",) * 12)
COMMENTS = """Respected Sir,

Reference is invited to your letter on the subject noted above.

Clause {one}: the words "without delay" may kindly be replaced by "within two hours".
Clause {two}: the officer who informs the guardian may kindly be named.
Clause {three}: we agree.

Yours faithfully,
Director (Legal)

On Tue, 24 Nov 2026 at 10:00, Juvenile Justice and Child Protection Unit wrote:
{quoted}
"""
USUAL = "The matter is under process; more time may kindly be given until 15 December 2026.\n"
AWAY = "I am out of office until Monday. For urgent matters kindly call the reception.\n"


def measure(house: House, count: int) -> Iterator[Figure]:
    """Eight of ten are comments; the others are usual answers, absences, bounces and strangers."""
    app = create_app(house.config)
    with app.app_context():
        mails = list(_mails(house, count))
        kept = keeper(the_house())
        began = time.perf_counter()
        for to, raw in mails:
            kept.from_wire("", to, raw, the_house().ports.system.now())
        keeping = time.perf_counter() - began
        while read_mail():
            pass
        seconds = time.perf_counter() - began
        db.engine.dispose()
    note = f"{count} mails in {seconds:.1f} s, of that {keeping:.1f} s keeping; {_verdicts(house)}"
    yield Figure(f"ingest, {house.label}", count / seconds, "mails/s", INGEST, more_is_better=True, note=note)
    tell(f"{house.label}: mail taken in")


def _verdicts(house: House) -> str:
    counted = select(InboundMail.state, func.count()).group_by(InboundMail.state)
    with Session(house.engine) as session:
        states = {str(state): number for state, number in session.execute(counted)}
    if states.get(MailState.KEPT):
        raise RuntimeError(f"mails were left unread: {states}")
    return ", ".join(f"{number} {state}" for state, number in sorted(states.items()))


def _mails(house: House, count: int) -> Iterator[tuple[str, bytes]]:
    chosen = select(Ask).where(Ask.state == AskState.OPEN).options(joinedload(Ask.seat)).order_by(Ask.id).limit(count)
    with Session(house.engine) as session:
        asks = session.scalars(chosen).all()
        for number in range(count):
            yield _mail(house, asks[number % len(asks)], number)


def _mail(house: House, ask: Ask, number: int) -> tuple[str, bytes]:
    to, sender, sort = house.links.reply_address(ask), f"The post <{ask.seat.address}>", number % 10
    name, thread = f"<bench-{number}@partner.example>", f"<ask.{ask.id}.bench@npb.example>"
    if sort == 6:
        return to, a_reply(sender, to, f"{USUAL}\n{QUOTED}\n", in_reply_to=thread, message_id=name)
    if sort == 7:
        return to, a_reply(sender, to, AWAY, "Automatic reply: Views", thread, name, Auto_Submitted="auto-replied")
    if sort == 8:
        bounce = a_bounce(ask.seat.address, "jjcpu@npb.example", f"<ask.{ask.id}.nobody@npb.example>")
        return "jjcpu@npb.example", bounce.replace(b"dsn-1@", f"dsn-{number}@".encode())
    if sort == 9:
        ours = "jjcpu@npb.example"
        stranger = f"someone@stranger-{number}.example"
        return ours, a_reply(stranger, ours, f"Kindly note letter {number}.\n", message_id=name)
    clauses = {one: (number * 3 + place) % 44 + 1 for place, one in enumerate(("one", "two", "three"))}
    return to, a_reply(sender, to, COMMENTS.format(quoted=QUOTED, **clauses), in_reply_to=thread, message_id=name)
