"""A factor that counts events is unknown, not zero, until somebody sent one: as known on each day."""

from datetime import timedelta

import pytest

from events import ingest
from events.models import TypeDay
from scoring import engine
from scoring.explain.explanation import explain
from scoring.inputs import read
from scoring.inputs.silence import Silence
from scoring.model_versions import versions
from scoring.models import ScoringModel
from scoring.runs import run
from scoring.vectorised import BatchEngine
from scoring.verify.check import check
from tests.conftest import NOW
from tests.events.people import group, track
from tests.pages import cast

TODAY = NOW.date()
COUNTING = {"key_actions", "active_contacts"}


def model(**changes) -> engine.Model:
    current = ScoringModel.objects.current()
    assert current is not None
    for name, value in changes.items():
        setattr(current, name, value)
    return versions.load(current)


def never_sent(on, known_on=None, **changes) -> set[str]:
    known_on = known_on or on
    silence = Silence(model(**changes), until=on, known_on=known_on)
    return set(silence.on(on.toordinal(), known_on.toordinal()))


@pytest.mark.django_db
def test_what_nobody_ever_sent_is_unknown_and_what_anybody_sent_is_a_known_zero(begun):
    acme = cast.customer("Acme")
    cast.customer("Beta")
    cast.counted(acme, "Signed in", 3)
    TypeDay.objects.update(by_contact=False)
    assert never_sent(TODAY) == COUNTING, "somebody signed in, of whom nothing is known"
    TypeDay.objects.update(by_contact=True)
    assert never_sent(TODAY) == {"key_actions"}
    other = cast.customer("Gamma")
    cast.counted(other, "Report created", 1)
    assert never_sent(TODAY) == set(), "by another customer"
    assert never_sent(TODAY - timedelta(days=2)) == {"key_actions"}, "as it was known then"
    assert never_sent(TODAY - timedelta(days=2), TODAY) == {"key_actions"}, "what happened later was not sent then"


@pytest.mark.django_db
def test_versions_of_before_take_it_as_zero(begun, django_assert_num_queries):
    with django_assert_num_queries(3):  # the version, its weights and factors: nothing else is read
        assert never_sent(TODAY, unsent_is_unknown=False) == set()


@pytest.mark.django_db
def test_a_model_without_key_actions_does_not_count_them(begun):
    cast.counted(cast.customer("Acme"), "Report created", 1)
    current = ScoringModel.objects.current()
    draft = versions.draft_from(current, now=NOW)
    draft.weights.filter(event_type__is_key_action=True).delete()
    versions.publish(draft, now=NOW, by=None)
    assert never_sent(TODAY) == {"key_actions"}


@pytest.mark.django_db
def test_the_score_shares_out_the_weight_and_says_why(begun):
    acme = cast.customer("Acme")
    cast.counted(acme, "Signed in", *range(20))
    cast.known_for(60)
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    draft.least_coverage = 10
    draft.save(update_fields=["least_coverage"])
    versions.publish(draft, now=NOW, by=None)
    run.score_everyone(now=NOW)
    lines = {line.kind: line for line in explain(acme, as_of=TODAY, known_on=TODAY).factors}
    assert (lines["key_actions"].why, lines["key_actions"].contribution) == ("silent", 0)
    acme.refresh_from_db()
    assert acme.score.health == sum(line.contribution for line in lines.values())


@pytest.mark.django_db
def test_declared_history_changes_no_day_that_passed_here(begun, source):
    """Ten days after its first event, an installation imports a customer's past: nothing was known of it on these."""
    ingest.record([group("beta", 1), track(0, event="Signed in", context={"groupId": "beta"})], source=source, now=NOW)
    record = [group("acme", 40, userId="ann"), track(30, event="Report created", userId="ann")]
    now = NOW + timedelta(days=10)
    ingest.record(record, source=source, now=now, history=True)
    assert never_sent(TODAY - timedelta(days=15)) == set(), "a day of before, which can be written again"
    assert never_sent(TODAY + timedelta(days=5)) == COUNTING, "a day that passed here stays as it was"
    assert never_sent(now.date()) == set()


@pytest.mark.django_db(transaction=True)
def test_verify_finds_a_day_that_was_not_noted(begun, source):
    ingest.record([group("acme", 3, userId="ann"), track(1, userId="ann")], source=source, now=NOW)
    run.score_changed(now=NOW)
    assert set(TypeDay.objects.values_list("day", "by_contact")) == {(TODAY - timedelta(days=1), True)}
    assert check().differences == 0
    TypeDay.objects.all().delete()
    assert [difference.what for difference in check().unexplained] == ["Event type", "Current score"]


@pytest.mark.django_db
def test_both_engines_read_the_same(begun):
    acme = cast.customer("Acme")
    cast.counted(acme, "Signed in", 1, 2)
    batch_engine = BatchEngine(model())
    columns = read.current(batch_engine, [acme.pk], as_of=TODAY, known_on=TODAY)
    assert columns.silent == {"key_actions"}
    facts = read.facts_of_one(columns, batch_engine.names)
    plain = engine.score(batch_engine.model, facts, as_of=TODAY.toordinal(), known_on=TODAY.toordinal())[1]
    assert plain.inputs["key_actions"] is None
