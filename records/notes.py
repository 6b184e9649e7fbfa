"""Notes, calls, meetings and e-mails: a row, an event, and the pulse as an input of health."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from core import days
from customers import inputs
from events.models import Source
from records import past_inputs
from records.models import Note, Pulse
from records.telling import writing
from records.telling.happening import Happening, has_come
from records.telling.kind import Kind
from staff.models import User

EVENTS = {
    Note.Kind.NOTE: "Note logged",
    Note.Kind.CALL: "Call logged",
    Note.Kind.MEETING: "Meeting held",
    Note.Kind.MAIL: "Email logged",
}
CONTACTS = (Note.Kind.CALL, Note.Kind.MEETING, Note.Kind.MAIL)  # kinds in which the customer was reached
PULSE = "pulse"
STRENGTH = {Pulse.RED: 0, Pulse.YELLOW: 50_000, Pulse.GREEN: 100_000}  # thousandths of 0..100


def write(
    notes: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    source: Source | None = None,
    history: bool = False,
    by: User | None = None,
) -> list[Note]:
    """Write notes, their events and the pulses they give; see `writing.write`.

    A note without a pulse leaves the customer's pulse as it was; so does one older than the newest that has one.
    """
    return writing.write(KIND, notes, now=now, source=source, history=history, by=by)


def events_of(note: Note, today: date) -> Iterator[Happening]:
    """Yield it without its text, which stays in the note, where it can be changed and erased."""
    if has_come(note.at, today):
        # Only where it was said: notes told before there was a purpose say the same as ever.
        properties = {"pulse": note.pulse, **({"purpose": note.purpose} if note.purpose else {})}
        name = EVENTS[Note.Kind(note.kind)]
        yield Happening("logged", name, note.at, properties, author=note.author_id)


def _moments(note: Note) -> tuple[datetime]:
    return (note.at,)


def _note_inputs(customers: Collection[int], written: Sequence[Note], open_day: date) -> None:
    """Log the pulse of each customer's newest note that has one; of two at one instant that of the one written last.

    One that was only found again is logged where it differs from what stands: its age counts from when it was given.
    """
    newest = _newest(customers, open_day)
    last = {
        note.customer_id: note
        for note in written
        if note.pulse and (known := newest.get(note.customer_id)) and known.at == note.at
    }
    inputs.note(_row(customer, note, open_day) for customer, note in last.items())
    rest = [customer for customer in customers if customer not in last]
    inputs.correct(_row(customer, newest.get(customer), open_day) for customer in rest)


def _newest(customers: Collection[int], day: date) -> dict[int, Note]:
    """Return each customer's last note with a pulse by the day. One query."""
    telling = Note.objects.filter(days.within("at", None, day), customer__in=customers).exclude(pulse="")
    notes = telling.order_by("customer_id", "-at", "-id").distinct("customer_id").only("customer_id", "at", "pulse")
    return {note.customer_id: note for note in notes}


def _row(customer: int, note: Note | None, open_day: date) -> inputs.Row:
    if note is None:
        return customer, PULSE, open_day, None, None
    return customer, PULSE, open_day, STRENGTH[Pulse(note.pulse)], note.pulse


def _log_past(customers: Collection[int], open_day: date) -> None:
    inputs.log(past_inputs.from_notes(customers, open_day, PULSE, STRENGTH))


KIND = Kind(
    model=Note,
    parts=("logged",),
    events_of=events_of,
    moments_of=_moments,
    note_inputs=_note_inputs,
    log_past=_log_past,
)


CONTACT_KINDS = tuple(kind for kind in Note.Kind if kind != Note.Kind.NOTE)


def contacts_made(first: date, last: date | None = None) -> QuerySet[Note]:
    """Return the notes of contacts from one day to another; without a last one, ever after."""
    return Note.objects.filter(days.within("at", first, last), kind__in=CONTACT_KINDS)
