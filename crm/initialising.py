"""The first day of an installation: its configuration with fresh secrets, its lists, its accounts."""

import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from crm.config import Config
from crm.demo.loading import load_lists, load_sample
from crm.demo.sign_ins import SIGN_INS, SignIn
from crm.domain.accounts import service as accounts
from crm.domain.accounts.queries import user_with_email
from crm.domain.accounts.rules import Role
from crm.domain.organisations.models import Organisation
from crm.domain.settings.models import Unit
from crm.runtime import SETTER_UP, open_uow

FILE = "rabta.toml"
DEMO_PEOPLE = (
    ("officer", "Liaison Officer", "Liaison Officer, JJCPU", Role.OFFICER),
    ("management", "Director", "Director, JJCPU", Role.MANAGEMENT),
    ("administrator", "Administrator", "Administrator", Role.ADMINISTRATOR),
)


class ExistsAlready(Exception):
    """There is a configuration; it is never overwritten."""


def fresh_key() -> str:
    """32 random octets in URL-safe base64."""
    return urlsafe_b64encode(secrets.token_bytes(32)).decode()


def write_configuration(home: Path, settings: dict[str, str | bool]) -> Path:
    """Write `rabta.toml` with fresh secrets, readable by its owner only. Raises ExistsAlready."""
    home.mkdir(parents=True, exist_ok=True)
    file = home / FILE
    if file.exists():
        raise ExistsAlready(f"{file} exists already. It holds the keys of every link and file; it was left alone.")
    values = settings | {
        "secret_key": secrets.token_urlsafe(48),
        "link_keys": f"1:{fresh_key()}",
        "quarantine_key": fresh_key(),
    }
    lines = ["# Settings of Rabta. A CRM_ variable in the environment overrules its line here.", ""]
    lines += [f"{name} = {_toml(value)}" for name, value in values.items()]
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as written:
        written.write("\n".join(lines) + "\n")
    return file


def _toml(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def demo_settings(mail_domain: str = "npb.example") -> dict[str, str | bool]:
    """What the demo needs: its own post office, and no address outside this machine."""
    return {"demo": True, "mail_domain": mail_domain, "mail_from": f"jjcpu@{mail_domain}", "smtp": "127.0.0.1:8025"}


def fill_lists(app: Flask) -> bool:
    """Put the unit, the taxonomy and the holidays into an empty register. Returns whether it was empty."""
    with app.app_context(), open_uow(SETTER_UP) as uow:
        if uow.session.scalars(select(Unit.id)).first() is not None:
            return False
        load_lists(uow)
        return True


def fill_sample(app: Flask) -> bool:
    """Put the sample data, all of it or nothing, into a register without partners. Returns whether it had none."""
    with app.app_context(), open_uow(SETTER_UP) as uow:
        if uow.session.scalars(select(Organisation.id)).first() is not None:
            return False
        load_sample(uow)
        return True


def open_demo_accounts(app: Flask, config: Config) -> tuple[SignIn, ...]:
    """The three demo accounts with generated passwords, kept in a file that only its owner reads.

    An account that an interrupted set-up left behind gets a new password.
    """
    made = []
    with app.app_context(), open_uow(SETTER_UP) as uow:
        for name, person, post, role in DEMO_PEOPLE:
            one = SignIn(role, f"{name}@{config.mail_domain}", easy_password())
            known = user_with_email(uow.session, one.email)
            if known is None:
                accounts.add_user(uow, one.email, person, post, role, one.password)
            else:
                accounts.reset_password(uow, known.id, one.password)
            made.append(one)
    with os.fdopen(os.open(config.home / SIGN_INS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as written:
        written.writelines(f"{one.role} {one.email} {one.password}\n" for one in made)
    return tuple(made)


def easy_password() -> str:
    """A generated password of 80 bits that can be typed from paper: four groups of four."""
    letters = "abcdefghjkmnpqrstvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
