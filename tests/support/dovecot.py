"""A private Dovecot: its own folders, a high port on 127.0.0.1, one user. Debian's package dovecot-imapd."""

import imaplib
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

MAIL_UID = 8
"""Dovecot refuses mailboxes of uid 0; Debian's user `mail` is 8."""

USER, PASSWORD = "focal@unit.example", "secret"
START_SECONDS = 20


SETTINGS = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
disable_plaintext_auth = no
first_valid_uid = {uid}
first_valid_gid = {uid}
mail_location = maildir:{home}/mail
{ssl}
default_login_user = dovenull
default_internal_user = dovecot
passdb {{
  driver = passwd-file
  args = username_format=%u {home}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {home}/users
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


class Dovecot:
    """A running server. Its mailboxes are Maildirs below `home`. Needs to be started as the superuser."""

    def __init__(self, home: Path, certificate: Path | None = None) -> None:
        if shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin") is None:
            pytest.fail("Dovecot is not installed: install the package dovecot-imapd (or run `make test`)")
        self.home = home
        self.port = free_port()
        self._certificate = certificate
        self._config = home / "dovecot.conf"

    def __enter__(self) -> "Dovecot":
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "mail").mkdir()
        os.chown(self.home / "mail", MAIL_UID, MAIL_UID)
        for folder in (self.home, *self.home.parents):
            # Dovecot's children run as other users and must be able to reach the mail.
            if folder.stat().st_uid == os.getuid() and folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o011)
        (self.home / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}:{MAIL_UID}:{MAIL_UID}::{self.home}/mail\n")
        self._config.write_text(self._settings())
        self._process = subprocess.Popen(
            ["/usr/sbin/dovecot", "-F", "-c", self._config],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait()
        return self

    def __exit__(self, *what: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        # A child that serves a client may outlive its master for a while.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)

    def append(self, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail into `folder`, which is made if it is not there."""
        with self.client() as client:
            client.create(folder)
            assert client.append(folder, "", imaplib.Time2Internaldate(1_700_000_000), raw)[0] == "OK"

    def expunge(self, *uids: int, folder: str = "INBOX") -> None:
        """Remove mails as a person with another program would."""
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
        """Forget the UIDs of INBOX, as after a restore: the next opening gives a new UIDVALIDITY."""
        for file in (self.home / "mail").glob("dovecot*"):
            file.unlink() if file.is_file() else None
        time.sleep(1.1)  # UIDVALIDITY is made from the second it is given in.

    def client(self) -> imaplib.IMAP4:
        """A signed-in client of the tests' own."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(USER, PASSWORD)
        return client

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        log = self.home / "log"
        pytest.fail(f"Dovecot did not start: {log.read_text() if log.exists() else 'it wrote no log'}")

    def _settings(self) -> str:
        ssl = "ssl = no"
        if self._certificate is not None:
            ssl = f"ssl = yes\nssl_cert = <{self._certificate}\nssl_key = <{self._certificate}"
        return SETTINGS.format(home=self.home, uid=MAIL_UID, port=self.port, ssl=ssl)


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
