from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.spread import OnErase, OnMerge
from customers.models.contact import Contact
from customers.models.customer import Customer
from staff.models import User


class Apart(models.Model):
    """Two of whom a colleague said that they are not the same, whatever they have in common.

    A look-up table. Of one that is merged the row stays as it is: what it was compared with, the other one was not.
    """

    first: models.ForeignKey
    second: models.ForeignKey
    at = models.DateTimeField()
    # Null beside `at`: a colleague who is deleted leaves the decision in place.
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="%(class)s_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="%(class)s_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"  # type: ignore[attr-defined] # of the models below


class CustomersApart(Apart):
    first = models.ForeignKey(Customer, on_delete=models.CASCADE, db_index=False, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")


class ContactsApart(Apart):
    first = models.ForeignKey(Contact, on_delete=models.CASCADE, db_index=False, related_name="+")
    second = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
