"""Mail arrives: mailboxes are polled, what was kept is read, and what a crash left half done is taken up."""

from crm.inbound.authentication import Trust
from crm.inbound.imap import collect
from crm.inbound.keeping import Cursors, Keeper
from crm.inbound.pipeline import Pipeline
from crm.runtime import POSTMAN, House, the_house, unit_opener


def keeper(house: House) -> Keeper:
    """What every door that takes mail keeps it with."""
    return Keeper(unit_opener(POSTMAN), house.ports.quarantine)


def fetch_mail() -> int:
    """Keep what is new in every polled mailbox. Nothing is marked on the server."""
    house = the_house()
    cursors = Cursors(unit_opener(POSTMAN))
    return sum(collect(mailbox, cursors, keeper(house).from_mailbox).kept for mailbox in house.ports.mailboxes)


def read_mail() -> int:
    """Take kept mails to their verdict."""
    house = the_house()
    trust = Trust(authserv_ids=frozenset(house.authserv_ids))
    return Pipeline(unit_opener(POSTMAN), house.ports, house.own_addresses, trust).run()


def adopt_orphans() -> int:
    """Register mails that became durable just before a crash."""
    house = the_house()
    return keeper(house).adopt_orphans(house.ports.system.now())
