"""The outbox: claim, send, conclude, against a bare smtplib loop over one connection to the same sink."""

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from benchmarks.figures import Figure, p50
from benchmarks.houses import House
from benchmarks.invitees import choice_of, send
from benchmarks.servers import ROOT
from benchmarks.telling import tell
from crm.app import create_app, real_ports
from crm.db import db
from crm.jobs.post import press_letters, send_outbox
from crm.outbox.models import MessageBytes, OutboxMessage
from crm.outbox.rules import Status
from crm.written import Bind
from tests.support.fakes import FakePress

OUTBOX = 60.0
REAL_PDFS = 8


@contextmanager
def sink() -> Iterator[int]:
    """aiosmtpd in a process of its own, that throws everything away; its port."""
    command = [sys.executable, "-m", "tests.support.sink"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is None:
            raise RuntimeError("the sink has no output")
        yield int(process.stdout.readline())
    finally:
        process.communicate(timeout=10)


def measure(house: House, letters: int, turns: int) -> Iterator[Figure]:
    """Letters of a real round, pressed with a stand-in for the PDF; then the same bytes by both ways in turn."""
    asked = send(house, house.marks.draft_rounds[0], choice_of(letters))
    with sink() as port:
        config = replace(house.config, smtp=Bind("127.0.0.1", port))
        app = create_app(config, replace(real_ports(config), press=FakePress()))
        with app.app_context():
            yield _press(house, asked)
            yield from _send(house, port, turns)
            db.engine.dispose()
    yield _press_pdf(house)


def _press(house: House, asked: int) -> Figure:
    began = time.perf_counter()
    pressed = press_letters()
    seconds = time.perf_counter() - began
    if pressed < asked:
        raise RuntimeError(f"{pressed} of {asked} letters were pressed")
    return Figure(f"letters pressed, {house.label}", pressed / seconds, "letters/s", note="without their PDFs")


def _send(house: House, port: int, turns: int) -> Iterator[Figure]:
    mails = _mails(house)
    bare, ours = [], []
    for turn in range(turns + 1):
        _requeue(house)
        rates = _bare(port, mails), _ours(len(mails))
        if turn:  # the first warms both
            bare.append(rates[0])
            ours.append(rates[1])
    share = p50([100 * ours[turn] / bare[turn] for turn in range(turns)])
    size = sum(len(mime) for _sender, _to, mime in mails) // len(mails)
    note = f"{p50(ours):.0f} of {p50(bare):.0f} mails/s, {len(mails)} mails of {size} bytes, {turns} turns"
    yield Figure(f"outbox, {house.label}", share, "% of smtplib", OUTBOX, more_is_better=True, note=note)
    tell(f"{house.label}: outbox measured")


def _mails(house: House) -> list[tuple[str, str, bytes]]:
    columns = select(OutboxMessage.envelope_from, OutboxMessage.to_address, MessageBytes.mime)
    with Session(house.engine) as session:
        rows = session.execute(columns.join(MessageBytes, MessageBytes.message_id == OutboxMessage.id))
        return [(row[0], row[1], row[2]) for row in rows]


def _requeue(house: House) -> None:
    """Every pressed mail waits again, as if it had never left."""
    fresh = {"status": Status.QUEUED, "tries": 0, "lease_id": None, "leased_until": None, "concluded_at": None}
    pressed = select(MessageBytes.message_id)
    with house.unit() as uow:
        uow.session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(pressed)).values(**fresh))


def _bare(port: int, mails: list[tuple[str, str, bytes]]) -> float:
    """Mails a second of the plainest loop."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="npb.example") as connection:
        for sender, recipient, mime in mails:
            connection.sendmail(sender, [recipient], mime)
    return len(mails) / (time.perf_counter() - began)


def _ours(count: int) -> float:
    """Mails a second through claim, send and conclude, every result a commit of its own."""
    began = time.perf_counter()
    sent = send_outbox()
    seconds = time.perf_counter() - began
    if sent != count:
        raise RuntimeError(f"{sent} of {count} mails left")
    return count / seconds


def _press_pdf(house: House) -> Figure:
    """A few letters with their real PDF, after one that loads the press."""
    asked = send(house, house.marks.draft_rounds[1], choice_of(REAL_PDFS, skip=1200))
    app: Flask = create_app(house.config)
    with app.app_context():
        began = time.perf_counter()
        press_letters()
        seconds = time.perf_counter() - began
        db.engine.dispose()
    return Figure(
        f"letters pressed with PDF, {house.label}", asked / seconds, "letters/s", note="loading the press included"
    )
