"""Starting the house: the web server, and all processes of `crm run` under one roof that stops them together."""

import gc
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import Engine

from crm.blueprints.templates import PageApp
from crm.config import Config
from crm.db import db
from crm.written import Bind

WEB_WORKERS = 2
PATIENCE = 15.0
SELDOM = (25_000, 10, 10)
"""A page makes some thousand objects and frees them itself: looking for garbage more often finds none."""


class AddressTaken(Exception):
    """Something else listens where we were told to."""

    def __init__(self, bind: Bind, what: str) -> None:
        super().__init__(
            f"{bind} is taken by another program, so {what} cannot start. "
            f"Stop that program, or choose another address (CRM_BIND, CRM_LMTP_BIND, CRM_SMTP)."
        )


class ProcessDied(Exception):
    """A part of the house stopped by itself."""


class WebServer(BaseApplication):  # type: ignore[misc]
    """gunicorn, loading the app once before it forks, so that the workers share its memory.

    Each worker runs `prepare` beside its first requests.
    """

    def __init__(self, app: Flask, bind: Bind, engine: Engine, prepare: Callable[[], None] = lambda: None) -> None:
        self._app, self._bind, self._engine, self._prepare = app, bind, engine, prepare
        super().__init__()

    def load_config(self) -> None:
        """Our settings; nothing is read from files or the command line."""
        settings: dict[str, Any] = {
            "bind": [str(self._bind)],
            "workers": WEB_WORKERS,
            "worker_class": "gthread",
            "threads": 4,
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 20,
            "loglevel": "warning",
            "accesslog": None,
            "post_fork": lambda server, worker: self._engine.dispose(close=False),
            "post_worker_init": lambda worker: Thread(target=self._prepare, daemon=True).start(),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app that was made before the fork."""
        return self._app


def serve_web(app: PageApp, config: Config) -> None:
    """Serve pages until told to stop. Raises AddressTaken."""
    ensure_free(config.bind, "the web server")
    with app.app_context():
        engine = db.engine
    collect_seldom()
    WebServer(app, config.bind, engine, app.compile_pages).run()


def collect_seldom() -> None:
    """What is loaded by now is shared by what is forked from here, and never searched for garbage again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def ensure_free(bind: Bind, what: str) -> None:
    """Raises AddressTaken where something listens on `bind` already."""
    with socket.socket(socket.AF_INET6 if ":" in bind.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind.host, bind.port))
        except OSError as fault:
            raise AddressTaken(bind, what) from fault


def is_listening(bind: Bind) -> bool:
    """Whether something answers at `bind`."""
    with socket.socket() as probe:
        probe.settimeout(0.3)
        return probe.connect_ex((bind.host, bind.port)) == 0


def run_together(commands: Sequence[Sequence[str]], config: Config, when_up: Callable[[], None], log: Path) -> None:
    """Run `crm` commands as processes until Ctrl-C or SIGTERM, or until one of them dies; then stop them all.

    Raises ProcessDied with what to read, after everything was stopped.
    """
    stopping: list[int] = []
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, _: stopping.append(number))
    with log.open("a", encoding="utf-8") as written:
        processes = [_start(command, written) for command in commands]
        try:
            _wait_until_up(processes, config, stopping)
            if not stopping:
                when_up()
            while not stopping:
                _raise_if_dead(processes, log)
                time.sleep(0.2)
        finally:
            stop_all(processes)


def _start(command: Sequence[str], log: Any) -> "subprocess.Popen[bytes]":
    # In a session of its own Ctrl-C does not reach it: we stop all of them, in order.
    program = [sys.executable, "-m", "crm", *command]
    return subprocess.Popen(program, stdout=log, stderr=log, start_new_session=True)


def _wait_until_up(processes: Sequence["subprocess.Popen[bytes]"], config: Config, stopping: list[int]) -> None:
    end = time.monotonic() + PATIENCE
    while not stopping and time.monotonic() < end:
        if is_listening(config.bind) and is_listening(config.lmtp_bind):
            return
        if any(one.poll() is not None for one in processes):
            return
        time.sleep(0.1)


def _raise_if_dead(processes: Sequence["subprocess.Popen[bytes]"], log: Path) -> None:
    for one in processes:
        if one.poll() is not None:
            name = list(one.args)[3] if isinstance(one.args, list) else "a part"
            raise ProcessDied(f"`crm {name}` stopped with exit code {one.returncode}. Why is at the end of {log}.")


def stop_all(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    """Ask each to stop, last one first, and wait; what does not listen is ended."""
    for one in reversed(processes):
        if one.poll() is None:
            one.terminate()
    for one in processes:
        try:
            one.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()
