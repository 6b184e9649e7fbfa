"""A correction step by step, as an admin and a worker take them, and what stands for a customer afterwards."""

from datetime import timedelta

from events.corrections import lifecycle, work
from events.models import ActiveNow, Correction, CountNow
from scoring.models import CurrentScore, ScoreHistory
from scoring.runs import history, run
from tests.conftest import NOW
from tests.events.people import company, group, track

TOMORROW = NOW + timedelta(days=1)


def worked(job, now=NOW):
    """Let a worker do what waits; return the correction as it is then."""
    work.go_on(clock=lambda: now)
    return Correction.objects.get(pk=job.pk)


def carried_out(job, now=NOW, by=None):
    job = worked(job, now)
    assert job.state == "ready"
    lifecycle.carry_out(job, now=now, by=by)
    return worked(job, now)


def undone(job, now=NOW, by=None):
    lifecycle.undo(job, now=now, by=by)
    return worked(job, now)


def person(name, days=90):
    """Say that somebody of the same name as a company works there; twins are told apart by nothing else."""
    return group(name, days, userId=name, messageId=f"who-{name}", traits={"name": name})


def did(name, days, event="Report created", mark="", **properties):
    """Say what somebody did; the message id is made of all of it."""
    message_id = f"{name}-{event}-{days}{mark}"
    return track(days, event, userId=name, messageId=message_id, properties=properties)


def scored(now=NOW):
    run.score_everyone(now=now)
    while run.score_changed(now=now):
        pass


def closed(now=TOMORROW):
    history.close_days(now=now)


def stands(name, now=NOW):
    """Return what is known now of the company: counts, active days, score."""
    scored(now)
    customer = company(name)
    counts = CountNow.objects.filter(customer=customer).values_list("event_type__name", "day", "count", "value_sum")
    actives = ActiveNow.objects.filter(customer=customer).values_list("day", flat=True)
    score = CurrentScore.objects.filter(customer=customer)
    return {
        "counts": sorted(counts),
        "active": sorted(actives),
        "score": list(score.values_list("engagement", "engagement_band", "health", "last_active_on", "coverage")),
    }


def history_rows():
    """Return every stored day of history, whole."""
    return sorted(ScoreHistory.objects.values_list("customer", "day", "engagement", "health", "inputs_digest"))


def of_shop(shop, **more):
    return lifecycle.withdraw(source=shop, now=NOW, by=None, **more)
