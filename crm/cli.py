"""The `crm` command. Every fault is one sentence on standard error and an exit code: 1 refused, 2 wrong use."""

import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError

from crm import initialising, starting
from crm.app import AssetsMissing, create_app
from crm.checking import check as find_faults
from crm.commands import imports, jobs, mail, ready_app, users
from crm.config import CONFIG_FILE, Config, WrongConfiguration
from crm.db import db
from crm.demo.postoffice import serve_post_office
from crm.demo.sign_ins import demo_sign_ins
from crm.errors import Refusal
from crm.jobs.runner import work
from crm.runtime import SETTER_UP, open_uow, the_house
from crm.searching import rebuild_search
from crm.upgrade import Upgraded, upgrade_database


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def crm() -> None:
    """Rabta: the register of partners, requests, answers and consultations."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command, by default the one typed; a fault becomes a sentence."""
    try:
        crm.main(arguments, standalone_mode=False)
    except click.ClickException as fault:
        fault.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except WrongConfiguration as fault:
        _say_faults("The configuration is not complete.", fault.faults)
        sys.exit(2)
    except DatabaseError as fault:
        _say_faults("The database could not be used.", [str(fault.orig).strip()])
        sys.exit(1)
    except (
        Refusal,
        AssetsMissing,
        initialising.ExistsAlready,
        starting.AddressTaken,
        starting.ProcessDied,
        OSError,
        ValueError,
    ) as fault:
        click.echo(str(fault), err=True)
        sys.exit(1)


def _say_faults(title: str, faults: list[str]) -> None:
    click.echo(title, err=True)
    for fault in faults:
        click.echo(f"  {fault}", err=True)


@crm.command()
def web() -> None:
    """Serve the pages."""
    app, config = ready_app()
    starting.serve_web(app, config)


@crm.command()
def worker() -> None:
    """Run the clock: send mail, read mail, climb ladders. Listens for mail on CRM_LMTP_BIND."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for noisy in ("apscheduler", "fontTools", "weasyprint"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    app, config = ready_app()
    starting.ensure_free(config.lmtp_bind, "the listener for mail")
    starting.collect_seldom()
    work(app, (config.lmtp_bind.host, config.lmtp_bind.port))


@crm.command("post-office", hidden=True)
def post_office() -> None:
    """The demo's own mail server, on CRM_SMTP."""
    config = Config.from_env()
    starting.ensure_free(config.smtp, "the demo's post office")
    serve_post_office((config.smtp.host, config.smtp.port), config.home / "post-office")


@crm.command()
def run() -> None:
    """Start web, worker and, in the demo, its post office. Without a configuration a demo is set up first."""
    home = Config.home_from_env()
    if not (home / initialising.FILE).exists() and not os.environ.get(CONFIG_FILE):
        prepare_demo(home)
    config = Config.from_env()
    if config.demo and not demo_sign_ins(config.home):
        prepare_demo(home)
    parts = {"web": config.bind, "worker": config.lmtp_bind} | ({"post-office": config.smtp} if config.demo else {})
    for name, bind in parts.items():
        starting.ensure_free(bind, f"the {name}")
    starting.run_together([[name] for name in parts], config, lambda: announce(config), config.home / "rabta.log")
    click.echo("Stopped.")


def prepare_demo(home: Path) -> None:
    """Configuration, database, lists, sample data and three accounts, a line for each; what is there is left alone."""
    if not (home / initialising.FILE).exists():
        settings = initialising.demo_settings()
        _step("configuration with fresh keys", lambda: initialising.write_configuration(home, settings))
    config = Config.from_env()
    app = create_app(config)
    _step("database", lambda: _upgrade(app, config))
    _step("taxonomy and holidays", lambda: initialising.fill_lists(app))
    _step("198 institutions, past engagements, the sample SOP", lambda: initialising.fill_sample(app))
    _step("three accounts", lambda: initialising.open_demo_accounts(app, config))


def _upgrade(app: Flask, config: Config, backup: bool = True) -> Upgraded:
    with app.app_context():
        return upgrade_database(db.engine, config.home, the_house().ports.system.now(), backup)


def _step(what: str, act: Callable[[], object]) -> None:
    began = time.monotonic()
    act()
    click.echo(f"  {what}: {time.monotonic() - began:.1f} s")


def announce(config: Config) -> None:
    """The address and, in the demo, the sign-ins."""
    click.echo(f"\nRabta is open at {config.base_url}\n")
    for one in demo_sign_ins(config.home) if config.demo else ():
        click.echo(f"  {one.role:<14} {one.email:<32} {one.password}")
    click.echo("\nCtrl-C stops it.")


@crm.command()
@click.option("--mail-domain", required=True, help="The domain that answers come to, like npb.gov.pk.")
@click.option("--mail-from", required=True, help="The address that mail is from, like jjcpu@npb.gov.pk.")
@click.option("--base-url", required=True, help="The address people open, like https://rabta.npb.gov.pk.")
@click.option("--smtp", default="127.0.0.1:25", show_default=True, help="The mail server.")
@click.option("--database-url", default="", help="postgresql://USER:PASSWORD@HOST/NAME; a SQLite file if left out.")
def init(mail_domain: str, mail_from: str, base_url: str, smtp: str, database_url: str) -> None:
    """Write a production configuration with fresh secrets and fill the lists. Starts nothing, loads no sample."""
    settings: dict[str, str | bool] = {
        "mail_domain": mail_domain,
        "mail_from": mail_from,
        "base_url": base_url,
        "smtp": smtp,
    }
    file = initialising.write_configuration(
        Config.home_from_env(), settings | ({"database_url": database_url} if database_url else {})
    )
    try:
        config = Config.from_env()
        app = create_app(config)
        _upgrade(app, config)
        initialising.fill_lists(app)
    except Exception:
        file.unlink()  # nothing hangs on its keys yet, and the command can be given again
        raise
    click.echo(
        f"The configuration is in {file}. Next: `crm users add --role administrator …`, then start the services."
    )


@crm.command()
def demo() -> None:
    """Set a demo up in CRM_HOME without starting it."""
    prepare_demo(Config.home_from_env())


@crm.command()
@click.option("--without-backup", is_flag=True, help="Where you have made one in another way.")
def upgrade(without_backup: bool) -> None:
    """Back the database up, bring it to this version, verify it."""
    config = Config.from_env()
    done = _upgrade(create_app(config), config, backup=not without_backup)
    if done.backup is not None:
        click.echo(f"The backup is {done.backup}.")
    click.echo("The database is at this version.")


@crm.command("check")
def check_command() -> None:
    """Look for what dangles: subjects, files, the search index, the audit chain."""
    app, _ = ready_app()
    with app.app_context():
        faults = find_faults(db.engine, the_house().ports)
    for fault in faults:
        click.echo(str(fault))
    click.echo(f"{len(faults)} faults." if faults else "Everything is in order.")
    if faults:
        sys.exit(1)


@crm.group("search")
def search_group() -> None:
    """The search index."""


@search_group.command("rebuild")
def search_rebuild() -> None:
    """Write the index anew from the register."""
    app, _ = ready_app()
    with app.app_context(), open_uow(SETTER_UP) as uow:
        click.echo(f"{rebuild_search(uow)} records indexed.")


for group in (users, imports, mail, jobs):
    crm.add_command(group)

if __name__ == "__main__":
    main()
