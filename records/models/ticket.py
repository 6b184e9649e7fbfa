from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models import Contact
from records.models.parts import Record


class Priority(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class Ticket(Record):
    """A customer's request to the help desk. It is open until `solved_at` is set."""

    subject = models.CharField(_("subject"), max_length=300)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    contact = models.ForeignKey(
        Contact, verbose_name=_("requester"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened at"))
    first_response_at = models.DateTimeField(_("first answered at"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)
    solved_at = models.DateTimeField(_("solved at"), null=True, blank=True)

    on_merge: ClassVar = OnMerge.STEP
    on_erase: ClassVar = OnErase.ANONYMISE

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="ticket_priority_is_known"),
            models.CheckConstraint(
                condition=(Q(first_response_at=None) | Q(first_response_at__gte=models.F("opened_at")))
                & (Q(escalated_at=None) | Q(escalated_at__gte=models.F("opened_at")))
                & (Q(solved_at=None) | Q(solved_at__gte=models.F("opened_at"))),
                name="nothing_happens_to_a_ticket_before_it_opens",
                violation_error_message=_("This cannot be before the ticket was opened."),
            ),
        ]
        indexes = [
            models.Index("solved_at", condition=~Q(solved_at=None), name="ticket_by_solution"),
            models.Index("next_on", condition=~Q(next_on=None), name="ticket_by_next_day"),
        ]

    def __str__(self) -> str:
        return self.subject
