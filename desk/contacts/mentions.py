"""What names a contact: answers, invitations, notes and tickets, at the customers that the reader may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.expressions import OrderBy

from customers.models import Contact
from records.models import Note, Ticket
from surveys.models import Answer, Invitation
from surveys.models.invitation import InvitationState, Via

SHOWN = 5  # of each; of invitations
ASKED_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation by e-mail. What became of it is told of surveys that are not confidential, else left out."""

    invitation: Invitation

    @property
    def is_sent(self) -> bool:
        return self.invitation.state == InvitationState.SENT

    @property
    def is_told(self) -> bool:
        # When somebody answered would show which of a confidential survey's answers is theirs.
        return not self.invitation.survey.is_confidential


@dataclass(frozen=True, slots=True)
class Mentions:
    """The newest of each, and of how many."""

    answers: Sequence[Answer]
    answer_count: int
    asked: Sequence[Asked]
    asked_count: int
    notes: Sequence[Note]
    note_count: int
    tickets: Sequence[Ticket]  # open ones first
    ticket_count: int


def load_mentions(contact: Contact, customers: Collection[int]) -> Mentions:
    """Return what names the contact at these customers. Four queries, whatever the number."""
    whose = {"contact": contact, "customer__in": customers}
    answers = Answer.objects.named().filter(**whose).select_related("survey", "closed_by", "customer")
    invitations = Invitation.objects.filter(via=Via.EMAIL, **whose).select_related("survey")
    notes = Note.objects.filter(**whose).select_related("author", "customer")
    tickets = Ticket.objects.filter(**whose).select_related("customer")
    open_first = F("solved_at").desc(nulls_first=True)
    given, invited = _newest(answers, "-answered_at"), _newest(invitations, "-created_at", most=ASKED_SHOWN)
    noted, raised = _newest(notes, "-at"), _newest(tickets, open_first, "-opened_at")
    for row in (*given, *noted):
        row.contact = None  # the page is theirs: a template that named them would ask for them row by row
    return Mentions(
        *(given, _total(given)),
        *([Asked(row) for row in invited], _total(invited)),
        *(noted, _total(noted)),
        *(raised, _total(raised)),
    )


def _newest(rows: QuerySet[Any], *order: str | OrderBy, most: int = SHOWN) -> Sequence[Any]:
    return list(rows.annotate(total=Window(Count("id"))).order_by(*order, "id")[:most])


def _total(rows: Sequence[Any]) -> int:
    return rows[0].total if rows else 0
