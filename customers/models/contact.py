from datetime import UTC, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from core.db import folding
from core.db.search import SearchField, trigrams
from core.spread import OnErase, OnMerge
from customers.consent.addresses import AddressField
from customers.models.customer import Customer
from staff.models import User

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)  # of who belongs where they are since ever; any zone can show that day
# What a contact is called in lists, as `__str__` has it; null for somebody without name and address.
CALLED = Coalesce(NullIf("name", Value("")), NullIf("email", Value("")))


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User) -> Self:
        """Keep the contacts whose present customer the colleague may see; none that were merged or deleted."""
        return self.standing().filter(customer__in=Customer.objects.visible_to(user))

    def standing(self) -> Self:
        """Leave out the contacts that colleagues merged into others, or deleted."""
        return self.filter(merged_into=None, removed_at=None)

    def known(self) -> Self:
        """Leave out visitors without a company: each has a provisional customer, which stands in no list."""
        return self.standing().filter(customer__provisional=False)


class Contact(models.Model):
    """A person at a customer. A look-up table: a person outlives the companies they work at."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="contacts"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    # By it AddressConsent and the guard of surveys are found. Erasing a contact empties it with the address.
    address = AddressField(max_length=32, null=True, editable=False)
    role = models.CharField(_("role"), max_length=100, blank=True)
    locale = models.CharField(_("language"), max_length=20, blank=True)
    traits = models.JSONField(_("traits"), default=dict, blank=True)
    # When each field or trait was last set, and when the person last changed company. The latest wins.
    set_at = models.JSONField(default=dict, blank=True)
    joined_at = models.DateTimeField(_("at this customer since"), null=True, blank=True)
    # Also where another contact of the same address refused (customers/consent/refusals.py).
    survey_opt_out = models.BooleanField(_("no surveys"), default=False)
    stop_scoring = models.BooleanField(_("not scored"), default=False)
    # By colleagues. The row stays, so that it can be undone. No constraint: a call may fold that one into another.
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False,
        related_name="+",
    )  # fmt: skip
    removed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    search = SearchField("name", "email")  # core/db/search.py
    role_words = SearchField("role")

    on_merge: ClassVar = OnMerge.REPOINT
    on_erase: ClassVar = OnErase.ANONYMISE

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            trigrams("search", "contact_search_trigrams"),
            models.Index(fields=["address"], condition=Q(address__isnull=False), name="contact_by_address"),
            models.Index(CALLED, "id", name="contact_by_name"),
            models.Index("merged_into", condition=~Q(merged_into=None), name="contact_by_merged_into"),
            models.Index("customer", folding.full_name("name"), name="contact_by_full_name", include=["id", "name"]),
        ]

    def __str__(self) -> str:
        return self.name or self.email or str(_("Unknown person"))

    @property
    def member_since(self) -> datetime | None:
        """Since when the contact belongs to its customer without a break; None where that is not known."""
        return None if self.joined_at == BEGINNING else self.joined_at
