"""Reading notices: which of them a colleague may see, how many are unread, marked as read, muted, forgotten."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.models import Notice, NoticeMute, NoticeSubject
from core.notices import kinds

MANY = 99  # counted exactly up to here
KEPT = timedelta(days=90)  # after it was read
KEPT_UNREAD = timedelta(days=365)  # nobody reads it any more, and it need not be counted for ever


def visible_to(person: Any, *, only: Collection[str] | None = None) -> QuerySet[Notice]:
    """Return the notices of a person of which they may see at least one thing now; `only` of some kinds.

    Of a kind that no app offers any more none are shown.
    """
    shown = Q(pk__in=[])
    for name, kind in kinds.load().items():
        if only is not None and name not in only:
            continue
        own = NoticeSubject.objects.filter(notice=OuterRef("pk"), kind=name)
        # In this order, which PostgreSQL keeps: only the notices of a kind are asked its question.
        shown |= Q(kind=name) & Q(Exists(kind.visible(own, person)))
    return Notice.objects.filter(shown, person=person)


def unread(person: Any) -> int:
    """Return how many notices are unread, at most one more than MANY. Two queries; one where nothing is unread.

    Whether a thing may be seen is asked by each kind in its own way: to write that down for all of them would cost
    every page more time than to ask first which kinds there are.
    """
    waiting = Notice.objects.filter(person=person, is_read=False)
    present = set(waiting.order_by().values_list("kind", flat=True).distinct())
    return visible_to(person, only=present).filter(is_read=False)[: MANY + 1].count() if present else 0


@transaction.atomic
def mark_read(person: Any, notices: Collection[int], *, now: datetime) -> int:
    """Mark notices of a person, by id, as read; return how many were not. At most two queries."""
    return _mark(Notice.objects.filter(pk__in=notices), person, now)


@transaction.atomic
def mark_all_read(person: Any, *, up_to: int, now: datetime) -> int:
    """Mark all notices of a person as read that were there when the one of this id was the last; return how many."""
    return _mark(Notice.objects.filter(pk__lte=up_to), person, now)


@transaction.atomic
def mute(person: Any, muted: Collection[str], *, now: datetime) -> None:
    """Have a person told of all kinds but these. What is unread of these is read; what comes is not written at all."""
    NoticeMute.objects.filter(person=person).exclude(kind__in=muted).delete()
    NoticeMute.objects.bulk_create(
        [NoticeMute(person=person, kind=kind) for kind in sorted(muted)], ignore_conflicts=True
    )
    _mark(Notice.objects.filter(kind__in=muted), person, now)


def muted_by(person: Any) -> set[str]:
    return set(NoticeMute.objects.filter(person=person).values_list("kind", flat=True))


def forget(*, now: datetime) -> int:
    """Drop what was read long ago, and what nobody read for a year; return how many rows."""
    old = Q(read_at__lt=now - KEPT) | Q(read_at=None, at__lt=now - KEPT_UNREAD)
    # The index of times finds the few that can be old enough.
    return Notice.objects.filter(old, at__lt=now - KEPT).delete()[0]


def _mark(rows: QuerySet[Notice], person: Any, now: datetime) -> int:
    unread = list(
        rows.filter(person=person, read_at=None).order_by("pk").select_for_update().values_list("pk", flat=True)
    )
    if unread:
        Notice.objects.filter(pk__in=unread).update(read_at=now)
        NoticeSubject.objects.filter(notice__in=unread, is_unread=True).update(is_unread=False)
    return len(unread)
