"""The worker: APScheduler is only a clock tick in one process; the listener for mail runs beside it."""

import logging
import signal
from collections.abc import Callable
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from crm.inbound.lmtp import serve
from crm.jobs.mail import adopt_orphans, keeper
from crm.jobs.timetable import TIMETABLE, Job
from crm.runtime import the_house

log = logging.getLogger(__name__)
THREADS = 4


def tick(app: Flask, job: Job) -> Callable[[], None]:
    """One run of a job, in the app's context. A failure is logged and the next tick comes all the same."""

    def run() -> None:
        with app.app_context():
            try:
                done = job.run()
            except Exception:
                log.exception("job %s failed", job.name)
            else:
                if done:
                    log.info("job %s: %s", job.name, done)

    return run


def scheduler(app: Flask) -> BackgroundScheduler:
    """The timetable on APScheduler: late ticks are run once, never dropped, never beside themselves."""
    clock = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(THREADS)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        timezone="UTC",
    )
    for job in TIMETABLE:
        clock.add_job(tick(app, job), job.trigger, id=job.name)
    return clock


def work(app: Flask, lmtp: tuple[str, int]) -> None:
    """Run until SIGTERM or SIGINT. Raises OSError where the post's address is taken."""
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    with app.app_context():
        house = the_house()
        adopt_orphans()
        listener = serve(lmtp, keeper(house).from_wire, frozenset({house.links.domain}), house.ports.business)
    listener.start()
    clock = scheduler(app)
    clock.start()
    log.info("worker started, post taken at %s:%s", *lmtp)
    stop.wait()
    clock.shutdown(wait=True)
    listener.stop()
