"""What became of a task: who changed what, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.show import NOTHING, day
from customers.models import Contact
from playbooks.models import Task, TaskChange, TaskKind, TaskState
from staff.models import User

_HIDDEN = ("closed_at", "closed_by_id", "note")  # said by the state and by who changed it


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    by: User | None
    changes: list[str]


def load_history(task: Task) -> list[Entry]:
    """Return what was changed, newest first, its making last. Three queries at most."""
    found = TaskChange.objects.filter(customer=task.customer_id, task=task.id).select_related("by")
    rows = list(found.order_by("-at", "-id"))
    names = _names(rows)
    entries = [Entry(row.at, row.by, _sentences(row, names)) for row in rows]
    return [*entries, Entry(task.created_at, task.created_by, [_("Created")])]


def _sentences(change: TaskChange, names: dict[tuple[str, int], str]) -> list[str]:
    words = []
    for field, (before, after) in change.fields.items():
        if field in _HIDDEN or (field == "outcome" and not after):
            continue
        label = str(Task._meta.get_field(field.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]
        pair = {"field": label.capitalize(), "before": _word(field, before, names), "after": _word(field, after, names)}
        words.append(_("%(field)s: %(before)s → %(after)s") % pair)
    return words


def _word(field: str, value: Any, names: dict[tuple[str, int], str]) -> str:
    if value in (None, ""):
        return NOTHING
    if field in ("assignee_id", "contact_id"):
        return names.get((field, value), NOTHING)
    if field == "due_on":
        return day(date.fromisoformat(value))
    labels = {"kind": dict(TaskKind.choices), "state": dict(TaskState.choices)}
    return str(labels.get(field, {}).get(value, value))


def _names(rows: Sequence[TaskChange]) -> dict[tuple[str, int], str]:
    """Return whom the changes name: (field, id) → name. One query for each kind of people that is named."""
    named: dict[str, set[int]] = {"assignee_id": set(), "contact_id": set()}
    for row in rows:
        for field, ids in named.items():
            ids |= {pk for pk in row.fields.get(field, ()) if pk is not None}
    found: dict[tuple[str, int], str] = {}
    for field, model in (("assignee_id", User), ("contact_id", Contact)):
        if named[field]:
            found |= {(field, one.pk): str(one) for one in model._default_manager.filter(pk__in=named[field])}
    return found
