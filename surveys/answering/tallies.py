"""Daily counts of answers and of steps taken, added up in the transaction that writes the answer."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connection, transaction

from core.days import business_day
from surveys.models import Survey, Tally

Key = tuple[int, date, str, str]  # survey, day, name, value
SCORE, STEP = "score", "step"


class Step(StrEnum):
    """The way from asking to answering; `dropped:` and a reason stand beside it."""

    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    STARTED = "started"
    REPLIED = "replied"  # answered, of those who were asked
    ANSWERED = "answered"  # everyone who answered, invited or not
    FAILED = "failed"


_ADD = """
    INSERT INTO surveys_tally (survey_id, day, name, value, count)
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::text[], %s::int[])
    ON CONFLICT (survey_id, day, name, value) DO UPDATE SET count = surveys_tally.count + EXCLUDED.count
"""


def add(counts: Mapping[Key, int]) -> None:
    """Add to the counts, in the order of their keys so that two writers cannot deadlock. One query, none without."""
    rows = sorted((*key, count) for key, count in counts.items() if count)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])


def step(survey: int, day: date, step: Step | str, count: int = 1) -> Counter[Key]:
    return Counter({(survey, day, STEP, str(step)): count})


def answer_counts(survey: int, day: date, score: int | None, marks: Mapping[str, Any], sign: int = 1) -> Counter[Key]:
    """Return what an answer adds (or, with sign −1, takes away): its score, and each question's values but texts."""
    counts: Counter[Key] = Counter()
    if score is not None:
        counts[survey, day, SCORE, str(score)] += sign
    for key, mark in marks.items():
        for value in _values(mark):
            counts[survey, day, f"q:{key}", value] += sign
    return counts


def _values(mark: Any) -> list[str]:
    if isinstance(mark, int):
        return [str(mark)]
    if isinstance(mark, list):
        return mark
    # A text that is a short number is counted like a choice; results leave out the questions answered in words.
    return [mark] if isinstance(mark, str) and mark.isdecimal() and len(mark) < 3 else []


@transaction.atomic
def recount(survey: Survey) -> None:
    """Rebuild the counts of answers from the answers; those of steps stay. Writers wait until it is done."""
    # An answer written meanwhile would be counted twice, or not at all.
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE surveys_tally IN SHARE ROW EXCLUSIVE MODE")
    Tally.objects.filter(survey=survey).exclude(name=STEP).delete()
    counts: Counter[Key] = Counter()
    answers = survey.answers.values_list("answered_at", "score", "marks")
    for at, score, marks in answers.iterator(chunk_size=5_000):
        counts.update(answer_counts(survey.pk, business_day(at), score, marks))
    add(counts)
