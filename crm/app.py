"""Puts the house together: extensions, one tuple of blueprints, one error table, default-deny doors."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, flash, g, redirect, render_template
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from crm.adapters.arrivals import EncryptedArrivals
from crm.adapters.clocks import DemoClock, SystemClock
from crm.adapters.disk import DiskBlobs
from crm.adapters.imap import ImapMailbox
from crm.adapters.press import WeasyPress
from crm.adapters.quarantine import EncryptedQuarantine
from crm.adapters.randomness import SystemRandomness
from crm.adapters.reading import ChildReader
from crm.adapters.smtp import FlaskMailMailer, SmtpServer
from crm.blueprints import door, headers, words
from crm.blueprints.accounts.routes import SIGN_INS
from crm.blueprints.accounts.routes import bp as accounts
from crm.blueprints.answers.routes import bp as answers
from crm.blueprints.asks.routes import bp as asks
from crm.blueprints.audit.routes import bp as audit
from crm.blueprints.consultations.routes import bp as consultations
from crm.blueprints.correspondence.routes import bp as correspondence
from crm.blueprints.health.routes import bp as health
from crm.blueprints.home.routes import bp as home
from crm.blueprints.meetings.routes import bp as meetings
from crm.blueprints.organisations.routes import bp as organisations
from crm.blueprints.outbox.routes import bp as outbox
from crm.blueprints.preferences.routes import bp as preferences
from crm.blueprints.reports.routes import bp as reports
from crm.blueprints.search.routes import bp as search
from crm.blueprints.settings.routes import bp as settings
from crm.blueprints.speech import gettext as _
from crm.blueprints.templates import PageApp
from crm.config import Config
from crm.db import db, tame
from crm.demo.routes import bp as demo
from crm.demo.sign_ins import demo_sign_ins
from crm.demo.stage import stage_of
from crm.errors import NotAllowed, NotFound, Refusal, RuleBroken
from crm.i18n import CATALOGUES, translate
from crm.links import Links
from crm.ports import Ports
from crm.runtime import House

BLUEPRINTS = (
    home,
    organisations,
    asks,
    consultations,
    meetings,
    reports,
    correspondence,
    outbox,
    search,
    accounts,
    audit,
    settings,
    preferences,
    answers,
    health,
)
REFUSALS = {NotFound: 404, NotAllowed: 403, RuleBroken: 409}
VENDOR = Path(__file__).parent / "static" / "vendor"
LARGEST_UPLOAD = 36 * 1024 * 1024
csrf = CSRFProtect()
login = LoginManager()
babel = Babel()


class AssetsMissing(Exception):
    """The front-end files were not fetched."""


def real_ports(config: Config) -> Ports:
    """The outside world as the configuration names it."""
    system, randomness = SystemClock(), SystemRandomness()
    smtp = config.smtp
    server = SmtpServer(smtp.host, smtp.port, config.smtp_tls, config.smtp_user, config.smtp_password)
    return Ports(
        business=DemoClock(config.home / "demo-clock", system) if config.demo else system,
        system=system,
        randomness=randomness,
        mailer=FlaskMailMailer(replace(server, hello=config.mail_domain)),
        blobs=DiskBlobs(config.home / "files"),
        quarantine=EncryptedQuarantine(config.home / "quarantine", config.quarantine_key, randomness),
        arrivals=EncryptedArrivals(config.home / "arriving", config.quarantine_key, randomness),
        press=WeasyPress(VENDOR / "fonts"),
        reader=ChildReader(),
        mailboxes=tuple(
            ImapMailbox(one.host, one.port, one.user, one.password, one.tls, one.folders)
            for one in (config.imap,)
            if one is not None
        ),
    )


def links_of(config: Config) -> Links:
    """Our links and addresses."""
    current = next(iter(config.link_keys))
    return Links(config.base_url, config.mail_domain, config.link_keys, current, config.reply_address)


def create_app(config: Config, ports: Ports | None = None) -> PageApp:
    """The web app. Raises AssetsMissing where `make setup` was not run."""
    app = PageApp(__name__)
    app.config.update(_settings(config))
    house = House(
        ports or real_ports(config),
        links_of(config),
        config.mail_from,
        frozenset({config.mail_from}),
        config.authserv_ids,
        config.demo,
    )
    app.extensions["crm"] = house
    if config.demo:
        app.extensions["crm_demo"] = stage_of(config)
        app.extensions[SIGN_INS] = partial(demo_sign_ins, config.home)
    _extensions(app)
    _doors(app, config)
    app.extensions["crm_assets"] = _assets()
    words.introduce(app)
    return app


def _settings(config: Config) -> dict[str, Any]:
    """What Flask and its extensions are told."""
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": _driver(config.database_url),
        "MAX_CONTENT_LENGTH": LARGEST_UPLOAD,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "__Host-rabta" if config.secure_cookies else "rabta",
        "SESSION_COOKIE_SECURE": config.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # it demands a Referer, and our own pages send none; token and SameSite stand
        "BABEL_TRANSLATION_DIRECTORIES": str(CATALOGUES),
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _extensions(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        tame(db.engine)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=door.language)
    login.init_app(app)
    login.request_loader(door.load_person)
    login.login_view = "accounts.sign_in"
    login.login_message = None


def _doors(app: Flask, config: Config) -> None:
    for blueprint in (*BLUEPRINTS, *((demo,) if config.demo else ())):
        app.register_blueprint(blueprint)
    app.before_request(headers.choose_nonce)
    app.before_request(door.guard)
    app.after_request(door.remember_location)
    app.after_request(headers.protect)
    for kind in (Refusal, HTTPException, OperationalError, door.Repeated):
        app.register_error_handler(kind, _answer_error)
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, config.proxies, config.proxies, config.proxies)  # type: ignore[method-assign]


def _assets() -> dict[str, str]:
    """The fingerprints of the front-end files, from the manifest that set-up wrote."""
    manifest = VENDOR / "manifest.json"
    if not manifest.exists():
        raise AssetsMissing("The front-end files are missing. Run `make setup`, which fetches them.")
    read: dict[str, str] = json.loads(manifest.read_text("utf-8"))
    return read


def _answer_error(error: Exception) -> Any:
    """The one table of errors. A sentence for the person; nothing of the inside."""
    if isinstance(error, door.Repeated):
        flash(_("That was done already; it was not done twice."), "info")
        return redirect(error.location or door.home_url(), 303)
    status, sentence = _sentence(error)
    page = "errors/public.html" if g.get("is_public") else "errors/page.html"
    shown = {"code": status, "title": _title(status), "sentence": sentence, "missing": [], "back_url": None}
    response = Response(render_template(page, **shown), status)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _title(status: int) -> str:
    """The heading over a refusal."""
    titles = {403: _("Not for your role"), 404: _("Not found"), 409: _("Not possible now"), 503: _("Busy")}
    return str(titles.get(status) or _("This did not work"))


def _sentence(error: Exception) -> tuple[int, str]:
    if isinstance(error, Refusal):
        return REFUSALS[type(error)], translate(error.message, door.language())
    if isinstance(error, OperationalError):
        return 503, _("The register is busy or its disk is full. Nothing was changed; kindly try again in a moment.")
    if isinstance(error, CSRFError):
        return 400, _("This form was open too long. Kindly go back, reload the page and send it again.")
    status = getattr(error, "code", None) or 500
    sentences = {
        403: _("Your role does not include this page."),
        404: _("There is no such page."),
        405: _("This page cannot be used in that way."),
        413: _("That is more than 35 MB. Kindly send it in parts."),
        429: _("Too many tries. Kindly wait a minute."),
    }
    return status, sentences.get(status, _("Something went wrong on our side. Nothing was lost; kindly try again."))
