"""Contacts made with customers: the calls, meetings and mails that colleagues logged."""

from datetime import date

from django.db.models import QuerySet

from core import days
from records.models import Note

KINDS = tuple(kind for kind in Note.Kind if kind != Note.Kind.NOTE)


def contacts_made(first: date, last: date | None = None) -> QuerySet[Note]:
    """Return the notes of contacts from one day to another; without a last one, ever after."""
    return Note.objects.filter(days.within("at", first, last), kind__in=KINDS)
