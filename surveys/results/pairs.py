"""The same contacts over time: each contact's last answer against their own before it."""

from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import Lag, RowNumber

from surveys import kinds
from surveys.models.answer import AnswerQuerySet
from surveys.results import statistics
from surveys.results.statistics import Change

_COUNTED = (
    "SELECT before, score, count(*) FROM ({answers}) AS said WHERE newest = 1 AND before IS NOT NULL GROUP BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class Again:
    """How many answered twice or more, and what changed for them; better, same and worse add up to `n`."""

    n: int
    better: int
    same: int
    worse: int
    change: Change | None  # None: nobody, or the survey has no score


def compare(answers: AnswerQuerySet, kind: str) -> Again:
    """Compare each contact's last answer with the one before. One query; a row for each pair of scores."""
    own = F("contact")
    known = answers.exclude(contact=None).exclude(score=None).order_by()
    rows = known.annotate(
        before=Window(Lag("score"), partition_by=own, order_by=("answered_at", "id")),
        newest=Window(RowNumber(), partition_by=own, order_by=("-answered_at", "-id")),
    ).values("before", "score", "newest")
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(answers=sql), params)
        return _compared({(before, after): count for before, after, count in cursor.fetchall()}, kind)


def _compared(changes: dict[tuple[int, int], int], kind: str) -> Again:
    survey_kind = kinds.get(kind)
    pairs: Counter[tuple[float, float]] = Counter()
    for (before, after), count in changes.items():
        pairs[survey_kind.worth(before), survey_kind.worth(after)] += count
    n = sum(changes.values())
    better = sum(count for (before, after), count in changes.items() if after > before)
    same = sum(count for (before, after), count in changes.items() if after == before)
    change = statistics.paired_change(pairs, survey_kind.range) if n and survey_kind.has_score else None
    return Again(n, better, same, n - better - same, change)
