import json
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models import Role, User


class SegmentQuerySet(models.QuerySet["Segment"]):
    def visible_to(self, user: User) -> Self:
        """Keep the colleague's own and the shared ones; the company (an unsaved colleague) has none of its own."""
        return self.filter(Q(is_shared=True) | Q(owner=user.pk)) if user.is_active else self.none()

    def editable_by(self, user: User) -> Self:
        """Keep the colleague's own; admins and leads, and the company, look after the shared ones as well."""
        mine = Q(owner=user.pk)
        if user.role in (Role.ADMIN, Role.LEAD):
            mine |= Q(is_shared=True)
        return self.filter(mine) if user.is_active else self.none()


class Segment(models.Model):
    """A named filter of customers, which selects its members each time.

    Who was in it at the close of each day is kept beside it (`SegmentMember`).
    """

    name = models.CharField(_("name"), max_length=100)
    owner = models.ForeignKey(User, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="segments")
    is_shared = models.BooleanField(_("shared with everyone"), default=False)
    query = models.JSONField(_("filter"), default=dict, help_text=_("Parameters of the customer list, by name."))
    created_at = models.DateTimeField(_("created"))
    # Since when it has this filter: what was written of its members before was of another one. Null: since it exists.
    filter_since = models.DateTimeField(null=True, editable=False)

    objects: ClassVar = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="one_segment_per_owner_and_name",
                violation_error_message=_("You already have a segment with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> dict[str, Any] | None:
        """The conditions of the filter as a tree, valid or not; None without any, or when it is no JSON at all."""
        try:
            tree = json.loads(self.query.get("rule") or "null")
        except (ValueError, RecursionError):
            return None
        return tree if isinstance(tree, dict) else None

    @property
    def as_query(self) -> str:
        """The filter as the query of the list's address, which without a stage would leave out those who left."""
        return urlencode({"stage": "all", **self.query}, doseq=True)
