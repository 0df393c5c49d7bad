"""What keeps the register trustworthy: the audit trail is sealed, spent form keys are dropped."""

from datetime import timedelta

from sqlalchemy import delete

from crm.audit import service as audit
from crm.domain.accounts.models import IdempotencyKey, UserSession
from crm.domain.accounts.rules import SESSION_LIFE
from crm.runtime import open_uow

KEYS_LIVE = timedelta(days=2)


def seal_audit() -> int:
    """Chain the entries written since the last seal."""
    with open_uow() as uow:
        return audit.seal(uow.session, uow.system)


def sweep() -> int:
    """Forget form keys and sessions that can no longer be used. Returns how many went."""
    with open_uow() as uow:
        keys = delete(IdempotencyKey).where(IdempotencyKey.used_at < uow.system - KEYS_LIVE)
        old = delete(UserSession).where(UserSession.started_at < uow.system - 2 * SESSION_LIFE)
        spent = uow.session.scalars(keys.returning(IdempotencyKey.key)).all()
        return len(spent) + len(uow.session.scalars(old.returning(UserSession.id)).all())
