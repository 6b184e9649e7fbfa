"""What the made-up customers answer: three surveys, invitations without an answer, and some comments."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import F, OuterRef, Subquery

from core.days import business_day
from customers.models import Contact, Customer, Identity, IdentityKind
from surveys import kinds, lifecycle
from surveys.answering import answers, tallies
from surveys.answering.answers import AnswerData
from surveys.answering.tallies import Step
from surveys.models import AddressGuard, Answer, Invitation, InvitationState, Survey, Theme, Via
from surveys.sending import guard

NAMES = {"nps": "How are we doing?", "csat": "After a ticket", "effort": "Was it easy?"}
THEMES = {
    "Price": ["price", "expensive", "cost"],
    "Support": ["support", "answer", "helped", "wait"],
    "Speed": ["slow", "fast", "speed"],
    "Ease of use": ["easy", "hard", "confus", "simple"],
    "Reports": ["report", "dashboard", "export"],
}
GLAD = (
    "Your support answered within the hour. That is why we stay.",
    "The reports save us a day every month.",
    "Simple to use, even for the new ones in the team.",
    "Fast, and it just works.",
    "Anna helped us through the whole set-up.",
)
SO_SO = (
    "Good, but the dashboard could be faster.",
    "We would like to export more of our data.",
    "It does what we need. The price is at the upper end.",
)
SORRY = (
    "We had to wait three days for an answer.",
    "Too expensive for what our team uses of it.",
    "The new report page is confusing, we lost a week.",
    "It has become slow since the last change.",
    "Hard to find anything. Nobody here knows how to set it up.",
)
CARED_AFTER, CARED = timedelta(days=14), "Called them, and agreed on what comes next."
WRITES, SILENT, DELIVERED = 0.45, 1.6, 0.97  # shares of the answers; how many keep silent for each who answers

_NAMESPACE = uuid.UUID("2b8f6f4c-0f0d-4d7e-8f4e-6a1f6f8f0c55")  # any; the same answer has the same id

Row = dict[str, Any]


def ensure(now: datetime, first: datetime) -> dict[str, Survey]:
    """Return the three surveys by what they ask, running since the sample's first day; made where they are missing."""
    for name, words in THEMES.items():
        Theme.objects.get_or_create(name=name, defaults={"words": words})
    return {which: _survey(which, name, now, first) for which, name in NAMES.items()}


def _survey(which: str, name: str, now: datetime, first: datetime) -> Survey:
    stands: Survey | None = Survey.objects.filter(name=name, kind=which).order_by("version").last()
    if stands is not None:
        return stands
    made = lifecycle.start(lifecycle.create(which, name=name, now=first, by=None), now=now)
    Survey.objects.filter(pk=made.pk).update(started_at=first)
    return made


def write(rows: Sequence[Row], surveys: dict[str, Survey], *, now: datetime) -> None:
    """Write answers, and invitations without one; written again, each stays one.

    Each row has customer_id, contact (a user id), survey, score, at and external_id.
    """
    users = Identity.objects.filter(kind=IdentityKind.USER, value__in={row["contact"] for row in rows})
    contacts = {identity.value: identity.contact for identity in users.select_related("contact")}
    for which, survey in surveys.items():
        its = [row for row in rows if row["survey"] == which]
        answered = [_invitation(survey, row, contacts.get(row["contact"])) for row in its]
        silent = [invitation for row in its for invitation in _silent(survey, row, list(contacts.values()))]
        fresh = _insert([*answered, *silent])
        tallies.add(_steps(survey, fresh))
        new = {invitation.id for invitation in fresh}
        given = [
            AnswerData(invitation, _marks(row), row["at"], "en")
            for invitation, row in zip(answered, its, strict=True)
            if invitation.id in new
        ]
        if given:
            written = answers.write(survey, given, now=now, history=True)
            _close_loops(written, now)
        _note_asked(fresh)


def _close_loops(written: Sequence[Answer], now: datetime) -> None:
    """Close the follow-up of unhappy answers older than two weeks, by the customer's owner."""
    waiting = [row.pk for row in written if row.needs_care and row.answered_at < now - CARED_AFTER]
    owner = Customer.objects.filter(pk=OuterRef("customer_id")).values("owner")[:1]
    Answer.objects.filter(pk__in=waiting).update(
        closed_at=F("answered_at") + timedelta(days=2), closed_note=CARED, closed_by=Subquery(owner)
    )


