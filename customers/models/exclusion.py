from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.spread import OnErase, OnMerge
from customers.models.contact import Contact


class Exclusion(models.Model):
    """A contact who objects to being scored: known from a day on, until it was taken back.

    As known on any of these days nothing the contact ever did counts. A look-up table: contacts have events at several
    customers.
    """

    # Without a constraint: a contact that was folded into another is gone, what was known of it stays.
    contact = models.ForeignKey(Contact, on_delete=models.DO_NOTHING, db_constraint=False, related_name="exclusions")
    from_on = models.DateField()
    to_on = models.DateField(null=True, help_text="The first day on which it counts again. None: it holds")

    on_merge: ClassVar = OnMerge.REPOINT
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="exclusion_days_in_order"),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(to_on=None), name="one_exclusion_of_a_contact_holds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} from {self.from_on} to {self.to_on}"
