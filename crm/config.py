"""Every setting of the house, read once and frozen. Wrong or missing ones are all reported at once, in words."""

import os
import tomllib
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from crm import written
from crm.ports import Tls
from crm.written import Bind

Value = TypeVar("Value")
PREFIX = "CRM_"
CONFIG_FILE = "CRM_CONFIG"


class WrongConfiguration(Exception):
    """What is wrong with the configuration: one sentence a setting."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class ImapAccount:
    """A mailbox that is polled."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: Tls
    folders: tuple[str, ...]


@dataclass(frozen=True)
class Config:
    """The settings. Secrets are never shown by repr."""

    home: Path
    database_url: str
    bind: Bind
    lmtp_bind: Bind
    base_url: str
    secret_key: str
    link_keys: Mapping[str, bytes]
    quarantine_key: bytes
    mail_domain: str
    mail_from: str
    reply_address: str
    smtp: Bind
    smtp_tls: Tls
    smtp_user: str
    smtp_password: str
    imap: ImapAccount | None
    authserv_ids: tuple[str, ...]
    demo: bool
    secure_cookies: bool
    proxies: int

    def __repr__(self) -> str:
        return f"Config(home={self.home}, database={urlsplit(self.database_url).scheme}, demo={self.demo})"

    @staticmethod
    def home_from_env() -> Path:
        """The data folder, before there is a configuration."""
        return Path(os.environ.get("CRM_HOME", "instance")).resolve()

    @staticmethod
    def from_env(environment: Mapping[str, str] | None = None) -> "Config":
        """Read `CRM_` variables, over an optional TOML file that CRM_CONFIG names. Raises WrongConfiguration."""
        values = dict(os.environ if environment is None else environment)
        reader = _Reader(_with_file(values))
        config = _read(reader)
        faults = reader.faults + _readable_passwords(config) + _unknown(values, reader)
        if faults:
            raise WrongConfiguration(faults)
        return config


def _readable_passwords(config: Config) -> list[str]:
    """A password never crosses a network in the clear."""
    servers = [("SMTP", config.smtp, config.smtp_password, config.smtp_tls is Tls.NONE, "starttls or implicit")]
    if config.imap is not None:
        server = Bind(config.imap.host, config.imap.port)
        servers.append(("IMAP", server, config.imap.password, config.imap.tls is Tls.NONE, "implicit"))
    return [
        f"{PREFIX}{name}_TLS is off, and {PREFIX}{name}_PASSWORD would cross the network to {server.host} readable by"
        f" others: set {PREFIX}{name}_TLS to {better}."
        for name, server, password, is_plain, better in servers
        if is_plain and password and not server.is_loopback
    ]


def _unknown(environment: Mapping[str, str], reader: "_Reader") -> list[str]:
    """Lines of the file that are no setting: a misspelt one would be passed over in silence."""
    others = set(reader.values) - set(environment) - reader.known
    return [
        f"`{name.removeprefix(PREFIX).lower()}` in the configuration file is not a setting." for name in sorted(others)
    ]


def _with_file(values: dict[str, str]) -> dict[str, str]:
    """The environment over the file: keys of the file are the variables without CRM_, in lower case."""
    home = Path(values.get("CRM_HOME", "instance"))
    named = values.get(CONFIG_FILE)
    file = Path(named) if named else home / "rabta.toml"
    if not file.exists():
        if named:
            raise WrongConfiguration([f"{CONFIG_FILE} names {file}, and there is no such file."])
        return values
    try:
        stored_lines = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise WrongConfiguration([f"The configuration file {file} cannot be read: {fault}."]) from fault
    stored = {f"{PREFIX}{name.upper()}": _text(value) for name, value in stored_lines.items()}
    return stored | values


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


