"""Thousands of requests that are nearly right: no answer of 500 or more, 200 is success, and counts are the log's."""

import asyncio
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from bench import fuzz
from events import catalogue, write_keys
from events.log import resettling
from events.models import Channel, Event, Rejected
from staff.models import ApiKey
from tests.events.checks import counts_are_those_of_the_log, nothing_hangs_in_the_air
from tests.sizes import sizes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("count", sizes(5_000, 100_000))
def test_nearly_right_requests(served_front, count):
    catalogue.ensure(timezone.now())
    key = write_keys.create("Website", [ApiKey.EVENTS_WRITE], channel=Channel.WEB, now=timezone.now())
    found = asyncio.run(fuzz.ask_all(urlsplit(served_front).port, key, seed=12, count=count))
    assert found.wrong == []
    assert found.statuses.total() == count
    # What is asked for is neither all right nor all wrong.
    assert min(found.statuses[status] for status in (200, 400, 401, 404, 405, 413)) > count // 1_000
    assert Event.objects.count() > count // 10
    assert Rejected.objects.count() > count // 100
    resettling.settle_all(now=timezone.now())
    counts_are_those_of_the_log()
    nothing_hangs_in_the_air()
