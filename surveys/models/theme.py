from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.Model):
    """What comments are about. A comment that has one of the words gets the theme by itself; people may put on more."""

    name = models.CharField(_("name"), max_length=50, unique=True)
    words = ArrayField(
        models.CharField(max_length=50), verbose_name=_("words"), default=list, blank=True,
        help_text=_("Beginnings of words, in any language."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
