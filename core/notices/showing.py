"""Notices in words: of the things the reader may see now, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Window
from django.urls import reverse

from core.models import Notice, NoticeSubject
from core.notices import kinds
from core.notices.kinds import Kind, Thing


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as its reader sees it: a sentence, how many things it is of, and where it leads."""

    notice: Notice
    text: str
    count: int
    address: str


def load(notices: Sequence[Notice], person: Any) -> list[Shown]:
    """Return notices in words, in their order, less those of which the person may see nothing.

    Each needs its `by`. Two queries for each kind among them.
    """
    offered = kinds.load()
    shown: dict[int, Shown] = {}
    for name in dict.fromkeys(notice.kind for notice in notices):
        if (kind := offered.get(name)) is not None:
            shown |= _of_kind(kind, [notice for notice in notices if notice.kind == name], person)
    return [shown[notice.pk] for notice in notices if notice.pk in shown]


def things(notice: Notice, subjects: Sequence[NoticeSubject]) -> list[Thing]:
    """Return what subjects of a notice are called, in their order. One query at most."""
    named = kinds.load()[notice.kind].things(subjects)
    return [named[subject.pk] for subject in subjects if subject.pk in named]


def _of_kind(kind: Kind, notices: Sequence[Notice], person: Any) -> dict[int, Shown]:
    rows = kind.visible(NoticeSubject.objects.filter(notice__in=notices), person)
    # The first of each notice stands for it; how many there are comes along.
    counted = rows.annotate(among=Window(Count("pk"), partition_by=[F("notice")]))
    firsts = {row.notice_id: row for row in counted.order_by("notice", "pk").distinct("notice")}
    named = kind.things(list(firsts.values()))
    shown = {}
    for notice in notices:
        first = firsts.get(notice.pk)
        if first is not None and (thing := named.get(first.pk)) is not None:
            shown[notice.pk] = _shown(kind, notice, first.among, thing)
    return shown


def _shown(kind: Kind, notice: Notice, count: int, thing: Thing) -> Shown:
    by = "" if notice.by is None else str(notice.by)
    if count == 1:
        return Shown(notice, kind.one(thing.name, by), 1, thing.address)
    return Shown(notice, kind.many(count, by), count, reverse("notices:one", args=[notice.pk]))