def _note_asked(invitations: Sequence[Invitation]) -> None:
    """Note when each address was last asked, so that a survey sent to the sample meets the survey limit."""
    last: dict[bytes, AddressGuard] = {}
    for invitation in sorted(invitations, key=lambda invitation: invitation.created_at):
        if (address := guard.address_of(invitation)) is not None:
            last[address] = AddressGuard(address=address, asked_at=invitation.sent_at, invitation_id=invitation.id)
    for stands in AddressGuard.objects.filter(address__in=last, asked_at__isnull=False):
        if stands.asked_at and last[bytes(stands.address)].asked_at < stands.asked_at:  # type: ignore[operator]
            del last[bytes(stands.address)]
    AddressGuard.objects.bulk_create(
        last.values(), update_conflicts=True, unique_fields=["address"], update_fields=["asked_at", "invitation_id"]
    )


def _invitation(survey: Survey, row: Row, contact: Contact | None) -> Invitation:
    sent = row["at"] - timedelta(hours=1 + Random(row["external_id"]).random() * 40)
    return Invitation(
        customer_id=row["customer_id"],
        id=uuid.uuid5(_NAMESPACE, row["external_id"]),
        survey=survey,
        contact=contact,
        via=Via.EMAIL,
        state=InvitationState.SENT,
        created_at=sent,
        sent_at=sent,
        delivered_at=sent,
        opened_at=row["at"],
    )


def _silent(survey: Survey, row: Row, others: list[Contact | None]) -> list[Invitation]:
    """Return invitations nobody answered, to people of the same batch, around the time of this answer."""
    # Seeded by the answer, so that loading again makes the same invitations.
    random = Random(f"{row['external_id']} silent")
    count = int(SILENT) + (random.random() < SILENT % 1)
    invitations = []
    for i in range(count):
        contact = random.choice(others) if others else None
        if contact is None:
            continue
        sent = row["at"] - timedelta(hours=random.random() * 72)
        pk = uuid.uuid5(_NAMESPACE, f"{row['external_id']} silent {i}")
        opened = sent + timedelta(hours=2) if random.random() < WRITES else None
        delivered = sent if random.random() < DELIVERED else None
        invitations.append(
            Invitation(
                customer_id=contact.customer_id, id=pk, survey=survey, contact=contact, via=Via.EMAIL,
                state=InvitationState.SENT if delivered else InvitationState.FAILED, created_at=sent, sent_at=sent,
                delivered_at=delivered, opened_at=opened if delivered else None,
            )
        )  # fmt: skip
    return invitations


def _insert(rows: list[Invitation]) -> list[Invitation]:
    """Insert those that do not stand yet; return them."""
    keys = {(row.customer_id, row.id) for row in rows}
    stand = set(
        Invitation.objects.filter(customer_id__in={c for c, _ in keys}, id__in={i for _, i in keys}).values_list(
            "customer_id", "id"
        )
    )
    fresh = list({(row.customer_id, row.id): row for row in rows if (row.customer_id, row.id) not in stand}.values())
    Invitation.objects.bulk_create(fresh)
    return fresh


def _steps(survey: Survey, rows: Sequence[Invitation]) -> Counter[tallies.Key]:
    steps: Counter[tallies.Key] = Counter()
    for row in rows:
        reached = {Step.SENT: row.sent_at, Step.DELIVERED: row.delivered_at, Step.OPENED: row.opened_at}
        for step, at in reached.items():
            if at is not None:
                steps.update(tallies.step(survey.pk, business_day(at), step))
        if row.state == InvitationState.FAILED and row.sent_at:
            steps.update(tallies.step(survey.pk, business_day(row.sent_at), Step.FAILED))
    return steps


def _group(kind: str, score: int) -> str:
    group = kinds.get(kind).group_of(score)
    return group.name if group else ""


def _marks(row: Row) -> dict[str, Any]:
    """Return the score, and for some what they wrote to the follow-up question of their group."""
    random = Random(f"{row['external_id']} words")
    if random.random() > WRITES:
        return {"score": row["score"]}
    key, words = _WORDS[_group(str(row["survey"]), int(row["score"]))]
    return {"score": row["score"], key: random.choice(words)}


_WORDS = {
    "promoter": ("like", GLAD), "satisfied": ("like", GLAD), "easy": ("like", GLAD),
    "passive": ("lift", SO_SO), "neutral": ("wrong", SO_SO), "middling": ("wrong", SO_SO),
    "detractor": ("wrong", SORRY), "dissatisfied": ("wrong", SORRY), "hard": ("wrong", SORRY),
}  # fmt: skip
