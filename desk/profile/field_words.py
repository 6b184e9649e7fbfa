"""Values of a customer's or contact's fields as a reader takes them: names for ids, words for what is empty."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Value
from django.utils.translation import gettext as _

from core.templatetags.show import NOTHING
from core.templatetags.show import day as day_in_words
from customers.models import Customer, Stage
from staff.models import Team, User

_REFERS_TO = {"owner_id": "user", "second_owner_id": "user", "team_id": "team", "parent_id": "customer"}


class FieldWords:
    """Write ids as names, of colleagues, teams and customers. A customer the reader may not see stays a number.

    `fields`: name of a field, and values it has or had. One query; none where all names are among those `loaded`.
    """

    def __init__(
        self, fields: Iterable[tuple[str, Sequence[Any]]], *, user: User, loaded: Iterable[User | Team | None] = ()
    ) -> None:
        wanted = {
            (_REFERS_TO[field], value)
            for field, values in fields
            if field in _REFERS_TO
            for value in values
            if isinstance(value, int)
        }
        self._names = {("team" if isinstance(row, Team) else "user", row.pk): row.name for row in loaded if row}
        self._read(wanted - set(self._names), user)

    def _read(self, wanted: set[tuple[str, int]], user: User) -> None:
        """Read the names of three tables in one query; none when all are known."""
        tables = {"user": User.objects.all(), "team": Team.objects.all(), "customer": Customer.objects.visible_to(user)}
        if not wanted:
            return
        queries = [
            rows.filter(pk__in=[pk for table, pk in wanted if table == kind])
            .order_by()
            .annotate(kind=Value(kind))
            .values_list("kind", "pk", "name")
            for kind, rows in tables.items()
            if any(table == kind for table, _ in wanted)
        ]
        first, *others = queries
        rows = first.union(*others, all=True) if others else first
        self._names |= {(kind, pk): name for kind, pk, name in rows}

    def word(self, field: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return NOTHING
        if kind := _REFERS_TO.get(field):
            return self._names.get((kind, value), f"#{value}")
        if field == "stage":
            return str(dict(Stage.choices).get(value, value))
        if field == "churned_on":
            return day_in_words(date.fromisoformat(value) if isinstance(value, str) else value)
        return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return str(value)
