from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models.contact import Contact
from customers.models.customer import Customer
from customers.models.identity import Identity


class Membership(models.Model):
    """Somebody said that a contact belongs to a customer from an instant on.

    The customer at an instant is that of the last one at or before it, before the first one the first; of two at the
    same instant the one with the smaller hash holds. All are kept, so that the order in which they came does not
    matter. A look-up table, as the contact is one.
    """

    class Origin(models.TextChoices):
        CALL = "call", _("Tracking call")
        RECORD = "record", _("Staff, file or another system")
        LISTED = "listed", _("A customer in their own right")
        BEFORE = "before", _("From before memberships were kept")

    pk = models.CompositePrimaryKey("contact_id", "from_at", "message_hash")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, db_index=False, related_name="memberships")
    from_at = models.DateTimeField(_("from"))
    message_hash = models.BinaryField(max_length=16)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    # Where this goes when the name turns out to be somebody else's. No constraint: erasing takes the name away.
    person = models.ForeignKey(
        Identity, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    # Of whom and about which customer it was stated, where colleagues merged that one into this one.
    via_contact = models.BigIntegerField(null=True)
    via_customer = models.BigIntegerField(null=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)

    on_merge: ClassVar = OnMerge.REPOINT
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(origin__in=["call", "record", "listed", "before"]), name="membership_origin_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} at {self.customer_id} from {self.from_at}"
