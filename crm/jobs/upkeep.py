"""What keeps the register trustworthy: the trail is sealed, spent form keys and forgotten drafts are dropped."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete

from crm.audit import service as audit
from crm.domain.accounts.models import IdempotencyKey, UserSession
from crm.domain.accounts.rules import SESSION_LIFE
from crm.domain.asks.service import drop_old_drafts
from crm.inbound.keeping import is_mail, named_files, named_in_quarantine
from crm.ports import Quarantine
from crm.runtime import open_uow, the_house

KEYS_LIVE = timedelta(days=2)
# A file is on the disk before the row that names it; what is younger than this may still be on its way.
FILES_WAIT = timedelta(days=1)
HALF_SENT_WAITS = timedelta(days=7)


def seal_audit() -> int:
    """Chain the entries written since the last seal."""
    with open_uow() as uow:
        return audit.seal(uow.session, uow.system)


def sweep() -> int:
    """Forget form keys and sessions that can no longer be used, and drafts of long ago. Returns how many went."""
    with open_uow() as uow:
        keys = delete(IdempotencyKey).where(IdempotencyKey.used_at < uow.system - KEYS_LIVE)
        old = delete(UserSession).where(UserSession.started_at < uow.system - 2 * SESSION_LIFE)
        spent = uow.session.scalars(keys.returning(IdempotencyKey.key)).all()
        gone = len(spent) + len(uow.session.scalars(old.returning(UserSession.id)).all())
        return gone + drop_old_drafts(uow)


def sweep_files() -> int:
    """Remove bytes that nothing names any more, and what a crash or a partner left half sent. Returns how many."""
    ports = the_house().ports
    before = ports.system.now() - FILES_WAIT
    files = list(ports.blobs.names(before))
    with open_uow() as uow:
        named, held = named_files(uow.session), named_in_quarantine(uow.session)
    removed = sum(ports.blobs.remove(name, before) for name in files if name not in named)
    removed += _empty(ports.quarantine, before, held, named)
    removed += ports.arrivals.sweep(ports.system.now() - HALF_SENT_WAITS)
    return removed + ports.blobs.sweep(before) + ports.quarantine.sweep(before)


def _empty(quarantine: Quarantine, before: datetime, held: set[str], named: set[str]) -> int:
    """Destroy what no row names. A mail among it is taken in when the worker starts, never destroyed."""
    removed = 0
    for name in (one for one in quarantine.names(before) if one not in held):
        content = quarantine.read(name)
        if hashlib.sha256(content).hexdigest() in named or not is_mail(content):
            quarantine.destroy(name)
            removed += 1
    return removed
