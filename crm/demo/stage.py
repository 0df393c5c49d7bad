"""What the demo works with: its post office, the door that its mails go in by, and the clock that may be moved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, runtime_checkable

from flask import current_app

from crm.config import Config
from crm.demo.partner import Outgoing, hand_over
from crm.demo.postoffice import PostOffice
from crm.runtime import the_house


@runtime_checkable
class MovableClock(Protocol):
    """A business clock that goes forward on request."""

    def now(self) -> datetime: ...

    def advance(self, step: timedelta) -> datetime: ...


@dataclass(frozen=True)
class Stage:
    """`carry` hands a partner's mail to the inbound door; it raises OSError where nobody listens."""

    office: PostOffice
    carry: Callable[[Outgoing], None]


def stage_of(config: Config) -> Stage:
    """The demo of an installation."""
    door = (config.lmtp_bind.host, config.lmtp_bind.port)
    return Stage(PostOffice(config.home / "post-office"), partial(hand_over, door=door))


def the_stage() -> Stage:
    """The stage of the running app."""
    stage = current_app.extensions["crm_demo"]
    if not isinstance(stage, Stage):
        raise TypeError("the app was not put together as a demo")
    return stage


def move_clock(step: timedelta) -> datetime:
    """Move the business clock forward; the new moment. A step of nothing or backwards leaves it."""
    clock = the_house().ports.business
    if not isinstance(clock, MovableClock):
        raise TypeError("this clock cannot be moved")
    return clock.advance(max(step, timedelta(0)))
