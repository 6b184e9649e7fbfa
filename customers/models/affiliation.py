from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models.contact import Contact
from customers.models.customer import Customer


class Affiliation(models.Model):
    """A customer, other than the present one, at which a contact has events.

    A look-up table: whoever merges or erases the contact finds all its events without an index on the log.
    """

    pk = models.CompositePrimaryKey("contact_id", "customer_id")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, db_index=False, related_name="affiliations")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")

    on_merge: ClassVar = OnMerge.REPOINT
    on_erase: ClassVar = OnErase.KEEP

    def __str__(self) -> str:
        return f"{self.contact_id} at {self.customer_id}"
