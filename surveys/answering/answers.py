"""An answer becomes a row, an event, an input of health and a daily count, in one transaction.

One event for each invitation: a change rewrites the answer and the input, and keeps the former one as a revision.
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
from core.days import business_day
from core.db import bulk
from customers import change_feed
from surveys import kinds
from surveys.answering import inputs, notices, survey_events, tallies
from surveys.answering.tallies import Step
from surveys.models import Answer, Invitation, Revision, Survey, Theme
from surveys.questionnaire import questions
from surveys.questionnaire.questions import InvalidAnswers, Marks

CHANGEABLE = timedelta(hours=24)
HASTY = timedelta(seconds=5)  # a mail scanner that clicks, perhaps: people need longer to open a mail
CALLED_ABOUT = timedelta(days=90)  # an imported unhappy answer older than this needs no follow-up
_Key = tuple[int, UUID]  # an answer has that of its invitation: the customer, and an id


class Closed(Exception):
    """This invitation takes no answer, or no change of it, any more."""


@dataclass(frozen=True, slots=True)
class AnswerData:
    """What one person answered, checked: marks as `questions.read` returns them."""

    invitation: Invitation
    marks: Marks
    at: datetime
    language: str = ""
    is_whole: bool = True  # False: a further step of the same answer, added to its marks


@dataclass(frozen=True, slots=True)
class _Change:
    """An answer as it stood, if it did, and as it stands now."""

    data: AnswerData
    before: Answer | None
    after: Answer
    old_marks: Marks = field(default_factory=dict)
    old_score: int | None = None


def submit(
    invitation: Invitation,
    values: Mapping[str, Sequence[str]],
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
    shown = [q for q in questions.load(survey.questions) if not only or q.key in only]
    marks = questions.read(shown, values)
    _refuse_empty(survey, shown, marks)
    return write(survey, [AnswerData(invitation, marks, now, language, is_whole=not only)], now=now)[0]


def _refuse_empty(survey: Survey, shown: Sequence[questions.Question], marks: Marks) -> None:
    if problems := questions.missing(survey.kind, shown, marks):
        raise InvalidAnswers(problems)
    # A further step, whose questions only one group sees, may be left empty.
    if not marks and not any(question.shown_to for question in shown):
        raise InvalidAnswers({shown[0].key if shown else "": _("Please answer a question.")})


def write(survey: Survey, data: Sequence[AnswerData], *, now: datetime, history: bool = False) -> list[Answer]:
    """Write answers to one survey; return them as they stand. At most 30 queries, and one for each answer changed.

    The answer's own invitations must stand. `history` declares past answers: each is known on the day it was given.
    Raises Closed when one comes too late: its survey closed, or its first answer older than a day.
    """
    survey_events.prepare(now)
    with transaction.atomic():
        open_day = days.lock_open_day(now)
        return _write(survey, data, now, open_day if not history else None)


def _write(survey: Survey, data: Sequence[AnswerData], now: datetime, open_day: Any) -> list[Answer]:
    # Locked before answers are read: of two senders of one answer, the second sees what the first wrote.
    locked = _locked([given.invitation for given in data])
    stand = _standing(locked)
    themes = list(Theme.objects.all())
    keys = [_key(given.invitation) for given in data]
    changes = [
        _changed(survey, given, locked[key], stand.get(key), themes) for given, key in zip(data, keys, strict=True)
    ]
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
    if not survey.is_confidential:  # a customer's health would give the answer away
        inputs.note(survey.kind, {change.after.customer_id for change in real}, open_day)
    change_feed.note(change.after.customer_id for change in real)
    if open_day is not None:  # what is declared as past is no news
        notices.tell([change.after for change in real if change.after.needs_care], now=now)
    return [change.after for change in changes]


def _locked(invitations: Sequence[Invitation]) -> dict[_Key, Invitation]:
    """Lock the invitations in order; a second sender of the same answer waits. One query."""
    customers, ids = (
        {invitation.customer_id for invitation in invitations},
        {invitation.id for invitation in invitations},
    )
    rows = Invitation.objects.filter(customer_id__in=customers, id__in=ids).order_by("customer_id", "id")
    return {_key(row): row for row in rows.select_for_update(of=("self",))}


def _standing(locked: Mapping[_Key, Invitation]) -> dict[_Key, Answer]:
    rows = Answer.objects.filter(customer_id__in={c for c, _ in locked}, id__in={i for _, i in locked})
    return {_key(row): row for row in rows}


def _key(row: Invitation | Answer) -> _Key:
    return row.customer_id, row.id


def _refuse_late(survey: Survey, changes: Sequence[_Change], now: datetime) -> None:
    """Raise Closed for a change that comes too late; the survey may have been closed meanwhile. One query."""
    if not changes:
        return
    late = (change.before.answered_at <= now - CHANGEABLE for change in changes if change.before is not None)
    if not Survey.objects.get(pk=survey.pk).takes_answers(business_day(now)) or any(late):
        raise Closed


def _changed(
    survey: Survey, data: AnswerData, invitation: Invitation, before: Answer | None, themes: Sequence[Theme]
) -> _Change:
    marks = data.marks if data.is_whole or before is None else {**before.marks, **data.marks}
    survey_questions = questions.load(survey.questions)
    kind = kinds.get(survey.kind)
    score = kind.score(marks)
    group = kind.group_of(score)
    comment = questions.comment_in(survey_questions, marks)
    row = before or Answer(
        customer_id=invitation.customer_id, id=invitation.id, survey=survey, contact_id=invitation.contact_id,
        kind=survey.kind, via=invitation.via, answered_at=data.at, language=data.language,
        is_hasty=invitation.sent_at is not None and data.at - invitation.sent_at < HASTY,
    )  # fmt: skip
    change = _Change(data, before, row, dict(row.marks), row.score)
    if before is not None and marks != before.marks:
        row.changed_at = data.at
    row.score, row.group, row.marks, row.comment = score, group.name if group else "", marks, comment
    row.themes = sorted({*row.themes, *themes_of(comment, themes)})
    row.needs_care = group is not None and group.is_unhappy and not survey.is_confidential
    return change


def themes_of(comment: str, themes: Sequence[Theme]) -> list[str]:
    """Return the names of the themes of which the comment has a word, or the beginning of one."""
    # Plain beginnings of words instead of stemming: colleagues write them, in any language.
    words = {word.strip(".,;:!?()«»“”\"'’").lower() for word in comment.split()}
    return [
        theme.name for theme in themes if any(word.startswith(w.lower()) for w in theme.words if w for word in words)
    ]


def _save(changes: Sequence[_Change]) -> None:
    """Write new and changed answers, and keep the former marks of these. Two queries, and one for each changed."""
    bulk.insert([change.after for change in changes if change.before is None])
    again = [change for change in changes if change.before is not None]
    bulk.insert([_kept(change) for change in again])
    named = ["score", "group", "marks", "comment", "search", "themes", "needs_care", "changed_at"]
    # One by one: few change at a time, and the CASE of bulk_update costs the square of their number.
    for change in again:
        change.after.save(update_fields=named)


def _kept(change: _Change) -> Revision:
    row = change.after
    return Revision(
        customer_id=row.customer_id, answer_id=row.id, at=change.data.at, score=change.old_score, marks=change.old_marks
    )


def _counts(survey: Survey, changes: Sequence[_Change], locked: Mapping[_Key, Invitation]) -> Counter[tallies.Key]:
    counts: Counter[tallies.Key] = Counter()
    for change in changes:
        day = business_day(change.after.answered_at)
        counts.update(tallies.answer_counts(survey.pk, day, change.after.score, change.after.marks))
        if change.before is not None:
            counts.update(tallies.answer_counts(survey.pk, day, change.old_score, change.old_marks, sign=-1))
            continue
        counts.update(tallies.step(survey.pk, day, Step.ANSWERED))
        if locked[_key(change.after)].sent_at is not None:
            counts.update(tallies.step(survey.pk, day, Step.REPLIED))
        # Without JavaScript the page cannot report the first touch: it is counted with the answer.
        if locked[_key(change.after)].started_at is None:
            counts.update(tallies.step(survey.pk, day, Step.STARTED))
    return counts


def _note_answered(changes: Sequence[_Change], locked: Mapping[_Key, Invitation]) -> None:
    """Mark the invitations as answered, and so as started. One query, none without a first answer."""
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
        # The condition counts a form once, however many tabs it is open in.
        fresh = Invitation.objects.filter(
            customer_id=invitation.customer_id, id=invitation.id, started_at=None, answered_at=None
        ).update(started_at=now)
        if fresh:
            tallies.add(tallies.step(invitation.survey_id, business_day(now), Step.STARTED))


def standing(invitation: Invitation) -> Answer | None:
    """Return what was answered to an invitation. One query."""
    return Answer.objects.filter(customer_id=invitation.customer_id, id=invitation.id).first()


def may_change(answer: Answer, *, now: datetime) -> bool:
    return now < answer.answered_at + CHANGEABLE
