"""What a task tells: done, it is an event of its customer."""

from collections.abc import Iterator
from datetime import date

from playbooks.models import Task, TaskKind
from records.telling.happening import Happening, has_come
from records.telling.kind import Kind

DONE = "Task done"
EVENTS = {
    TaskKind.CALL: "Task done: call",
    TaskKind.MEETING: "Task done: meeting",
    TaskKind.MAIL: "Task done: email",
    TaskKind.OTHER: DONE,
}
TOUCHES = tuple(name for name in EVENTS.values() if name != DONE)


def events_of(task: Task, today: date) -> Iterator[Happening]:
    """Yield that it was done: as a touch where it reached the customer, unless a note tells of that already."""
    if task.is_done and task.closed_at is not None and has_come(task.closed_at, today):
        name = EVENTS[TaskKind(task.kind)] if task.note is None else DONE
        author, about = task.closed_by_id, {"task": task.title}
        yield Happening("done", name, task.closed_at, about, contact=task.contact_id, author=author)


# A task is closed by colleagues, never by time alone.
KIND = Kind(model=Task, parts=("done",), events_of=events_of, moments_of=lambda _task: ())
