"""Ctrl-C stops the house: every process of it, in peace."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.support.demo_house import DemoHouse

pytestmark = [pytest.mark.browser, pytest.mark.real_server]


def test_ctrl_c_stops_web_worker_and_post_office(house: DemoHouse) -> None:
    assert house.interrupt() == 0
    assert house.said.rstrip().endswith("Stopped.")
    assert "Traceback" not in (house.home / "rabta.log").read_text(encoding="utf-8")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", urlsplit(house.address).port or 0)) != 0
