"""A base that workers prepare: needed again when the facts differ, resumed, given up, cancelled, forgotten."""

from datetime import timedelta

import pytest

from core.jobs import periodic
from core.jobs.leased import MOST_TRIES
from core.models import Run
from customers.models import Customer
from scoring.models import Factor, Prepared, ScoringModel
from scoring.what_if import ask, prepare
from scoring.what_if.ask import Try, answer
from scoring.what_if.swap import load_swap
from tests.conftest import NOW
from tests.scoring.what_if.steps import DAY, made, prepared, set_weight


@pytest.mark.django_db
def test_points_weights_and_bands_need_no_new_preparation_windows_do(draft):
    key = load_swap(draft, DAY).key
    set_weight(draft, "Signed in", points=7)
    Factor.objects.filter(model=draft).update(weight=5, worst=1, cap_from=10, cap_to=20, null_rule="worst")
    ScoringModel.objects.filter(pk=draft.pk).update(green_from=80, least_coverage=10, least_history=3)
    draft.refresh_from_db()
    assert load_swap(draft, DAY).key == key
    set_weight(draft, "Signed in", window=31)
    assert load_swap(draft, DAY).key != key
    assert load_swap(draft, DAY - timedelta(days=1)).key != key


@pytest.mark.django_db
def test_a_large_portfolio_waits_until_it_is_prepared(draft, admin, monkeypatch):
    monkeypatch.setattr(ask, "DIRECT", 10)
    made(60)
    assert answer(draft, Try(), day=DAY, now=NOW, user=admin).comparison is None
    waiting = prepare.start(load_swap(draft, DAY), now=NOW, by=admin)
    assert prepare.start(load_swap(draft, DAY), now=NOW, by=admin) == waiting
    assert prepare.progress(waiting) == 0
    assert prepared(draft, admin) == waiting
    assert prepare.progress(waiting) == waiting.shards
    assert answer(draft, Try(), day=DAY, now=NOW, user=admin).comparison is not None


@pytest.mark.django_db
def test_a_worker_that_dies_is_followed_by_another(draft, admin, monkeypatch):
    made(60)
    # Two or three shards, whatever ids earlier tests have used up: with 20 ids each there were thousands.
    monkeypatch.setattr("scoring.runs.shards.SIZE", Customer.objects.earliest("pk").pk + 20)
    waiting = prepare.start(load_swap(draft, DAY), now=NOW, by=admin)
    assert waiting.shards in (2, 3)
    assert periodic.claim(prepare.JOB, now=NOW)  # by a worker that is never heard of again
    while prepare.work(clock=lambda: NOW):
        pass
    assert prepare.progress(waiting) == waiting.shards - 1
    while prepare.work(clock=lambda: NOW + periodic.LEASE + timedelta(seconds=1)):
        pass
    waiting.refresh_from_db()
    assert waiting.made_at


@pytest.mark.django_db
def test_a_base_whose_shard_kills_each_worker_is_given_up_and_others_are_made(draft, admin):
    made(30)
    waiting = prepare.start(load_swap(draft, DAY), now=NOW, by=admin)
    now = NOW
    for _ in range(MOST_TRIES):
        assert periodic.claim(prepare.JOB, now=now)  # by a worker that dies of it
        now += periodic.LEASE + timedelta(seconds=1)
    set_weight(draft, "Signed in", window=31)
    other = prepare.start(load_swap(ScoringModel.objects.get(pk=draft.pk), DAY), now=now, by=admin)
    while prepare.work(clock=lambda: now):
        pass
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (waiting.failed_at, waiting.made_at) == (now, None)
    assert (other.failed_at, other.made_at) == (None, now)
    assert not Run.objects.filter(job=prepare.JOB, period=waiting.pk, finished_at=None).exists()


@pytest.mark.django_db
def test_a_shard_is_tried_as_often_as_other_jobs_are(draft, admin):
    made(30)
    waiting = prepare.start(load_swap(draft, DAY), now=NOW, by=admin)
    now = NOW
    for _ in range(MOST_TRIES - 1):
        assert periodic.claim(prepare.JOB, now=now)
        now += periodic.LEASE + timedelta(seconds=1)
    assert prepare.work(clock=lambda: now) == waiting.shards
    waiting.refresh_from_db()
    assert (waiting.failed_at, waiting.made_at) == (None, now)


@pytest.mark.django_db
def test_what_is_cancelled_is_gone_and_a_draft_changed_meanwhile_is_not_prepared(draft, admin):
    made(30)
    prepare.cancel(prepare.start(load_swap(draft, DAY), now=NOW, by=admin))
    assert prepare.work(clock=lambda: NOW) == 0
    prepare.start(load_swap(draft, DAY), now=NOW, by=admin)
    set_weight(draft, "Signed in", window=31)
    assert prepare.work(clock=lambda: NOW) == 0
    assert not Prepared.objects.exists()


@pytest.mark.django_db
def test_what_is_prepared_is_forgotten_after_a_while(draft, admin):
    made(30)
    prepared(draft, admin)
    assert prepare.find(load_swap(draft, DAY))
    assert prepare.forget_old(now=NOW + prepare.KEPT + timedelta(seconds=1)) == 1
    assert prepare.find(load_swap(draft, DAY)) is None
