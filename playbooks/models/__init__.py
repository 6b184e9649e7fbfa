from playbooks.models.calendar_feed import CalendarFeed
from playbooks.models.checklist import Checklist, ChecklistTemplate, TemplateItem
from playbooks.models.note_template import NoteTemplate
from playbooks.models.task import Task, TaskKind, TaskOrigin, TaskQuerySet, TaskState
from playbooks.models.task_change import TaskChange

__all__ = [
    "CalendarFeed",
    "Checklist",
    "ChecklistTemplate",
    "NoteTemplate",
    "Task",
    "TaskChange",
    "TaskKind",
    "TaskOrigin",
    "TaskQuerySet",
    "TaskState",
    "TemplateItem",
]
