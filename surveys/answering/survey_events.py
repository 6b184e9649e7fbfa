"""Answers as events: one for each invitation, told with the answer that caused it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from events import event_types
from events.models import Channel, Source
from records import people, rows
from surveys.models import Answer, Survey

EVENT = "Survey answered"
UNSUBSCRIBED = "Email unsubscribed"


def source(now: datetime) -> Source:
    """Return the source of what people say in surveys. One query."""
    made = {"kind": Source.Kind.RECORDS, "channel": Channel.SURVEY, "created_at": now}
    return Source.objects.get_or_create(name="Surveys", defaults=made)[0]


def prepare(now: datetime) -> None:
    """Write the small shared rows that events need, before the transaction that stores them. Two queries."""
    event_types.register({EVENT, UNSUBSCRIBED}, source=source(now), now=now)


def answered(survey: Survey, answers: Sequence[Answer], *, now: datetime, history: bool) -> None:
    """Store the events of first answers. What was said in confidence names neither person, answer nor score."""
    if not answers:
        return
    who = {} if survey.is_confidential else people.named({one.contact_id for one in answers if one.contact_id})
    messages = [_event(survey, one, who.get(one.contact_id, {})) for one in answers]
    rows.tell(messages, source(now), now=now, history=history)


def _event(survey: Survey, answer: Answer, who: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {} if survey.is_confidential else {"answer": str(answer.id)}
    if answer.score is not None and not survey.is_confidential:
        said |= {"score": answer.score}
    return {
        "type": "track",
        "event": EVENT,
        "messageId": f"invitation:{answer.id}",
        "timestamp": answer.answered_at.isoformat(),
        "customer": answer.customer_id,
        "properties": {"survey": survey.name, "kind": survey.kind, **said},
        **who,
    }
