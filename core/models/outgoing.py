import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Outgoing(models.Model):
    """Something to be sent, written in the transaction that decided it; `core.outbox.queue` sends it, at least once.

    A row is due while it waits; a sender holds it until `leased_until`, by the number of its lease. `payload` is for
    the composer of its kind, and is emptied once sent: it may hold a link's token.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not sent")
        DEAD = "dead", _("Given up")

    kind = models.CharField(_("kind"), max_length=40)
    dedupe_key = models.CharField(max_length=200, unique=True)
    uid = models.UUIDField(default=uuid.uuid4, help_text="Same in each try: the Message-ID is made of it")
    payload = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(_("due"))
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.PositiveIntegerField(default=0, help_text="Counts the senders that held it")
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    provider_id = models.CharField(_("provider’s id"), max_length=200, blank=True)
    said = models.CharField(_("result"), max_length=500, blank=True)

    objects: ClassVar[models.Manager["Outgoing"]] = models.Manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "dropped", "dead"]), name="outgoing_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", finished_at=None) | ~Q(state="waiting") & Q(finished_at__isnull=False),
                name="what_waits_is_not_finished",
            ),
        ]
        indexes = [
            # Partial: of millions of rows only the few that wait are looked for every few seconds.
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="outgoing_due"),
            models.Index(fields=["-finished_at"], condition=Q(state="dead"), name="outgoing_dead"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="outgoing_by_provider_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"


class Delivery(models.Model):
    """One try to send, and result: the delivery log."""

    outgoing = models.ForeignKey(Outgoing, on_delete=models.CASCADE, related_name="deliveries")
    at = models.DateTimeField(_("at"))
    is_sent = models.BooleanField(_("sent"))
    said = models.CharField(_("result"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")

    def __str__(self) -> str:
        return f"{self.outgoing_id} {self.at}"
