"""What colleagues say when they delete, and when they move a contact."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import days
from core.web.forms import DayField, EntryForm, NameField


class DeletionForm(EntryForm):
    reason = NameField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("For colleagues, and for the messages that are refused from now on."),
    )


class MoveForm(EntryForm):
    since = DayField(
        label=gettext_lazy("From day"),
        help_text=gettext_lazy("What they did from the beginning of this day on moves along."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"since": today}, **kwargs)
        self._today = today

    def clean_since(self) -> datetime:
        """Return the instant at which the day begins."""
        day: date = self.cleaned_data["since"]
        if day > self._today:
            raise forms.ValidationError(_("This day is still to come."))
        return days.start(day)
