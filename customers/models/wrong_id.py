from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.names import ids
from staff.models import User


class WrongIdQuerySet(models.QuerySet["WrongId"]):
    def known(self) -> frozenset[str]:
        """Return all wrong ids, folded: the built-in ones and these. One query."""
        return ids.with_built_in(self.values_list("value", flat=True))

    def is_wrong(self, text: str) -> bool:
        """Tell whether an id is wrong. At most one query, none for one that is built in."""
        return ids.is_wrong(text) or self.filter(value=ids.folded(text)).exists()


class WrongId(models.Model):
    """An id that admins found to name nobody, beside the built-in ones (core.names.ids).

    It holds for what comes from then on: who is known by it stays, and so does what they did.
    """

    value = models.CharField(
        _("id"),
        max_length=200,
        unique=True,
        error_messages={"unique": _("This id is on the list already.")},
        help_text=_(
            "Compared without regard to capitals, nor to quotation marks, brackets and signs of templates around it."
        ),
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("Who sends it, and why."))
    added_at = models.DateTimeField(_("added"))
    by = models.ForeignKey(User, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+")

    objects = WrongIdQuerySet.as_manager()

    class Meta:
        verbose_name = _("wrong id")
        verbose_name_plural = _("wrong ids")
        ordering = ["value"]
        constraints = [models.CheckConstraint(condition=~Q(value=""), name="a_wrong_id_is_something")]

    def __str__(self) -> str:
        return self.value
