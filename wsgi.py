"""The web app for a WSGI server: `gunicorn --preload wsgi:app`."""

from crm.app import create_app
from crm.config import Config

app = create_app(Config.from_env())
