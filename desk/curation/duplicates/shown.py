"""What the pages show of duplicates: those proposed, and the notice on the page of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import pagination
from customers.finding import duplicates
from customers.finding.duplicates import Twin
from customers.finding.likeness import Why
from customers.models import Customer
from desk.curation.duplicates import kinds
from desk.curation.duplicates.kinds import Kind
from desk.curation.duplicates.merging import merge_page
from staff.models import User


@dataclass(frozen=True, slots=True)
class Other:
    """One that may be the same as the first of its group, and where the two are merged."""

    row: Any
    merge: str


@dataclass(frozen=True, slots=True)
class Group:
    why: Sequence[Why]
    first: Any  # the oldest
    others: Sequence[Other]
    more: int  # than are shown


def load_page(kind: Kind, user: User, cursor: str | None, today: date) -> pagination.Page[Any]:
    """Return a page of groups. Six queries at most, whatever the number. Raises BadCursor."""
    page = duplicates.page(kind.visible_to(user), kind.sought, cursor)
    rows = kind.load([pk for group in page.rows for pk in group.pks], today)
    groups = []
    for found in page.rows:
        # Without those who were deleted meanwhile.
        first, *others = [rows[pk] for pk in found.pks if pk in rows] or [None]
        if others:
            shown = [Other(row, merge_page(first, row)) for row in others]
            groups.append(Group(found.why, first, shown, found.more))
    return pagination.Page(groups, page.next_cursor, page.is_first)


def load_twins(row: Any, user: User) -> Sequence[tuple[Twin, str]]:
    """Return who may be the same as a customer or contact, and where the two are merged. One query.

    None for one that stands in no list.
    """
    is_customer = isinstance(row, Customer)
    if row.provisional if is_customer else row.customer.provisional:
        return []
    kind = kinds.CUSTOMERS if is_customer else kinds.CONTACTS
    found = duplicates.twins(row, kind.visible_to(user), kind.sought)
    return [(twin, merge_page(row, twin)) for twin in found]
