"""The log as a collector gets it, and an operator's keys."""

import io
import json
import logging

import pytest
import time_machine

from engagement_site.logs.lines import Json
from staff import api_keys
from staff.models import ApiKey
from tests.conftest import NOW
from tests.setup.installation import prepared


class Log:
    """What was written to the log, as one text and line by line."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log():
    """Everything any logger says meanwhile, as JSON lines: debug lines too, and a line for each request."""
    log = Log()
    handler = logging.StreamHandler(log.stream)
    handler.setFormatter(Json())
    root, requests = logging.getLogger(), logging.getLogger("engagement_site.requests")
    levels = root.level, requests.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    requests.setLevel(logging.INFO)
    yield log
    root.removeHandler(handler)
    root.setLevel(levels[0])
    requests.setLevel(levels[1])


@pytest.fixture
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def monitoring_key(begun, at_now):
    return api_keys.create("Prometheus", [ApiKey.MONITORING_READ], now=NOW)[1]


@pytest.fixture
def installation(run_folder):
    with prepared(run_folder / "prepared") as made:
        yield made
