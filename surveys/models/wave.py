from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Segment
from events.models import EventType
from staff.models import User
from surveys.models.survey import Survey


class Rule(models.TextChoices):
    """When somebody is asked."""

    ONCE = "once", _("Everybody, once")
    DRIP = "drip", _("Everybody, a share a day")
    TICKET = "ticket", _("After a ticket is solved")
    EVENT = "event", _("After an event")
    RENEWAL = "renewal", _("Before a renewal")


class Wave(models.Model):
    """Whom a survey asks, and when: of a segment or a filter of customers, the contacts with a role, by e-mail."""

    survey = models.ForeignKey(Survey, verbose_name=_("survey"), on_delete=models.CASCADE, related_name="waves")
    rule = models.CharField(_("when"), max_length=10, choices=Rule.choices, default=Rule.ONCE)
    segment = models.ForeignKey(
        Segment, verbose_name=_("saved view"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    query = models.JSONField(_("filter"), default=dict, help_text="Of customers, when there is no segment")
    role = models.CharField(
        _("role contains"), max_length=100, blank=True, help_text=_("Empty: everybody at these customers.")
    )
    days = models.PositiveSmallIntegerField(
        _("over how many days"), default=14, help_text=_("A steady share of everybody each day.")
    )
    delay_hours = models.PositiveIntegerField(_("hours afterwards"), default=24)
    before_days = models.PositiveSmallIntegerField(_("days before"), default=60)
    event_type = models.ForeignKey(
        EventType, verbose_name=_("event type"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sees_all = models.BooleanField(default=False, help_text="Made by the company's own key: everybody is visible")
    starts_at = models.DateTimeField(_("from"))
    after_contact = models.BigIntegerField(default=0, help_text="How far the contacts are gone through")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar[models.Manager["Wave"]] = models.Manager()

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="wave_rule_is_known"),
            models.CheckConstraint(
                condition=~Q(rule=Rule.EVENT) | Q(event_type__isnull=False), name="a_wave_after_an_event_names_it"
            ),
            models.CheckConstraint(condition=Q(days__range=(1, 366)), name="wave_days_are_1_to_366"),
        ]

    def __str__(self) -> str:
        return f"{self.survey}: {self.get_rule_display()}"
