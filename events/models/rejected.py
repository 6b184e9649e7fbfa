from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from events.models.source import Source


class Rejected(models.Model):
    """A message that could not be stored, with the reason: one row, however often it came (decision 35)."""

    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="rejected")
    message_hash = models.BinaryField(max_length=16, help_text="Of the message id, else of the whole message")
    # Of the first receipt: a message without a time of its own happened then, when it is replayed.
    received_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"), db_index=True)
    count = models.BigIntegerField(_("times"), default=1, db_default=1)
    reason = models.CharField(_("reason"), max_length=300)
    # The message as JSON text. Not jsonb: what jsonb cannot hold is one of the reasons for being here.
    body = models.TextField(_("message"))
    is_cut = models.BooleanField(_("cut"), default=False, db_default=False)
    replayed_at = models.DateTimeField(_("replayed"), null=True, blank=True)

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.ANONYMISE

    class Meta:
        verbose_name = _("rejected event")
        verbose_name_plural = _("rejected events")
        ordering = ["-last_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "message_hash"], name="rejected_once_per_message"),
        ]

    def __str__(self) -> str:
        return self.reason


class DroppedQuerySet(models.QuerySet["RejectedDropped"]):
    def total(self) -> tuple[int, date | None]:
        """Return how many messages were dropped in all, and on which day the last ones. One query."""
        found = self.aggregate(Sum("count"), Max("day"))
        return found["count__sum"] or 0, found["day__max"]


class RejectedDropped(models.Model):
    """How many rejected messages of a source were dropped on a day, too old to be kept and never stored."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    count = models.BigIntegerField()

    objects = DroppedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "day"], name="rejected_dropped_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
