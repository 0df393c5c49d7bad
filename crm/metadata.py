"""Imports every table once, so that migrations and tests see the whole of them."""

from crm.audit import models as audit
from crm.base import Base
from crm.domain.accounts import models as accounts
from crm.domain.asks import models as asks
from crm.domain.consultations import models as consultations
from crm.domain.meetings import models as meetings
from crm.domain.organisations import models as organisations
from crm.domain.settings import models as settings
from crm.files import models as files
from crm.inbound import models as inbound
from crm.outbox import models as outbox
from crm.search import models as search
from crm.timeline import models as timeline

TABLES = (
    settings,
    accounts,
    organisations,
    asks,
    meetings,
    consultations,
    audit,
    files,
    inbound,
    outbox,
    search,
    timeline,
)
metadata = Base.metadata
