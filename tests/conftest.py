"""Fixtures every test may use. Time stands still at NOW: a Monday, in the middle of a month and of a day."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from core import days
from events.models import Channel, Source
from scoring.model_versions import default_model

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def begun(db):
    """An installation whose first day is NOW's, with the starter model published."""
    days.begin(NOW)
    default_model.ensure(NOW)


@pytest.fixture
def source(begun):
    return Source.objects.create(name="Website", kind=Source.Kind.WRITE_KEY, channel=Channel.WEB, created_at=NOW)


@pytest.fixture(autouse=True)
def own_language():
    """A page asked for in French leaves its thread in French: no test leaves that to the next."""
    yield
    translation.deactivate()
