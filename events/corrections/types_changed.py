"""What becomes of an event type itself, once its events are to be told again."""

from typing import Any

from events.models import Correction, EventType

Kind = Correction.Kind


def words(job: Correction) -> dict[str, Any]:
    """Return what the act says of the types concerned."""
    named = {"event_type": job.event_type_id, "to_type": job.to_type_id, "changes": job.changes}
    return {name: value for name, value in named.items() if value}


def change(job: Correction) -> None:
    """Change the type; what is stored from now on is stored as it says."""
    kinds = EventType.objects.filter(corrections=job)
    if job.kind == Kind.RETELL:
        kinds.update(**{name: after for name, (_, after) in job.changes.items()})
    elif job.kind == Kind.MERGE:
        # A type that was merged into this one goes along: an alias leads to where events are stored.
        EventType.objects.filter(merged_into=job.event_type_id).update(merged_into=job.to_type_id)
        kinds.update(merged_into=job.to_type_id)


def change_back(job: Correction) -> None:
    """Give the type back what it had, as far as nobody has changed it since."""
    for name, (before, after) in job.changes.items() if job.kind == Kind.RETELL else ():
        EventType.objects.filter(corrections=job, **{name: after}).update(**{name: before})
    if job.kind == Kind.MERGE:
        EventType.objects.filter(corrections=job).update(merged_into=None)
