from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models import Contact
from records.models.parts import Record
from staff.models import User


class Pulse(models.TextChoices):
    """How a colleague judges the customer, whatever the numbers say."""

    GREEN = "green", _("Green")
    YELLOW = "yellow", _("Yellow")
    RED = "red", _("Red")


class Note(Record):
    """What a colleague wrote down, a call, a meeting or an e-mail, and how they judge the customer since."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        MAIL = "mail", _("E-mail")

    class Purpose(models.TextChoices):
        """What a contact with the customer was for."""

        SERVICE = "service", _("Service")
        SELLING = "selling", _("Selling")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NOTE)
    # Empty: nobody said; other systems do not know it.
    purpose = models.CharField(
        _("purpose"), max_length=7, choices=Purpose.choices, blank=True, default="", db_default=""
    )
    text = models.TextField(_("text"), max_length=20_000)
    # Empty is no judgement: the customer's pulse stays what the last note with one has set.
    pulse = models.CharField(_("pulse"), max_length=6, choices=Pulse.choices, blank=True)
    contact = models.ForeignKey(
        Contact, verbose_name=_("with"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author = models.ForeignKey(
        User, verbose_name=_("author"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    on_merge: ClassVar = OnMerge.STEP
    on_erase: ClassVar = OnErase.ANONYMISE

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["note", "call", "meeting", "mail"]), name="note_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(purpose__in=["", "service", "selling"]), name="note_purpose_is_known"),
            models.CheckConstraint(condition=Q(pulse__in=["", *Pulse.values]), name="note_pulse_is_known"),
        ]
        indexes = [
            models.Index(fields=["customer", "-at", "id"], name="note_newest_first"),
            models.Index("next_on", condition=~Q(next_on=None), name="note_by_next_day"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def short_name(self) -> str:
        """Its kind: what was written stays in the note, where it can be erased."""
        return self.kind
