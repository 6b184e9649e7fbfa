from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    WEB = "web", _("Web")
    EMAIL = "email", _("E-mail")
    SOCIAL = "social", _("Social media")
    MOBILE = "mobile", _("Mobile")
    PRODUCT = "product", _("Product")
    IN_PERSON = "in-person", _("In person")
    PURCHASE = "purchase", _("Purchase")
    SUPPORT = "support", _("Support")
    BILLING = "billing", _("Billing")
    SURVEY = "survey", _("Survey")
    CRM = "crm", _("CRM")


class EventTypeQuerySet(models.QuerySet["EventType"]):
    def offered(self) -> Self:
        """Leave out types that were retired or merged: their events stay, and nobody chooses them any more."""
        return self.filter(retired_at=None, merged_into=None)


class EventType(models.Model):
    """A name of events. A new name registers itself, and has no points until an admin adds a weight for it."""

    PAGE_VIEWED = "Page viewed"
    SCREEN_VIEWED = "Screen viewed"

    name = models.CharField(_("name"), max_length=200, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    is_activity = models.BooleanField(
        _("activity"),
        default=True,
        help_text=_(
            "Something the customer does: not billing, CRM, impressions, e-mail sent, or what staff do."
            " A change is previewed, then told again for the events that are stored."
        ),
    )
    is_key_action = models.BooleanField(
        _("key action"), default=False, help_text=_("A step that shows that the customer gets value.")
    )
    is_touch = models.BooleanField(
        _("touch by staff"),
        default=False,
        help_text=_("A colleague spoke with the customer, as in a call or a meeting."),
    )
    is_intervention = models.BooleanField(
        _("intervention"),
        default=False,
        db_default=False,
        help_text=_("Something colleagues do to help the customer: a call, a meeting, a task done."),
    )
    is_purchase = models.BooleanField(
        _("purchase"), default=False, help_text=_("The customer buys. Its value is what is paid.")
    )
    unit = models.DecimalField(
        _("unit of value"),
        max_digits=15,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("Empty: events are counted. Else their values are added up and counted in this unit."),
    )
    source = models.ForeignKey(
        "events.Source",
        verbose_name=_("first seen from"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("first seen"))
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="aliases",
        help_text=_("Events of this name are stored under that type."),
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    objects = EventTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("event type")
        verbose_name_plural = _("event types")
        ordering = ["channel", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="event_type_channel_is_known"),
            models.CheckConstraint(
                condition=Q(unit=None) | Q(unit__gt=0),
                name="event_type_unit_is_positive",
                violation_error_message=_("The unit must be above 0."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("id")), name="event_type_is_merged_into_another"
            ),
        ]

    def __str__(self) -> str:
        return self.name
