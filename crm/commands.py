"""The smaller commands of `crm`: users, imports, mail, jobs."""

import json
import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from crm.app import create_app
from crm.blueprints.templates import PageApp
from crm.config import Config
from crm.db import db
from crm.domain.accounts import queries, service
from crm.domain.accounts.rules import ROLE_WORDS, Role
from crm.errors import NotFound
from crm.i18n import Message
from crm.importing.planning import plan_organisations
from crm.importing.writing import write_plan
from crm.inbound.inspect import inspect
from crm.initialising import easy_password
from crm.jobs.mail import keeper
from crm.jobs.timetable import TIMETABLE
from crm.runtime import SETTER_UP, a_reader, open_uow, the_house
from crm.upgrade import ensure_ready

TEMPORARY = 75
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


def ready_app() -> tuple[PageApp, Config]:
    """The app on a database that fits the code. Raises WrongDatabase with what to run."""
    config = Config.from_env()
    app = create_app(config)
    with app.app_context():
        ensure_ready(db.engine)
    return app, config


@click.group()
def users() -> None:
    """Staff accounts."""


@users.command("add")
@click.option("--email", required=True, help="The office e-mail address; it is the sign-in.")
@click.option("--name", required=True)
@click.option("--post", required=True, help="What others see, like “Liaison Officer, JJCPU”.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]))
def add_user(email: str, name: str, post: str, role: str) -> None:
    """Open an account with a generated password, which is shown once."""
    app, _ = ready_app()
    password = easy_password()
    with app.app_context(), open_uow(SETTER_UP) as uow:
        service.add_user(uow, email, name, post, Role(role), password)
    click.echo(f"{email} {password}")


@users.command("list")
def list_users() -> None:
    """Every account with its role."""
    app, _ = ready_app()
    with app.app_context(), a_reader(db.engine) as session:
        for user in queries.all_users(session):
            state = " (disabled)" if user.disabled_at else ""
            click.echo(f"{user.email}\t{ROLE_WORDS[user.role]}\t{user.post}{state}")


@users.command("disable")
@click.argument("email")
def disable_user(email: str) -> None:
    """Shut an account and end its sessions."""
    app, _ = ready_app()
    with app.app_context(), open_uow(SETTER_UP) as uow:
        service.disable_user(uow, _user_id(uow.session, email))
    click.echo(f"{email} is disabled.")


@users.command("reset-password")
@click.argument("email")
def reset_password(email: str) -> None:
    """Give an account a new generated password, which is shown once."""
    app, _ = ready_app()
    password = easy_password()
    with app.app_context(), open_uow(SETTER_UP) as uow:
        service.reset_password(uow, _user_id(uow.session, email), password)
    click.echo(f"{email} {password}")


def _user_id(session: Session, email: str) -> int:
    user = queries.user_with_email(session, email)
    if user is None:
        raise NotFound(Message("There is no account with the address %(email)s.", email=email))
    return user.id


@click.group("import")
def imports() -> None:
    """Bring lists of other offices in."""


@imports.command("organisations")
@click.argument("file", type=EXISTING)
@click.option("--write", is_flag=True, help="Write what the dry run shows.")
@click.option("--ignore-unknown-columns", is_flag=True)
@click.option("--accept-likely", is_flag=True, help="Also import rows that look like a partner on the register.")
def import_organisations(file: Path, write: bool, ignore_unknown_columns: bool, accept_likely: bool) -> None:
    """Partners from JSON, CSV or XLSX. A dry run, unless --write is given: all of it, or nothing."""
    app, _ = ready_app()
    with app.app_context():
        with a_reader(db.engine) as session:
            plan = plan_organisations(session, file, ignore_unknown_columns, accept_likely)
        for line in plan.lines():
            click.echo(str(line))
        if write:
            with open_uow(SETTER_UP) as uow:
                write_plan(uow, plan)
            click.echo("Written.")
        else:
            click.echo("Nothing was written: this was a dry run. Add --write to import.")


@click.group()
def mail() -> None:
    """Mail that comes in."""


@mail.command("ingest")
@click.option("--from", "sender", default="", help="The envelope sender.")
@click.option("--to", "recipient", required=True, help="The envelope recipient.")
def ingest(sender: str, recipient: str) -> None:
    """Keep one mail from standard input; the worker reads it. Exit code 75 where it could not be kept: try again."""
    try:
        app, _ = ready_app()
        with app.app_context():
            house = the_house()
            keeper(house).from_wire(sender, recipient, sys.stdin.buffer.read(), house.ports.system.now())
    except Exception as fault:  # whatever it is: any other exit code would make the mail server send the mail back
        click.echo(f"The mail could not be kept: {fault} Nothing was lost; deliver it again.", err=True)
        sys.exit(TEMPORARY)


@mail.command("inspect")
@click.argument("files", nargs=-1, required=True, type=EXISTING)
def inspect_files(files: tuple[Path, ...]) -> None:
    """What the readers understand of mail files: one JSON object a line. Stores nothing."""
    for file in files:
        click.echo(json.dumps(inspect(file), ensure_ascii=False))


@click.group()
def jobs() -> None:
    """What the clock runs."""


@jobs.command("list")
def list_jobs() -> None:
    """Every job with its hour."""
    for job in TIMETABLE:
        click.echo(f"{job.name}\t{job.trigger}")


@jobs.command("once")
@click.argument("name", type=click.Choice([job.name for job in TIMETABLE]))
def run_job(name: str) -> None:
    """Run one job now."""
    app, _ = ready_app()
    job = next(one for one in TIMETABLE if one.name == name)
    with app.app_context():
        click.echo(f"{job.run()} done.")
