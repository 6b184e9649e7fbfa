from typing import ClassVar, Self

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models.contact import Contact
from customers.models.identity import Identity
from staff.models import Role, User


class SharedIdQuerySet(models.QuerySet["SharedId"]):
    def visible_to(self, user: User) -> Self:
        """Keep all for admins and leads, none for others: parting people changes the counts of many customers."""
        return self if user.is_active and user.role in (Role.ADMIN, Role.LEAD) else self.none()

    def by_signs(self) -> Self:
        """Order by how much speaks for it."""
        return self.order_by("-is_wrong", "-companies", "-devices", "name")


class SharedId(models.Model):
    """An id that several people seem to share, as it was last looked at, and what speaks for it.

    Derived from identities, memberships and affiliations (customers.people.shared). No constraints: a contact that is
    folded into another is gone, its row with the next look.
    """

    name = models.OneToOneField(
        Identity, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    contact = models.ForeignKey(Contact, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    is_wrong = models.BooleanField(help_text="It is on the list of wrong ids now")
    devices = models.PositiveIntegerField()
    addresses = models.PositiveIntegerField()
    companies = models.PositiveIntegerField()
    found_at = models.DateTimeField()

    on_merge: ClassVar = OnMerge.DROP
    on_erase: ClassVar = OnErase.DELETE

    objects = SharedIdQuerySet.as_manager()

    class Meta:
        # In the order in which the list reads them: what is certain first.
        indexes = [
            models.Index(
                models.F("is_wrong").desc(),
                models.F("companies").desc(),
                models.F("devices").desc(),
                "name",
                name="shared_id_by_signs",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name_id} of {self.contact_id}"
