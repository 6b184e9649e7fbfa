from django.db import models
from django.utils.translation import gettext_lazy as _


class NoteTemplate(models.Model):
    """A text to begin a note with: what one asks in every such call."""

    title = models.CharField(_("title"), max_length=100, unique=True)
    text = models.TextField(_("text"), max_length=5_000)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("note template")
        verbose_name_plural = _("note templates")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
