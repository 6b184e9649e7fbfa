"""Answers as events, one for each invitation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from events import event_types, own
from events.models import Channel, Source
from surveys.models import Answer, Survey

EVENT = "Survey answered"
UNSUBSCRIBED = "Email unsubscribed"


def source(now: datetime) -> Source:
    """Return the source of what people say in surveys. One query."""
    return own.source("Surveys", Channel.SURVEY, now=now)


def prepare(now: datetime) -> None:
    """Write the small shared rows that events need, before the transaction that stores them. Two queries."""
    event_types.register({EVENT, UNSUBSCRIBED}, source=source(now), now=now)


def answered(survey: Survey, answers: Sequence[Answer], *, now: datetime, history: bool) -> None:
    """Store the events of first answers. Events of confidential surveys name neither contact, answer nor score."""
    if not answers:
        return
    who = (
        {}
        if survey.is_confidential
        else own.person_names({answer.contact_id for answer in answers if answer.contact_id})
    )
    messages = [_event(survey, answer, who.get(answer.contact_id, {})) for answer in answers]
    own.store(messages, source=source(now), now=now, history=history)


def _event(survey: Survey, answer: Answer, person: dict[str, str]) -> dict[str, Any]:
    details = {} if survey.is_confidential else {"answer": str(answer.id), "score": answer.score}
    return own.track(
        EVENT,
        message_id=f"invitation:{answer.id}",
        customer=answer.customer_id,
        at=answer.answered_at,
        properties={"survey": survey.name, "kind": survey.kind, **details},
        person=person,
    )