class _Reader:
    """Takes settings one by one and gathers what is wrong with them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values, self.faults, self.known = values, list[str](), set[str]()

    def take(self, name: str, how: Callable[[str], Value], otherwise: str | None, wanted: str, empty: Value) -> Value:
        self.known.add(PREFIX + name)
        text = self.values.get(PREFIX + name, otherwise)
        if text is None:
            self.faults.append(f"{PREFIX}{name} is not set: it is {wanted}. `crm init` writes a configuration.")
            return empty
        try:
            return how(text.strip())
        except (ValueError, Base64Error):
            self.faults.append(f"{PREFIX}{name} is wrong: it is {wanted}.")
            return empty


NOWHERE = Bind("127.0.0.1", 1)


def _read(reader: _Reader) -> Config:
    take = reader.take
    home = take("HOME", lambda text: Path(text).resolve(), "instance", "a folder", Path())
    bind = take("BIND", written.bind, "127.0.0.1:8000", "an address and port like 127.0.0.1:8000", NOWHERE)
    base_url = take("BASE_URL", written.url, f"http://{bind}", "what people open, like https://rabta.npb.gov.pk", "")
    secure = "yes" if base_url.startswith("https") else "no"
    here = f"sqlite:///{home / 'rabta.db'}"
    return Config(
        home=home,
        database_url=take(
            "DATABASE_URL", written.database, here, "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME", ""
        ),
        bind=bind,
        base_url=base_url,
        secure_cookies=take("SECURE_COOKIES", written.yes, secure, "yes or no", True),
        proxies=take("PROXIES", written.count, "0", "the number of proxies in front", 0),
        demo=take("DEMO", written.yes, "no", "yes or no", False),
        imap=_imap(reader),
        **_secrets(reader),
        **_post(reader),
    )


def _secrets(reader: _Reader) -> dict[str, Any]:
    take, key = reader.take, "32 octets in URL-safe base64"
    no_keys: dict[str, bytes] = {}
    return {
        "secret_key": take("SECRET_KEY", written.long_secret, None, "a secret of 32 characters or more", ""),
        "link_keys": take("LINK_KEYS", written.keys, None, f"a letter, a colon and {key}, more after commas", no_keys),
        "quarantine_key": take("QUARANTINE_KEY", written.key, None, key, b""),
    }


def _post(reader: _Reader) -> dict[str, Any]:
    """How mail leaves and arrives."""
    take, form = reader.take, "reply+{token}@{domain}"
    nobody: tuple[str, ...] = ()
    return {
        "lmtp_bind": take("LMTP_BIND", written.bind, "127.0.0.1:8024", "an address like 127.0.0.1:8024", NOWHERE),
        "mail_domain": take("MAIL_DOMAIN", written.domain, None, "where answers come to, like npb.gov.pk", ""),
        "mail_from": take("MAIL_FROM", written.address, None, "who mail is from, like jjcpu@npb.gov.pk", ""),
        "reply_address": take("REPLY_ADDRESS", written.reply_form, form, f"a form like {form}", ""),
        "smtp": take("SMTP", written.bind, "127.0.0.1:25", "the mail server, like 127.0.0.1:25", NOWHERE),
        "smtp_tls": take("SMTP_TLS", Tls, "none", "one of " + ", ".join(Tls), Tls.NONE),
        "smtp_user": take("SMTP_USER", str, "", "a name", ""),
        "smtp_password": take("SMTP_PASSWORD", str, "", "a password", ""),
        "authserv_ids": take("AUTHSERV_IDS", written.names, "", "names of our own mail servers, with commas", nobody),
    }


def _imap(reader: _Reader) -> ImapAccount | None:
    reader.known |= {f"{PREFIX}IMAP{rest}" for rest in ("", "_USER", "_PASSWORD", "_TLS", "_FOLDERS")}
    if not reader.values.get("CRM_IMAP"):
        return None
    server = reader.take("IMAP", written.bind, None, "a mailbox server, like mail.npb.gov.pk:993", Bind("", 1))
    return ImapAccount(
        server.host,
        server.port,
        reader.take("IMAP_USER", str, None, "the mailbox's user", ""),
        reader.take("IMAP_PASSWORD", str, None, "the mailbox's password", ""),
        reader.take("IMAP_TLS", Tls, "implicit", "one of " + ", ".join(Tls), Tls.IMPLICIT),
        reader.take("IMAP_FOLDERS", written.names, "INBOX", "folders, with commas", ("INBOX",)),
    )
