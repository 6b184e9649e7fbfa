"""Who may be the same as another. They are proposed, never merged by themselves (docs/decisions/0042-duplicates.md)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from core.pagination import Column, Keyset, Page
from customers.finding.clusters import clusters
from customers.finding.likeness import Likeness, Sought, Why

SIZE = 20  # groups on a page
MOST = 50  # of one group; the others follow when some of these are merged or told apart
TWINS = 3
NEWEST_FIRST = Keyset((Column("newest", descending=True), Column("place")))


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Some who have something in common, the oldest first, and how many more there are than can be shown."""

    why: Sequence[Why]
    pks: Sequence[int]
    more: int


@dataclass(frozen=True, slots=True)
class Twin:
    pk: int
    name: str
    why: Sequence[Why]


def page(rows: QuerySet[Any], sought: Sought, cursor: str | None) -> Page[Any]:
    """Return the duplicates among the rows, those with the newest member first. Five queries at most. Raises BadCursor.

    The groups are formed anew for each page, from indexes alone where the rows are all that are listed.
    """
    groups = _groups(rows, sought, cursor)
    shown = groups[:SIZE]
    next_cursor = NEWEST_FIRST.cursor(shown[-1]) if len(groups) > SIZE else None
    return Page(_duplicates(rows, sought, shown), next_cursor, is_first=not cursor)


def twins(row: Any, rows: QuerySet[Any], sought: Sought) -> list[Twin]:
    """Return some of the rows that look like this one and were not told apart from it. One query."""
    apart = sought.apart._default_manager
    own = type(row)._default_manager.filter(pk=row.pk)
    parts = [
        likeness.among(rows)
        .filter(key=Subquery(own.annotate(key=likeness.key("")).values("key")))
        .filter(**{f"{name}_id": getattr(row, f"{name}_id") for name in likeness.within})
        .exclude(pk=row.pk)
        .exclude(pk__in=apart.filter(first=row.pk).values("second_id"))
        .exclude(pk__in=apart.filter(second=row.pk).values("first_id"))
        # Without an order: PostgreSQL would walk the primary key for it, which takes longer than all of a group.
        .values_list("pk", sought.called, Value(str(likeness.why)))[:MOST]
        for likeness in sought.likenesses
    ]
    found: dict[tuple[int, str], list[Why]] = defaultdict(list)
    for pk, name, why in parts[0].union(*parts[1:], all=True):
        found[pk, name].append(Why(why))
    return [Twin(pk, name, why) for (pk, name), why in sorted(found.items())[:TWINS]]


def _groups(rows: QuerySet[Any], sought: Sought, cursor: str | None) -> list[Any]:
    """Return the groups after the cursor, one more than a page has: newest, place, size. One query."""
    newest, place = NEWEST_FIRST.position(cursor) if cursor else (None, 0)
    parts = []
    for at, likeness in enumerate(sought.likenesses):
        part = _grouped(rows, sought, likeness)
        if newest is not None:
            part = part.filter(Q(newest__lte=newest) if at > place else Q(newest__lt=newest))
        parts.append(part.annotate(place=Value(at)).values_list("newest", "place", "size", named=True))
    return list(parts[0].union(*parts[1:], all=True).order_by("-newest", "place")[: SIZE + 1])


def _grouped(rows: QuerySet[Any], sought: Sought, likeness: Likeness) -> QuerySet[Any]:
    """Return the groups of those who are alike, with at least one pair that was not told apart."""
    apart = sought.apart._default_manager
    told = (
        apart.filter(second=OuterRef("pk"), first__in=rows.order_by().values("pk"))
        .annotate(key=likeness.key("first__"))
        .filter(key=OuterRef("key"), **{f"first__{name}": OuterRef(name) for name in likeness.within})
        .order_by()
        .values("second")
        .annotate(n=Count("pk"))
        .values("n")
    )
    # Looked up for those few alone who were told apart from anybody.
    pairs = Case(When(pk__in=apart.values("second_id"), then=Coalesce(Subquery(told), 0)), default=0)
    return (
        likeness.repeated_among(rows)
        .values("key", *likeness.within)
        .annotate(newest=Max("pk"), size=Count("pk"), told_apart=Sum(pairs))
        .filter(size__gt=1, told_apart__lt=F("size") * (F("size") - 1) / 2)
    )


def _duplicates(rows: QuerySet[Any], sought: Sought, groups: Sequence[Any]) -> list[Duplicates]:
    members = {
        at: _members(rows, likeness, [group.newest for group in groups if group.place == at])
        for at, likeness in enumerate(sought.likenesses)
    }
    pks = {pk for by_newest in members.values() for some in by_newest.values() for pk in some}
    pairs = sought.apart._default_manager.filter(first__in=pks, second__in=pks)
    apart = set(pairs.values_list("first_id", "second_id"))
    found: dict[tuple[int, ...], list[Why]] = defaultdict(list)
    more: dict[tuple[int, ...], int] = {}
    for group in groups:
        some = members[group.place].get(group.newest, [])
        for cluster in clusters(some, apart):
            found[tuple(cluster)].append(sought.likenesses[group.place].why)
            more[tuple(cluster)] = group.size - len(some)
    return [Duplicates(why, cluster, more[cluster]) for cluster, why in found.items()]


def _members(rows: QuerySet[Any], likeness: Likeness, newest: Sequence[int]) -> Mapping[int, list[int]]:
    """Return newest → the members of its group, MOST of them, the oldest. One query; none without groups."""
    if not newest:
        return {}
    keyed = likeness.among(rows)
    named = keyed.filter(pk__in=newest)
    same = {f"{name}__in": named.values(name) for name in ("key", *likeness.within)}
    group: dict[str, Any] = {"partition_by": [F(name) for name in ("key", *likeness.within)]}
    ranked = keyed.filter(**same).annotate(
        newest=Window(Max("pk"), **group), rank=Window(RowNumber(), order_by="pk", **group)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for at, pk in ranked.filter(rank__lte=MOST).values_list("newest", "pk"):
        found[at].append(pk)
    return found
