"""The floor of the pages: a Flask route that reads 50 rows through SQLAlchemy and renders them with Jinja.

Served by the same gunicorn set-up on the same database. Run as a module, under the settings of a house.
"""

from flask import Flask, render_template
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import Engine, select

from crm.base import Base
from crm.config import Config
from crm.db import tame
from crm.domain.organisations.models import Organisation
from crm.starting import WebServer
from crm.written import Bind

ROWS = 50
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Partners</title></head><body>
<h1>Partners</h1>
<table><thead><tr><th>Name</th><th>Type</th><th>Province</th><th>City</th><th>Website</th></tr></thead><tbody>
{% for row in rows %}<tr><td><a href="/organisations/{{ row.id }}">{{ row.name }}</a></td><td>{{ row.type }}</td>
<td>{{ row.province }}</td><td>{{ row.city }}</td><td>{{ row.website }}</td></tr>
{% endfor %}</tbody></table></body></html>"""


def floor_app(database_url: str) -> tuple[Flask, Engine]:
    """The app and its engine."""
    app, db = Flask(__name__), SQLAlchemy(metadata=Base.metadata)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    db.init_app(app)
    app.jinja_loader = DictLoader({"rows.html": PAGE})

    @app.get("/")
    def rows() -> str:
        live = Organisation.archived_at.is_(None)
        chosen = select(Organisation).where(live).order_by(Organisation.name, Organisation.id).limit(ROWS)
        return render_template("rows.html", rows=db.session.scalars(chosen).all())

    with app.app_context():
        tame(db.engine)
        return app, db.engine


def main() -> None:
    """Serve at CRM_BIND until stopped."""
    config = Config.from_env()
    app, engine = floor_app(config.database_url)
    WebServer(app, Bind(config.bind.host, config.bind.port), engine).run()


if __name__ == "__main__":
    main()
