"""The one form that logs a call, a meeting, an e-mail or a note, with the next step that follows from it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import business_day
from core.web.forms import DayField, NameField
from desk.forms.note import NoteForm
from playbooks.models import Task, TaskKind


class LogForm(NoteForm):
    next_step = NameField(label=gettext_lazy("Next step"), max_length=300, required=False)
    next_on = DayField(label=gettext_lazy("By when"), required=False)

    def __init__(self, *args: Any, now: datetime, task: Task | None = None, **kwargs: Any) -> None:
        super().__init__(*args, now=now, **kwargs)
        self.fields["at"].label = _("Date and time (%(zone)s)") % {"zone": get_current_timezone_name()}
        # Whoever opened it came to write.
        self.fields["text"].widget.attrs["autofocus"] = True
        self.fields["purpose"].initial = "service"
        if task is not None:
            self.fields["kind"].initial = task.kind if task.kind != TaskKind.OTHER else "note"
            self.fields["contact"].initial = str(task.contact_id or "")

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("next_on") and not data.get("next_step"):
            self.add_error("next_step", _("Say what is to be done by this day."))
        return data

    @property
    def promise(self) -> tuple[str, date | None] | None:
        """What was promised, and by when; None when nothing was. Call `is_valid` first."""
        text = self.cleaned_data["next_step"]
        return (text, self.cleaned_data["next_on"]) if text else None


def presets(now: datetime) -> Sequence[tuple[date, str]]:
    """Return the days a next step is mostly due on."""
    today = business_day(now)
    return [
        (today, _("Today")),
        (today + timedelta(days=3), _("In 3 days")),
        (today + timedelta(days=7), _("In a week")),
    ]
