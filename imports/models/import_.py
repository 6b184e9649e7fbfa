from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import notices
from core.jobs.leased import LeasedJob
from core.notices import Subject
from staff.models import Role, User

ENDED = "import-ended"  # the kind of notice
ONCE = "once:"  # before the names of fields, among what was chosen for a file


class State(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Running")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")
    DONE = "done", _("Done")

    @classmethod
    def of_workers(cls) -> list["State"]:
        """The states in which a worker has something to do."""
        return [cls.CHECKING, cls.RUNNING]


class Phase(models.TextChoices):
    ROWS = "rows", _("Rows")
    LINKS = "links", _("Parents")
    PAST = "past", _("Past scores")


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        """Keep all imports for admins and leads, who may import; none for others."""
        return self if user.is_active and user.role in (Role.ADMIN, Role.LEAD) else self.none()


class Import(LeasedJob):
    """A file of customers or what belongs to them, from its upload to the report.

    Workers do it chunk by chunk (core.jobs.leased); each chunk also moves `at_number` and the counts.
    """

    waiting_states: ClassVar = State.of_workers()
    place_fields: ClassVar = ("phase", "at_number")
    task: ClassVar = "imports.tasks.go_on"

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)

    # What the file looks like (imports/reading), and what its columns mean
    shape = models.JSONField(default=dict)
    sheets = models.JSONField(default=list)  # the names of a workbook's
    headers = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    mapping = models.JSONField(default=list)  # for each column a field's name, "+" to keep it aside, "" to leave it out
    formats = models.JSONField(default=dict)
    history = models.BooleanField(default=False)

    # The progress
    phase = models.CharField(max_length=5, choices=Phase.choices, default=Phase.ROWS)
    at_number = models.BigIntegerField(default=0)  # the last row, or of past scores the last customer, that is done
    total_rows = models.PositiveIntegerField(null=True)
    done_rows = models.PositiveIntegerField(default=0)
    survey = models.JSONField(default=dict)  # how far the first reading is, and its evidence of the formats so far
    found = models.JSONField(default=dict)  # by the dry run: new, changed, same, bad → rows
    written = models.JSONField(default=dict)  # by the import: the same
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    problem = models.JSONField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="import_state_is_known"),
        ]
        indexes = [
            models.Index("id", condition=Q(state__in=["checking", "running"]), name="import_of_workers"),
        ]

    def __str__(self) -> str:
        return self.file_name

    def drop_unfinished(self) -> None:
        if self.state == State.CHECKING:
            self.found = {}  # half a dry run is none

    def note_failed(self, now: datetime) -> None:
        self.tell_ended(now)

    def tell_ended(self, now: datetime) -> None:
        """Tell who began it, in the caller's transaction. Four queries at most."""
        if self.by_id is not None:
            # Continued after it failed, it ends again: another notice, unless the first is unread.
            key = f"{ENDED}:{self.pk}:{now.isoformat()}"
            notices.tell(ENDED, {self.by_id: [Subject(self.pk)]}, key=key, by=None, now=now)

    def problem_when_given_up(self) -> dict[str, Any]:
        return {"code": "stopped", "said": {"tries": self.tries}}

    @property
    def once(self) -> dict[str, str]:
        """What was chosen for the whole file: field → text."""
        chosen: dict[str, str] = self.formats.get("chosen", {})
        return {name.removeprefix(ONCE): text for name, text in chosen.items() if name.startswith(ONCE)}
