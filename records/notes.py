"""Notes, calls and meetings: a row, an event, and the pulse as an input of health."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from core import days
from customers import change_feed, inputs
from events import own
from events.models import Source
from records import past_inputs, rows
from records.models import Note, Pulse
from staff.models import User

EVENTS = {Note.Kind.NOTE: "Note logged", Note.Kind.CALL: "Call logged", Note.Kind.MEETING: "Meeting held"}
PULSE = "pulse"
STRENGTH = {Pulse.RED: 0, Pulse.YELLOW: 50_000, Pulse.GREEN: 100_000}  # thousandths of 0..100


@transaction.atomic
def write(
    notes: Sequence[Mapping[str, Any]], *, now: datetime, source: Source | None = None, history: bool = False
) -> list[Note]:
    """Write notes, their events and the pulses they give; see `rows.save` for what a row holds.

    A note without a pulse leaves the customer's pulse as it was; so does one older than the newest that has one.
    """
    open_day = days.lock_open_day(now)
    saved = rows.save(Note, notes)
    authors = User.objects.in_bulk({note.author_id for note in saved if note.author_id})
    messages = [_event(note, authors, now) for note in saved]
    own.store(messages, source=source or rows.source(now), now=now, history=history)
    if history:
        inputs.log(past_inputs.from_notes({note.customer_id for note in saved}, open_day, PULSE, STRENGTH))
    newest = _newest_pulses({note.customer_id for note in saved})
    inputs.note(
        (note.customer_id, PULSE, open_day, STRENGTH[Pulse(note.pulse)], note.pulse)
        for note in saved
        if note.pulse and note.at == newest[note.customer_id]
    )
    change_feed.note(note.customer_id for note in saved)
    return saved


def _newest_pulses(customers: Collection[int]) -> dict[int, datetime]:
    """Return when each customer's last note with a pulse was written. One query."""
    telling = Note.objects.filter(customer__in=customers).exclude(pulse="")
    return dict(telling.values_list("customer_id").annotate(Max("at")))


def _event(note: Note, authors: Mapping[int, User], now: datetime) -> dict[str, Any]:
    """Return the event without the note's text, which stays in the note, where it can be changed and erased."""
    author = authors[note.author_id].name if note.author_id else None
    properties = {"pulse": note.pulse, "author": author}
    return rows.event(note, EVENTS[Note.Kind(note.kind)], note.at, "logged", now=now, properties=properties)
