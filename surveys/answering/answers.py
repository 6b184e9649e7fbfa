"""An answer becomes a row, an event, an input of health and a daily count, in one transaction.

One event for each invitation: a change rewrites the answer and the input, and keeps what was said before.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import days
from core.days import utc_day
from core.db import bulk
from customers.touch import touch
from surveys import kinds
from surveys.answering import inputs, survey_events, tallies
from surveys.answering.tallies import Step
from surveys.models import Answer, Invitation, Revision, Survey, Theme
from surveys.questionnaire import questions
from surveys.questionnaire.questions import InvalidAnswers, Marks

CHANGEABLE = timedelta(hours=24)
HASTY = timedelta(seconds=5)
CALLED_ABOUT = timedelta(days=90)  # an imported unhappy answer older than this needs no follow-up
_Key = tuple[int, UUID]  # an answer has that of its invitation: the customer, and an id


class Closed(Exception):
    """This invitation takes no answer, or no change of it, any more."""


@dataclass(frozen=True, slots=True)
class AnswerData:
    """What one person said, checked: marks as `questions.read` returns them."""

    invitation: Invitation
    marks: Marks
    at: datetime
    language: str = ""
    is_whole: bool = True  # False: a further step of the same answer, added to what was said


@dataclass(frozen=True, slots=True)
class _Change:
    """An answer as it stood, if it did, and as it stands now."""

    said: AnswerData
    before: Answer | None
    after: Answer
    old_marks: Marks = field(default_factory=dict)
    old_score: int | None = None


def submit(
    invitation: Invitation,
    said: Mapping[str, Sequence[str]],
    *,
    now: datetime,
    language: str = "",
    only: Collection[str] = (),
) -> Answer:
    """Take what a person sent from a form: texts by question key. Raises Closed and InvalidAnswers.

    `only` names the questions the form showed; what it did not show stays as it was. Sent twice at once, it is one
    answer: the invitation's row is locked.
    """
    survey = invitation.survey
    asked = [q for q in questions.load(survey.questions) if not only or q.key in only]
    marks = questions.read(asked, said)
    _refuse_empty(survey, asked, marks)
    return write(survey, [AnswerData(invitation, marks, now, language, is_whole=not only)], now=now)[0]


def _refuse_empty(survey: Survey, asked: Sequence[questions.Question], marks: Marks) -> None:
    if problems := questions.missing(survey.kind, asked, marks):
        raise InvalidAnswers(problems)
    if not marks and not any(question.shown_to for question in asked):
        raise InvalidAnswers({asked[0].key if asked else "": _("Please answer a question.")})


def write(survey: Survey, said: Sequence[AnswerData], *, now: datetime, history: bool = False) -> list[Answer]:
    """Write answers to one survey; return them as they stand. At most 30 queries, whatever the number.

    The answer's own invitations must stand. `history` declares past answers: each is known on the day it was given.
    Raises Closed when one comes too late: its survey closed, or its first answer older than a day.
    """
    survey_events.prepare(now)
    with transaction.atomic():
        open_day = days.lock_open_day(now)
        return _write(survey, said, now, open_day if not history else None)


def _write(survey: Survey, said: Sequence[AnswerData], now: datetime, open_day: Any) -> list[Answer]:
    locked = _locked([one.invitation for one in said])
    stand = _standing(locked)
    themes = list(Theme.objects.all())
    keys = [_key(one.invitation) for one in said]
    changes = [_changed(survey, one, locked[key], stand.get(key), themes) for one, key in zip(said, keys, strict=True)]
    real = [change for change in changes if change.before is None or change.old_marks != change.after.marks]
    if open_day is not None:
        _refuse_late(survey, real, now)
    for change in real if open_day is None else ():
        change.after.needs_care &= change.after.answered_at > now - CALLED_ABOUT
    _save(real)
    tallies.add(_counts(survey, real, locked))
    _note_answered(real, locked)
    survey_events.answered(
        survey, [change.after for change in real if change.before is None], now=now, history=open_day is None
    )
    if not survey.is_confidential:
        inputs.note(survey.kind, {change.after.customer_id for change in real}, open_day)
    touch(change.after.customer_id for change in real)
    return [change.after for change in changes]


def _locked(invitations: Sequence[Invitation]) -> dict[_Key, Invitation]:
    """Lock the invitations in order; whoever sends the same answer at the same time waits. One query."""
    customers, ids = {one.customer_id for one in invitations}, {one.id for one in invitations}
    rows = Invitation.objects.filter(customer_id__in=customers, id__in=ids).order_by("customer_id", "id")
    return {_key(row): row for row in rows.select_for_update(of=("self",))}


def _standing(locked: Mapping[_Key, Invitation]) -> dict[_Key, Answer]:
    rows = Answer.objects.filter(customer_id__in={c for c, _ in locked}, id__in={i for _, i in locked})
    return {_key(row): row for row in rows}


def _key(row: Invitation | Answer) -> _Key:
    return row.customer_id, row.id


def _refuse_late(survey: Survey, changes: Sequence[_Change], now: datetime) -> None:
    """Raise Closed for what would change anything too late; the survey may have been closed meanwhile. One query."""
    if not changes:
        return
    late = (change.before.answered_at <= now - CHANGEABLE for change in changes if change.before is not None)
    if not Survey.objects.get(pk=survey.pk).takes_answers(utc_day(now)) or any(late):
        raise Closed


def _changed(
    survey: Survey, said: AnswerData, invitation: Invitation, before: Answer | None, themes: Sequence[Theme]
) -> _Change:
    marks = said.marks if said.is_whole or before is None else {**before.marks, **said.marks}
    asked = questions.load(survey.questions)
    kind = kinds.get(survey.kind)
    score = kind.score(marks)
    group = kind.group_of(score)
    comment = questions.comment_in(asked, marks)
    row = before or Answer(
        customer_id=invitation.customer_id, id=invitation.id, survey=survey, contact_id=invitation.contact_id,
        kind=survey.kind, via=invitation.via, answered_at=said.at, language=said.language,
        is_hasty=invitation.sent_at is not None and said.at - invitation.sent_at < HASTY,
    )  # fmt: skip
    change = _Change(said, before, row, dict(row.marks), row.score)
    if before is not None and marks != before.marks:
        row.changed_at = said.at
    row.score, row.group, row.marks, row.comment = score, group.name if group else "", marks, comment
    row.themes = sorted({*row.themes, *themes_of(comment, themes)})
    row.needs_care = group is not None and group.is_unhappy and not survey.is_confidential
    return change


def themes_of(comment: str, themes: Sequence[Theme]) -> list[str]:
    """Return the names of the themes of which the comment has a word, or the beginning of one."""
    words = {word.strip(".,;:!?()«»“”\"'’").lower() for word in comment.split()}
    return [one.name for one in themes if any(word.startswith(w.lower()) for w in one.words if w for word in words)]


def _save(changes: Sequence[_Change]) -> None:
    """Write answers, new or over what stood, and keep what they said before. At most three queries."""
    bulk.insert([change.after for change in changes if change.before is None])
    again = [change for change in changes if change.before is not None]
    bulk.insert([_kept(change) for change in again])
    named = ["score", "group", "marks", "comment", "themes", "needs_care", "changed_at"]
    for change in again:
        change.after.save(update_fields=named)


def _kept(change: _Change) -> Revision:
    row = change.after
    return Revision(
        customer_id=row.customer_id, answer_id=row.id, at=change.said.at, score=change.old_score, marks=change.old_marks
    )


def _counts(survey: Survey, changes: Sequence[_Change], locked: Mapping[_Key, Invitation]) -> Counter[tallies.Key]:
    found: Counter[tallies.Key] = Counter()
    for change in changes:
        day = utc_day(change.after.answered_at)
        found.update(tallies.said(survey.pk, day, change.after.score, change.after.marks))
        if change.before is not None:
            found.update(tallies.said(survey.pk, day, change.old_score, change.old_marks, sign=-1))
            continue
        found.update(tallies.step(survey.pk, day, Step.ANSWERED))
        if locked[_key(change.after)].sent_at is not None:
            found.update(tallies.step(survey.pk, day, Step.REPLIED))
        if locked[_key(change.after)].started_at is None:
            found.update(tallies.step(survey.pk, day, Step.STARTED))
    return found


def _note_answered(changes: Sequence[_Change], locked: Mapping[_Key, Invitation]) -> None:
    """Say on the invitations that they were answered, and so started. One query, none without a first answer."""
    rows = [locked[_key(change.after)] for change in changes if change.before is None]
    for change in changes:
        row = locked[_key(change.after)]
        row.answered_at = row.answered_at or change.after.answered_at
        row.started_at = row.started_at or change.after.answered_at
    if rows:
        Invitation.objects.bulk_update(rows, ["answered_at", "started_at"])


def note_started(invitation: Invitation, *, now: datetime) -> None:
    """Note that somebody touched the form, once. Two queries."""
    with transaction.atomic():
        fresh = Invitation.objects.filter(
            customer_id=invitation.customer_id, id=invitation.id, started_at=None, answered_at=None
        ).update(started_at=now)
        if fresh:
            tallies.add(tallies.step(invitation.survey_id, utc_day(now), Step.STARTED))


def standing(invitation: Invitation) -> Answer | None:
    """Return what was answered to an invitation. One query."""
    return Answer.objects.filter(customer_id=invitation.customer_id, id=invitation.id).first()


def may_change(answer: Answer, *, now: datetime) -> bool:
    return now < answer.answered_at + CHANGEABLE
