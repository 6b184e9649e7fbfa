"""Colleagues are told which tasks others gave them, as long as these are open and theirs."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import notices
from core.models import NoticeSubject
from core.notices import Subject
from core.notices.kinds import Thing
from playbooks.models import Task
from staff.models import User

KIND = "task-assigned"


def tell(tasks: Iterable[Task], *, by: User | None, now: datetime) -> None:
    """Tell whoever is to do these tasks, in the caller's transaction: one notice each. Four queries at most."""
    told: dict[int, list[Subject]] = defaultdict(list)
    for task in tasks:
        if task.assignee_id is not None:
            told[task.assignee_id].append(Subject(task.customer_id, str(task.id)))
    notices.tell(KIND, told, key=f"{KIND}:{uuid.uuid4()}", by=None if by is None else by.pk, now=now)


class TasksAssigned:
    """The kind of notice (settings.NOTICES)."""

    label = gettext_lazy("Tasks assigned to me")

    def visible(self, subjects: "QuerySet[NoticeSubject]", person: User) -> "QuerySet[NoticeSubject]":
        own = Task.objects.visible_to(person).assigned_to(person).open()
        # Ids as texts: what another kind keeps as its item may be no UUID.
        named = own.annotate(name=Cast("id", TextField()))
        return subjects.filter(Exists(named.filter(customer=OuterRef("about"), name=OuterRef("item"))))

    def things(self, subjects: Sequence[NoticeSubject]) -> dict[int, Thing]:
        items = {row.item for row in subjects}
        titles = {str(pk): title for pk, title in Task.objects.filter(id__in=items).values_list("id", "title")}
        return {
            row.pk: Thing(titles[row.item], reverse("playbooks:task", args=[row.about, row.item]))
            for row in subjects
            if row.item in titles
        }

    def one(self, name: str, by: str) -> str:
        if by:
            return _("%(by)s gave you a task: %(task)s") % {"by": by, "task": name}
        return _("You have a new task: %(task)s") % {"task": name}

    def many(self, count: int, by: str) -> str:
        if by:
            text = ngettext("%(by)s gave you %(count)s task", "%(by)s gave you %(count)s tasks", count)
            return text % {"by": by, "count": count}
        return ngettext("You have %(count)s new task", "You have %(count)s new tasks", count) % {"count": count}
