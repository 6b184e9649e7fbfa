from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from core.names import ids
from customers.described.rules import Rules
from customers.models import FieldOrigin, FieldSource, FieldTrait, WrongId
from events.models.event_type import Channel
from staff.models import ApiKey


class SourceQuerySet(models.QuerySet["Source"]):
    def with_lists(self) -> Self:
        """Read with each source what admins list for all: wrong ids, traits that are fields, sources of fields.

        In the same query: a write key is looked up often.
        """
        traits, sources = FieldTrait.objects.order_by(), FieldSource.objects.order_by()
        return self.annotate(
            added_wrong_ids=ArraySubquery(WrongId.objects.order_by().values("value")),
            added_traits=ArraySubquery(traits.values(pair=JSONObject(name="trait", value="field"))),
            added_sources=ArraySubquery(sources.values(pair=JSONObject(name="field", value="origin"))),
        )


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

    # For a source that is read `with_lists`.
    added_wrong_ids: Sequence[str] = ()
    added_traits: Sequence[Mapping[str, str]] | None = None
    added_sources: Sequence[Mapping[str, str]] = ()

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="source_channel_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def wrong_ids(self) -> frozenset[str]:
        """The texts that are no ids in its messages: the built-in ones, and those added if they were read with it."""
        return ids.with_built_in(self.added_wrong_ids) if self.added_wrong_ids else ids.BUILT_IN

    @cached_property
    def field_rules(self) -> Rules:
        """How traits of companies are read. No query when it was read `with_lists`, else two."""
        if self.added_traits is None:
            return Rules.load()
        return Rules.extended(
            *(((p["name"], p["value"]) for p in pairs) for pairs in (self.added_traits, self.added_sources))
        )

    @property
    def field_origin(self) -> FieldOrigin:
        """Who sets the fields that its messages describe."""
        return FieldOrigin.FILE if self.kind in (self.Kind.IMPORT, self.Kind.SAMPLE) else FieldOrigin.SERVER
