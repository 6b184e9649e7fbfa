from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from events.models.source import Source


class Rejected(models.Model):
    """A message that could not be stored, whole, with the reason. Nothing is dropped silently."""

    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="rejected")
    received_at = models.DateTimeField(_("received"), db_index=True)
    reason = models.CharField(_("reason"), max_length=300)
    # The message as JSON text. Not jsonb: what jsonb cannot hold is one of the reasons for being here.
    body = models.TextField(_("message"))
    replayed_at = models.DateTimeField(_("replayed"), null=True, blank=True)

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.ANONYMISE

    class Meta:
        verbose_name = _("rejected event")
        verbose_name_plural = _("rejected events")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.reason
