"""Which events a correction is about, as SQL on `event`: literals alone, so that it fits into any statement."""

from datetime import timedelta

from core import days
from core.days import ONE_DAY
from events.models import Correction, EventType, Flag, Source

Kind = Correction.Kind


def where(job: Correction) -> str:
    """Return the condition of the events to be withdrawn or told again. Two queries at most.

    What was done fulfils it no more. Live events only are meant; those who use it say so, for the index on it.
    """
    conditions = [asked(job), *_not_done_yet(job)]
    if not job.is_of_type:
        conditions.append(f"NOT {own()}")
    return " AND ".join(conditions)


def asked(job: Correction) -> str:
    """Return the condition of the events asked for, with those that records and answers tell among them."""
    columns = {"customer_id": job.customer_id, "source_id": job.source_id, "event_type_id": job.event_type_id}
    conditions = [f"event.{column} = {int(pk)}" for column, pk in columns.items() if pk is not None]
    if job.file is not None:
        conditions.append(f"event.context ->> 'import' = '{int(job.file)}'")
    if job.first_on is not None:
        # The months that are looked into go by the instant in UTC, which is a day off at most.
        since = days.start(job.first_on) - ONE_DAY
        conditions.append(f"event.day >= '{job.first_on}'::date AND event.occurred_at >= '{since.isoformat()}'")
    if job.last_on is not None:
        until = days.start(job.last_on) + timedelta(days=2)
        conditions.append(f"event.day <= '{job.last_on}'::date AND event.occurred_at < '{until.isoformat()}'")
    if not job.is_of_type:
        conditions.append(f"event.received_at <= '{job.created_at.isoformat()}'")
    return " AND ".join(conditions)


def own() -> str:
    """Return the condition of events that records and answers tell. One query."""
    sources = Source.objects.filter(kind=Source.Kind.RECORDS).values_list("pk", flat=True)
    listed = ", ".join(str(pk) for pk in sorted(sources)) or "NULL"
    return f"(event.flags & {int(Flag.RECORD)} <> 0 OR event.source_id IN ({listed}) IS TRUE)"


def _not_done_yet(job: Correction) -> list[str]:
    if job.to_type_id is not None:
        return [f"event.event_type_id <> {int(job.to_type_id)}"]
    if job.kind == Kind.RETELL:
        return [f"event.is_activity <> {becomes_activity(job)}"]
    return []


def becomes_activity(job: Correction) -> str:
    """Return, as SQL, whether the events are an activity once they are told again."""
    if job.kind == Kind.RETELL:
        assert job.event_type is not None
        return str(job.changes.get("is_activity", [None, job.event_type.is_activity])[1]).upper()
    assert job.to_type_id is not None
    # As it is now: the type may have changed since the question.
    kind = EventType.objects.only("is_activity").get(pk=job.to_type_id)
    return str(kind.is_activity).upper()


def changed(job: Correction) -> dict[str, str]:
    """Return what differs in an event that is told again: column → SQL. One query at most."""
    activity = {"is_activity": becomes_activity(job)}
    return activity if job.to_type_id is None else {"event_type_id": str(int(job.to_type_id)), **activity}
