"""Every job and its hour, on one page."""

from collections.abc import Callable
from dataclasses import dataclass

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from crm.jobs import asks, mail, post, upkeep


@dataclass(frozen=True)
class Job:
    """A function of a few lines and when it runs. What is due lies in rows: a tick that is missed loses nothing."""

    run: Callable[[], int]
    trigger: BaseTrigger

    @property
    def name(self) -> str:
        """The name by which `crm jobs once` calls it."""
        return self.run.__name__.replace("_", "-")


TIMETABLE = (
    Job(post.press_letters, IntervalTrigger(seconds=2)),
    Job(post.send_outbox, IntervalTrigger(seconds=2)),
    Job(mail.read_mail, IntervalTrigger(seconds=2)),
    Job(mail.fetch_mail, IntervalTrigger(seconds=30)),
    Job(asks.climb_ladders, IntervalTrigger(minutes=1)),
    Job(upkeep.seal_audit, IntervalTrigger(minutes=10)),
    Job(upkeep.sweep, CronTrigger(hour=3, timezone="Asia/Karachi")),
    Job(upkeep.sweep_files, CronTrigger(hour=3, minute=20, timezone="Asia/Karachi")),
)
