"""`manage.py verify`: what it compared, what differs, and an exit code that a script can trust."""

import pytest
from django.core.management import call_command

from events import ingest
from events.models import DailyCount, Event
from scoring.models import CurrentScore
from scoring.runs import run
from tests.conftest import NOW
from tests.events.people import company, group, track

pytestmark = pytest.mark.django_db(transaction=True)  # it reads a snapshot of its own


@pytest.fixture
def acme(source):
    """A customer with three events on two days, scored."""
    ingest.record(
        [group("acme", 3, userId="ann"), *(track(day, userId="ann") for day in (0, 0, 1))], source=source, now=NOW
    )
    run.score_changed(now=NOW)
    return company("acme")


@pytest.fixture
def verify(capsys):
    """Run it; return its exit code and the lines it said, without the space before numbers."""

    def verify():
        try:
            call_command("verify")
            code = 0
        except SystemExit as ended:
            code = ended.code
        said = capsys.readouterr()
        assert said.err == ""
        return code, [line.strip() for line in said.out.splitlines()]

    return verify


def test_what_agrees_with_the_log_is_counted_and_ends_well(acme, verify):
    assert verify() == (
        0,
        [
            "2 active days compared",
            "1 current scores compared",
            "2 daily counts compared",
            "2 source days compared",
            "0 differences",
        ],
    )


def test_an_empty_installation_has_nothing_to_differ(begun, verify):
    assert verify() == (0, ["0 differences"])


def test_a_wrong_count_is_named_and_ends_badly(acme, verify):
    row = DailyCount.objects.get(count=2)
    DailyCount.objects.filter(pk=row.pk).update(count=3)
    code, said = verify()
    assert code == 1
    assert said[-1] == "1 difference"
    assert said[-2] == (
        f"Daily count of customer {acme.pk}, event type {row.event_type_id}, 2026-06-15, known on 2026-06-15:"
        " stored 3 with value 0, derived 2 with value 0"
    )


def test_a_wrong_score_is_named_and_ends_badly(acme, verify):
    score = CurrentScore.objects.get()
    CurrentScore.objects.update(engagement=score.engagement + 1)
    code, said = verify()
    assert code == 1
    [difference] = [line for line in said if line.startswith("Current score")]
    assert f"of customer {acme.pk} on 2026-06-15: stored engagement {score.engagement + 1}" in difference
    assert f"derived engagement {score.engagement}" in difference


def test_an_event_that_is_gone_makes_every_number_it_was_in_differ(acme, verify):
    Event.objects.latest("occurred_at", "id").delete()
    code, said = verify()
    assert code == 1
    kinds = {line.split(" of ")[0] for line in said if ": stored" in line}
    assert kinds == {"Active day", "Daily count", "Source day", "Current score"}


def test_what_is_not_scored_yet_is_pending_and_no_difference(acme, source, verify):
    ingest.record([track(userId="ann")], source=source, now=NOW)
    code, said = verify()
    assert code == 0
    assert "1 customers changed and not scored yet: pending" in said
    assert said[-1] == "0 differences"
