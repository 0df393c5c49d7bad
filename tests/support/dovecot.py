"""What befalls a mailbox on the tests' Dovecot: mail is put in, a person removes some, the numbering is lost."""

import imaplib
import time
from dataclasses import dataclass

from tests.support.services import MailboxServer


@dataclass(frozen=True)
class Account:
    """One user's mailboxes on `server`, and a person who works in them with another program."""

    server: MailboxServer
    user: str

    def client(self) -> imaplib.IMAP4:
        """A signed-in client of the tests' own."""
        client = imaplib.IMAP4(self.server.host, self.server.port, timeout=10)
        client.login(self.user, self.server.password)
        return client

    def append(self, *raws: bytes, folder: str = "INBOX", arrived: int = 1_700_000_000) -> None:
        """Put mails into `folder`, which is made if it is not there; `arrived` is in seconds of the epoch."""
        with self.client() as client:
            client.create(folder)
            for raw in raws:
                assert client.append(folder, "", imaplib.Time2Internaldate(arrived), raw)[0] == "OK"

    def expunge(self, *uids: int, folder: str = "INBOX") -> None:
        """Remove mails for good."""
        with self.client() as client:
            client.select(folder)
            for uid in uids:
                client.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)")
            client.expunge()

    def flags(self, folder: str = "INBOX") -> list[str]:
        """What is marked on each mail."""
        with self.client() as client:
            client.select(folder, readonly=True)
            return [str(line) for line in client.fetch("1:*", "(FLAGS)")[1]]

    def lose_numbering(self) -> None:
        """Forget the UIDs, as after a restore: the next opening gives a new UIDVALIDITY."""
        for file in (self.server.folder / "mail" / self.user).glob("dovecot*"):
            file.unlink()
        # UIDVALIDITY is made from the second in which it is given.
        time.sleep(1.1)
