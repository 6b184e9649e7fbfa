"""Answers that no mail asked for: from public links, the widget, the API, webhooks and imports.

Each gets an invitation of its own, made from its external id, so that the same answer sent twice is one.
"""

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from customers.models import Contact, Identity, IdentityKind
from events import ingest
from surveys.answering import answers, survey_events
from surveys.models import Answer, Invitation, InvitationState, Survey, Via
from surveys.questionnaire import questions
from surveys.questionnaire.questions import InvalidAnswers, Marks
from surveys.sending import tokens

_NAMESPACE = uuid.UUID("0b0c6c0e-7d8b-4f0e-8a55-1b7a8f2d9d11")  # any; the same external id has the same answer


@dataclass(frozen=True, slots=True)
class IncomingAnswer:
    """One answer from elsewhere: its marks, when it was given, and by which contact or customer, if known.

    Without `external_id` it is a new one each time.
    """

    marks: Marks
    at: datetime
    contact: Contact | None = None
    customer_id: int | None = None
    external_id: str = ""
    language: str = ""


def key_of(survey: Survey) -> str:
    """Return the key with which a company's own server signs the ids of its users for links and widgets."""
    return salted_hmac("surveys.known", survey.link, algorithm="sha256").hexdigest()


def known(user_id: str, signature: str, survey: Survey) -> Contact | None:
    """Return the contact of a signed user id: HMAC-SHA256 over it, in hex. None for any other. Two queries."""
    # surrogatepass: a lone surrogate in an address is a wrong signature, not an error.
    right = hmac.new(key_of(survey).encode(), user_id.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()
    if not user_id or "\0" in user_id or not hmac.compare_digest(right.encode(), signature.encode(errors="replace")):
        return None
    named = Identity.objects.filter(
        kind=IdentityKind.USER, value=user_id, contact__isnull=False, contact__removed_at=None
    )
    identity = named.select_related("contact").first()
    return identity.contact if identity else None


def submit(
    survey: Survey,
    values: dict[str, list[str]],
    *,
    contact: Contact | None,
    via: Via,
    now: datetime,
    language: str = "",
) -> tuple[Answer, str]:
    """Take an answer from a public form; return it and the token that changes it. Raises Closed and InvalidAnswers."""
    shown = [question for question in questions.load(survey.questions) if not question.shown_to]
    marks = questions.read(shown, values)
    if problems := questions.missing(survey.kind, shown, marks):
        raise InvalidAnswers(problems)
    if not marks:
        raise InvalidAnswers({shown[0].key: _("Please answer a question.")})
    given = IncomingAnswer(marks, now, contact=contact, language=language)
    with transaction.atomic():
        answer = record(survey, [given], via=via, now=now)[0]
        token = tokens.make(Invitation.objects.get(customer_id=answer.customer_id, id=answer.id), now=now)
    return answer, token


def answer_id(survey: Survey, external_id: str) -> uuid.UUID:
    """Return the id of the answer that another tool knows by this one."""
    return uuid.uuid5(_NAMESPACE, f"{survey.pk}:{external_id}")


def record(
    survey: Survey, given: Sequence[IncomingAnswer], *, via: Via, now: datetime, history: bool = False
) -> list[Answer]:
    """Write answers from elsewhere, all or none; return them in order. `history` declares past ones.

    Idempotent for answers with an external id: given again, the same marks change nothing, and other marks replace
    those that stand, within a day (in a history at any time). Raises Closed and InvalidAnswers.
    """
    survey_events.prepare(now)
    with transaction.atomic():
        rows = [_invitation(survey, incoming, via, now) for incoming in _with_customers(survey, given, now)]
        keys = [(row.customer_id, row.id) for row in rows]
        # An answer sent again has its invitation already, so they are read back as they stand.
        Invitation.objects.bulk_create(dict(zip(keys, rows, strict=True)).values(), ignore_conflicts=True)
        stand = Invitation.objects.filter(customer_id__in={c for c, _ in keys}, id__in={i for _, i in keys})
        invitations = {(row.customer_id, row.id): row for row in stand.select_related("survey")}
        # Of the same external id twice in one batch, the last counts.
        last = {
            key: answers.AnswerData(invitations[key], incoming.marks, incoming.at, incoming.language)
            for key, incoming in zip(keys, given, strict=True)
        }
        stored = answers.write(survey, [*last.values()], now=now, history=history)
        written = {(row.customer_id, row.id): row for row in stored}
    return [written[key] for key in keys]


def _invitation(survey: Survey, incoming: IncomingAnswer, via: Via, now: datetime) -> Invitation:
    customer = incoming.contact.customer_id if incoming.contact else incoming.customer_id
    assert customer is not None
    return Invitation(
        customer_id=customer,
        id=answer_id(survey, incoming.external_id) if incoming.external_id else uuid.uuid4(),
        survey=survey,
        contact=incoming.contact,
        via=via,
        state=InvitationState.SENT,
        created_at=now,
    )


def _with_customers(survey: Survey, given: Sequence[IncomingAnswer], now: datetime) -> list[IncomingAnswer]:
    """Give answers of strangers a provisional customer each, as anonymous visitors have one."""
    names = [None if answer.contact or answer.customer_id else _stranger(survey, answer) for answer in given]
    messages = [
        {"type": "identify", "anonymousId": name, "messageId": f"stranger:{name}", "timestamp": now.isoformat()}
        for name in names
        if name is not None
    ]
    if not messages:
        return list(given)
    # By ingestion, as for any anonymous visitor: the rules of identity stay in one place.
    ingest.record(messages, source=survey_events.source(now), now=now, internal=True)
    named = Identity.objects.filter(kind=IdentityKind.ANONYMOUS, value__in=[name for name in names if name])
    contacts = {row.value: row.contact for row in named.select_related("contact")}
    return [
        replace(answer, contact=contacts[name]) if name else answer for answer, name in zip(given, names, strict=True)
    ]


def _stranger(survey: Survey, incoming: IncomingAnswer) -> str:
    """Return an anonymous id for the person who gave an answer."""
    return f"survey:{answer_id(survey, incoming.external_id) if incoming.external_id else uuid.uuid4()}"
