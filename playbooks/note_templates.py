"""Texts that notes begin with: those to start with, and their words in the reader's language."""

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from playbooks.models import NoteTemplate

STARTERS = {
    _("Check-in"): _("How it goes:\nWhat works:\nWhat is missing:\nAgreed:"),
    _("Quarterly review"): _("Goals of the quarter:\nResults:\nPlans for the next quarter:\nRisks:\nAgreed:"),
    _("Renewal call"): _("Who decides:\nWhat they get out of it:\nWhat speaks against it:\nPrice and term:\nAgreed:"),
    _("Complaint"): _("What happened:\nWhat it means for them:\nWhat we promised, by when:"),
}


def ensure(now: datetime) -> None:
    """Write the texts to start with where there are none at all; leads change and delete them."""
    if not NoteTemplate.objects.exists():
        rows = [NoteTemplate(title=title, text=text, created_at=now) for title, text in STARTERS.items()]
        NoteTemplate.objects.bulk_create(rows, ignore_conflicts=True)


def offered() -> list[tuple[str, str]]:
    """Return title and text of each template, in the reader's language where it is one to start with. One query."""
    rows = NoteTemplate.objects.values_list("title", "text")
    return [(gettext(title), gettext(text)) if STARTERS.get(title) == text else (title, text) for title, text in rows]
