"""Real mail servers for the tests, in folders and on ports of their own: Dovecot for mailboxes, Postfix for post."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HERE = "127.0.0.1"
START_LIMIT = 20.0
PASSWORD = "a-mailbox-password"
DOMAIN = "unit.example"


@dataclass(frozen=True)
class MailboxServer:
    """A running Dovecot: any user name opens a mailbox of its own with `password`."""

    port: int
    tls_port: int
    folder: Path
    password: str = PASSWORD
    host: str = HERE


@dataclass(frozen=True)
class PostOffice:
    """A running Postfix: hands mail for anybody at `domain` on over LMTP; nothing else leaves."""

    port: int
    folder: Path
    domain: str = DOMAIN
    host: str = HERE

    def log(self) -> str:
        """All that it has written about its deliveries."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def run_queue(self) -> None:
        """Try again now what had to wait."""
        subprocess.run([sbin("postqueue"), "-c", str(self.folder / "etc"), "-f"], check=True, capture_output=True)


def sbin(name: str) -> str:
    """The path of a server program; RuntimeError says what to install."""
    path = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"]))
    if path is None:
        raise RuntimeError(f"{name} is not installed: sudo apt-get install dovecot-imapd postfix")
    return path


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, log: Path) -> None:
    """Return when something answers on `port`; RuntimeError with the server's own words when it takes too long."""
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        with suppress(OSError), socket.create_connection((HERE, port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing answers on port {port}: {log.read_text()[-2000:] if log.exists() else 'no log'}")


DOVECOT = """
protocols = imap
listen = {host}
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
{tls}
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%n
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
"""


def dovecot_settings(server: MailboxServer, certificate: Path | None) -> str:
    """Dovecot's configuration. It opens no mailbox as root, so root lends them to the user `mail`."""
    me = pwd.getpwuid(os.geteuid())
    owner = pwd.getpwnam("mail") if me.pw_uid == 0 else me
    internal, login = ("dovecot", "dovenull") if me.pw_uid == 0 else (me.pw_name, me.pw_name)
    if me.pw_uid == 0:
        shutil.chown(server.folder / "mail", owner.pw_uid, owner.pw_gid)
    return DOVECOT.format(
        **vars(server),
        tls=f"ssl = yes\nssl_cert = <{certificate}\nssl_key = <{certificate}" if certificate else "ssl = no",
        internal=internal,
        group=grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name,
        login=login,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
    )


@contextmanager
def running_dovecot(certificate: Path | None = None) -> Iterator[MailboxServer]:
    """A Dovecot with empty mailboxes, stopped and removed at the end; encrypted too where a PEM file is given."""
    folder = Path(tempfile.mkdtemp(prefix="rabta-imap-"))
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    server = MailboxServer(free_port(), free_port() if certificate else 0, folder)
    settings = folder / "dovecot.conf"
    settings.write_text(dovecot_settings(server, certificate))
    process = subprocess.Popen([sbin("dovecot"), "-F", "-c", str(settings)], stderr=subprocess.DEVNULL)
    try:
        wait_for(server.port, folder / "log")
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=START_LIMIT)
        shutil.rmtree(folder, ignore_errors=True)


POSTFIX_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = post.{domain}
inet_interfaces = {host}
inet_protocols = ipv4
disable_dns_lookups = yes
smtp_host_lookup = native
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
alias_database =
virtual_mailbox_domains = {domain}
virtual_transport = lmtp:inet:[{host}]:{lmtp}
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions = permit_mynetworks, reject
default_transport = error:no mail leaves this machine
relay_transport = error:no mail leaves this machine
message_size_limit = 52428800
queue_run_delay = 2s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
"""
POSTFIX_MASTER = """
{host}:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def running_postfix(lmtp_port: int) -> Iterator[PostOffice]:
    """A Postfix that delivers to the LMTP listener on `lmtp_port` of this machine; only root may start one."""
    folder = Path(tempfile.mkdtemp(prefix="rabta-post-"))
    folder.chmod(0o755)
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    port = free_port()
    values = {"folder": folder, "host": HERE, "port": port, "lmtp": lmtp_port, "domain": DOMAIN}
    (folder / "etc" / "main.cf").write_text(POSTFIX_MAIN.format(**values))
    (folder / "etc" / "master.cf").write_text(POSTFIX_MASTER.format(**values))
    command = [sbin("postfix"), "-c", str(folder / "etc")]
    started = subprocess.run([*command, "start"], capture_output=True, text=True)
    if started.returncode:
        raise RuntimeError(f"Postfix did not start: {started.stderr.strip()} {PostOffice(port, folder).log()}")
    try:
        wait_for(port, folder / "log")
        yield PostOffice(port, folder)
    finally:
        subprocess.run([*command, "stop"], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
