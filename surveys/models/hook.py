import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from surveys.models.survey import Survey


def new_slug() -> str:
    """Return the last part of a webhook's address: 160 random bits."""
    return secrets.token_urlsafe(20)


class Hook(models.Model):
    """Where another tool sends answers to a survey. Its secret is derived, not stored (answering/webhooks.py)."""

    name = models.CharField(_("name"), max_length=100, help_text=_("The tool that sends, such as “Typeform”."))
    survey = models.ForeignKey(Survey, verbose_name=_("survey"), on_delete=models.CASCADE, related_name="hooks")
    slug = models.CharField(max_length=40, unique=True, default=new_slug, editable=False)
    # The secret is derived from it (answering/webhooks.py), so counting up renews the secret.
    generation = models.PositiveIntegerField(default=1, help_text="Of its secret; each rotation makes the next")
    rotated_at = models.DateTimeField(_("secret renewed"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects: ClassVar[models.Manager["Hook"]] = models.Manager()

    class Meta:
        verbose_name = _("webhook of answers")
        verbose_name_plural = _("webhooks of answers")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Refused(models.Model):
    """An answer a webhook brought that could not be taken, whole, with the reason. Nothing is dropped silently."""

    hook = models.ForeignKey(Hook, verbose_name=_("webhook"), on_delete=models.CASCADE, related_name="refused")
    received_at = models.DateTimeField(_("received"), db_index=True)
    # Kept whole: senders of webhooks seldom read answers, so an admin replays it (decision 19).
    reason = models.CharField(_("reason"), max_length=300)
    body = models.TextField(_("answer"), help_text="As JSON, with the external id it was given here")
    digest = models.BinaryField(max_length=32, help_text="Of the body: sent again, it stands here once")
    replayed_at = models.DateTimeField(_("replayed"), null=True, blank=True)

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.ANONYMISE

    objects: ClassVar[models.Manager["Refused"]] = models.Manager()

    class Meta:
        verbose_name = _("refused answer")
        verbose_name_plural = _("refused answers")
        ordering = ["-received_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["hook", "digest"], name="one_refusal_of_an_answer")]

    def __str__(self) -> str:
        return self.reason
