"""A note, a call, a meeting or an e-mail, as it is logged and changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.forms import EntryForm
from customers.models import Contact
from records.models import Note, Pulse


class NoteForm(EntryForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Note.Kind.choices, initial=Note.Kind.CALL)
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        required=False,
        choices=[("", gettext_lazy("Not said")), *Note.Purpose.choices],
    )
    text = forms.CharField(label=gettext_lazy("Note"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}))
    pulse = forms.ChoiceField(
        label=gettext_lazy("Pulse"),
        required=False,
        choices=[("", gettext_lazy("No change")), *Pulse.choices],
    )
    contact = forms.ChoiceField(label=gettext_lazy("With"), required=False)
    at = forms.DateTimeField(
        label=gettext_lazy("Date and time"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, contacts: Sequence[Contact], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now
        self.fields["at"].initial = now
        people = [(str(contact.pk), str(contact)) for contact in contacts]
        self.fields["contact"].choices = [("", _("No contact")), *people]  # type: ignore[attr-defined]

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > self._now:
            raise forms.ValidationError(_("This date is in the future. Log it once it has happened."))
        return at

    def row(self) -> dict[str, Any]:
        """Return the note's fields, for `notes.write`."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "purpose": "" if data["kind"] == Note.Kind.NOTE else data["purpose"],
            "text": data["text"],
            "pulse": data["pulse"],
            "contact_id": int(data["contact"]) if data["contact"] else None,
            "at": data["at"],
        }

    @staticmethod
    def shown(note: Note) -> dict[str, Any]:
        """Return a note as the form's first values."""
        contact = str(note.contact_id) if note.contact_id else ""
        return {
            "kind": note.kind, "purpose": note.purpose, "text": note.text, "pulse": note.pulse, "contact": contact,
            "at": note.at,
        }  # fmt: skip
