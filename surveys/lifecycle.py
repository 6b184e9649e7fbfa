"""Surveys: created, changed, started, closed, copied. A running survey's questions only change by a new version."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.days import business_day
from core.web import pictures
from staff.models import User
from surveys.models import Logo, Survey, SurveyStatus, Wave
from surveys.questionnaire import checking, templates
from surveys.questionnaire.questions import dump

# What may change while it runs: nothing that answers were given to.
ALWAYS = ("name", "colour", "logo_id", "closes_on", "reminder_days", "widget_origins")
FIELDS = (*ALWAYS, "languages", "texts", "questions", "basis", "is_confidential")
_COPIED = (*FIELDS, "kind")


class InvalidState(ValueError):
    """A step that the survey's state does not allow; the message says what is possible."""


def create(template: str, *, name: str = "", now: datetime, by: User | None) -> Survey:
    """Return a draft of one of `templates.TEMPLATES`, in all languages. Raises KeyError."""
    chosen = templates.TEMPLATES[template]
    languages = templates.languages()
    return Survey.objects.create(
        name=name or str(chosen.label),
        kind=chosen.kind,
        languages=languages,
        texts=templates.texts(chosen, languages),
        questions=dump(templates.questions_of(chosen, languages)),
        owner=by,
        created_at=now,
    )


@transaction.atomic
def change(survey: Survey, values: Mapping[str, Any]) -> Survey:
    """Change any of FIELDS; of what runs, any of ALWAYS. Raises ValidationError (by field) and InvalidState."""
    # Locked: a start between reading and saving would let the questions of a running survey change.
    row = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if unknown := set(values) - {*FIELDS}:
        raise ValueError(f"A survey has no field {sorted(unknown)[0]!r}. Fields: {', '.join(FIELDS)}.")
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    if row.status != SurveyStatus.DRAFT and changed - {*ALWAYS}:
        raise InvalidState(
            _("The survey is running, so its questions cannot change. Make a new version to change them.")
        )
    for name in changed:
        setattr(row, name, values[name])
    if problems := checking.problems(row):
        raise ValidationError(problems)
    row.save(update_fields=[*changed])
    return row


@transaction.atomic
def start(survey: Survey, *, now: datetime) -> Survey:
    """Make a draft ask and take answers, in one transaction; the version before it is closed. Raises InvalidState."""
    row = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if row.status != SurveyStatus.DRAFT:
        raise InvalidState(_("Only a draft can be started."))
    if problems := checking.problems(row):
        raise InvalidState(" ".join(words for texts in problems.values() for words in texts))
    if row.closes_on is not None and row.closes_on < business_day(now):
        raise InvalidState(_("Its last day is over. Choose a later one."))
    row.status, row.started_at = SurveyStatus.RUNNING, now
    row.save(update_fields=["status", "started_at"])
    if row.before_id is not None:
        _close(Survey.objects.filter(pk=row.before_id), now)
    return row


@transaction.atomic
def close(survey: Survey, *, now: datetime) -> None:
    """Stop taking answers and sending; its distributions end. Its answers stay. Raises InvalidState."""
    if not _close(Survey.objects.filter(pk=survey.pk), now):
        raise InvalidState(_("Only a running survey can be closed."))


@transaction.atomic
def close_what_is_over(*, now: datetime) -> int:
    """Close what runs and has had its last day; return how many. Idempotent."""
    return _close(Survey.objects.filter(closes_on__lt=business_day(now)), now)


def _close(surveys: Any, now: datetime) -> int:
    # The ids are read once: after the first UPDATE the same filter would find none.
    ids = list(surveys.filter(status=SurveyStatus.RUNNING).values_list("pk", flat=True))
    if ids:
        Survey.objects.filter(pk__in=ids).update(status=SurveyStatus.CLOSED, closed_at=now)
        Wave.objects.filter(survey__in=ids, ended_at=None).update(ended_at=now)
    return len(ids)


def copy(survey: Survey, *, now: datetime, by: User | None) -> Survey:
    """Return a draft with the same questions and texts, independent of the survey it was copied from."""
    fields = {name: getattr(survey, name) for name in _COPIED}
    named = _("Copy of %(name)s") % {"name": survey.name}
    # A last day is of one survey: a copy of a survey that is over could not be started.
    return Survey.objects.create(**{**fields, "name": named[:100], "closes_on": None, "owner": by, "created_at": now})


@transaction.atomic
def new_version(survey: Survey, *, now: datetime, by: User | None) -> Survey:
    """Return the draft that will take this survey's place when it starts: the one that stands, else a new one.

    Idempotent until that draft is started or deleted. Raises InvalidState for a draft.
    """
    # Locked: of two colleagues at once, the second gets the first one's draft. `before` is unique, so it would fail to
    # make another.
    Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    stands: Survey | None = Survey.objects.filter(before=survey).first()
    if stands is not None:
        return stands
    if survey.status == SurveyStatus.DRAFT:
        raise InvalidState(_("This is a draft: change it as it is."))
    fields = {name: getattr(survey, name) for name in _COPIED}
    version = survey.version + 1
    return Survey.objects.create(
        **{**fields, "closes_on": None, "version": version, "before": survey, "owner": by, "created_at": now}
    )


@transaction.atomic
def delete(survey: Survey) -> None:
    """Delete a draft. Raises InvalidState for a survey that ran: its answers stay readable."""
    if survey.status != SurveyStatus.DRAFT:
        raise InvalidState(_("Only a draft can be deleted. Close it instead: its answers stay."))
    survey.delete()


def keep_logo(body: bytes) -> Logo:
    """Store a picture; the same one is stored once. Raises ValidationError."""
    kind = pictures.kind_of(body)
    digest = hashlib.sha256(body).hexdigest()
    # By digest: versions and copies show the same picture, and its address never changes what it shows.
    return Logo.objects.get_or_create(digest=digest, defaults={"kind": kind, "body": body})[0]
