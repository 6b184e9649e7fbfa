"""What the pages say of a correction."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags import show
from events import catalogue
from events.models import Channel, Correction, EventType
from imports.models import Import

Kind, State = Correction.Kind, Correction.State


@dataclass(frozen=True, slots=True)
class Types:
    """One of the event types concerned, and how many of its events are."""

    name: str
    events: int


def title(job: Correction) -> str:
    """Say what it does, in a line."""
    event_type, to_type = (catalogue.label(kind.name) if kind else "" for kind in (job.event_type, job.to_type))
    if job.kind == Kind.REMAP:
        return _("Move events to “%(type)s”") % {"type": to_type}
    if job.kind == Kind.MERGE:
        return _("Merge “%(type)s” into “%(other)s”") % {"type": event_type, "other": to_type}
    if job.kind == Kind.RETELL:
        return _("Change “%(type)s”") % {"type": event_type}
    return _("Withdraw events")


def about(job: Correction) -> Iterator[tuple[str, str]]:
    """Yield what was asked for: a name and a value each. One query at most."""
    if job.customer_id is not None:
        yield _("Customer"), job.customer.name if job.customer else str(job.customer_id)
    if job.file is not None:
        name = Import.objects.filter(pk=job.file).values_list("file_name", flat=True).first()
        yield _("File"), name or str(job.file)
    elif job.source is not None:
        yield _("Source"), job.source.name
    if job.event_type is not None and not job.is_of_type:
        yield _("Event type"), catalogue.label(job.event_type.name)
    if job.first_on or job.last_on:
        yield _("Days asked for"), _days(job.first_on, job.last_on)
    for field, (before, after) in job.changes.items():
        yield _field(field), f"{_value(before)} → {_value(after)}"


def sentence(job: Correction) -> str:
    """Say in a line what it is about and what it would change."""
    events = ngettext("%(n)s event", "%(n)s events", job.events) % {"n": show.number(job.events)}
    customers = ngettext("of %(n)s customer", "of %(n)s customers", job.customers) % {"n": show.number(job.customers)}
    if not job.events:
        return _("There is no such event.")
    return f"{events} {customers}{_change(job)}"


def notes(job: Correction) -> Iterator[str]:
    """Yield what else to know before it is carried out."""
    if job.own:
        yield ngettext(
            "%(n)s more is told by invoices, tickets, answers and other records: change those instead.",
            "%(n)s more are told by invoices, tickets, answers and other records: change those instead.",
            job.own,
        ) % {"n": show.number(job.own)}
    if lost := job.effect.get("lost", 0):
        yield ngettext(
            "%(n)s customer has no score any more: nothing else is known of what they do.",
            "%(n)s customers have no score any more: nothing else is known of what they do.",
            lost,
        ) % {"n": show.number(lost)}
    if job.effect.get("sampled"):
        yield _("The scores are those of a sample of %(n)s of these customers.") % {"n": show.number(job.effect["of"])}
    if job.kind == Kind.MERGE:
        yield _(
            "Events of the first name that come in later are stored under the other type."
            " They weigh what that type does."
        )
    if job.kind == Kind.RETELL:
        yield _("Events that come in later follow the change. Published scoring models keep the flags they have.")


def result(job: Correction) -> Iterator[str]:
    """Yield what was done."""
    if job.act_id is None:
        yield _("Nothing was changed.")
        return
    changed = ngettext("%(n)s event was changed.", "%(n)s events were changed.", job.changed)
    yield changed % {"n": show.number(job.changed)}
    if job.undo_act_id is not None:
        restored = ngettext("%(n)s was changed back.", "%(n)s were changed back.", job.restored)
        yield restored % {"n": show.number(job.restored)}
    elif job.state == State.CANCELLED:
        yield _("What was done before it was cancelled stays. It can be undone.")
    if job.state == State.UNDONE and job.skipped:
        yield ngettext(
            "%(n)s stays as it is: something else has changed it since, or a file has brought it anew.",
            "%(n)s stay as they are: something else has changed them since, or a file has brought them anew.",
            job.skipped,
        ) % {"n": show.number(job.skipped)}


def types(job: Correction) -> list[Types]:
    """Return the event types concerned, those with the most events first. One query."""
    kinds = EventType.objects.in_bulk([int(pk) for pk in job.types])
    counted = ((kinds[int(pk)].name, events) for pk, events in job.types.items() if int(pk) in kinds)
    return sorted((Types(catalogue.label(name), events) for name, events in counted), key=lambda row: -row.events)


def mean(job: Correction) -> int | None:
    """Return the mean change of the scores in hundredths, rounded half away from zero; None without any."""
    scored, total = job.effect.get("scored", 0), job.effect.get("sum", 0)
    if not scored:
        return None
    rounded = (2 * abs(total) + scored) // (2 * scored)
    return int(rounded if total > 0 else -rounded)


def _change(job: Correction) -> str:
    change = mean(job)
    if change is None:
        return ""
    if change == 0:
        return _(", scores stay the same on average")
    words = _(", scores rise by %(points)s on average") if change > 0 else _(", scores fall by %(points)s on average")
    return words % {"points": show.exact(abs(change))}


def _days(first: object, last: object) -> str:
    ends = [show.day(day) if day else "…" for day in (first, last)]  # type: ignore[arg-type]
    return " – ".join(ends)


def _field(name: str) -> str:
    return str(EventType._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]


def _value(value: str | bool) -> str:
    if isinstance(value, str):
        return str(Channel(value).label)
    return _("Yes") if value else _("No")
