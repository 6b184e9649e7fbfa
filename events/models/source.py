from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.event_type import Channel
from staff.models import ApiKey


class Source(models.Model):
    """Where data comes in: a write key, a connector, an import, a sample. Message ids are unique within it."""

    class Kind(models.TextChoices):
        WRITE_KEY = "write_key", _("Write key")
        CONNECTOR = "connector", _("Connector")
        IMPORT = "import", _("Import")
        SAMPLE = "sample", _("Sample")
        RECORDS = "records", _("Records and colleagues")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    channel = models.CharField(
        _("channel"),
        max_length=10,
        choices=Channel.choices,
        default=Channel.PRODUCT,
        help_text=_("The channel of event types first seen from this source."),
    )
    keys = models.ManyToManyField(ApiKey, verbose_name=_("keys"), blank=True, related_name="sources")
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="source_channel_is_known"),
        ]

    def __str__(self) -> str:
        return self.name
