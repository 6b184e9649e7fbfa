"""`manage.py backtest`: the same back-test as the page's, done at once and printed."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from scoring.models import BackTest, ScoringModel
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.scoring.backtest import story

pytestmark = pytest.mark.django_db
DAYS = ["--days", "2026-03-31", "2026-05-01"]


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


def said(*arguments):
    out = StringIO()
    call_command("backtest", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_prints_what_was_found_and_keeps_it(begun):
    story.tell()
    text = said(story.draft().pk, "--horizon", 30, "--judge", "engagement", "--calls", 120, *DAYS)
    assert "Of 120 calls to the lowest, 60.0 found an outcome; by chance 35.0. Base rate 0.2917." in text
    assert "current       AUC 0.7521" in text and "lead +0.0000 (+0.0000 to +0.0000)" in text
    assert "2026-05-01 judge    240 customers, 70 outcomes, 0 unknown, 0 lost" in text
    assert BackTest.objects.get().state == "done"


def test_of_a_segments_version_it_says_whom_it_was_tested_on_and_what_it_was_compared_with(begun):
    model = story.segment_draft(story.tell(), cast.colleague("Ada", Role.ADMIN))
    text = said(model.pk, "--horizon", 30, "--judge", "engagement", "--calls", 120, *DAYS)
    assert "on the 180 customers who are in the segment “Pro plans” now" in text
    assert f"compared with version {ScoringModel.objects.current().pk}, everybody's current one" in text


def test_without_a_version_the_current_one_is_tested_on_the_usual_days(begun):
    story.tell()
    assert "Refused: few (" in said("--horizon", 8)
    assert BackTest.objects.get().model == ScoringModel.objects.current()


def test_what_cannot_be_asked_is_refused_before_anything_is_kept(begun):
    for wrong in (["--horizon", "0"], ["--horizon", "9", "--outcome", "quiet", "--quiet-days", "10"], ["999"]):
        with pytest.raises(CommandError):
            said(*wrong)
    with pytest.raises(CommandError, match="no past day"):
        said()
    assert not BackTest.objects.exists()
