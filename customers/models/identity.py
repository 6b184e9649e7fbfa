from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db.derived import DerivedField
from core.names.folding import fold_id
from core.spread import OnErase, OnMerge
from customers.models.contact import Contact
from customers.models.customer import Customer


class IdentityKind(models.TextChoices):
    """The kinds we give meaning to; an id in another system has that system's name as its kind."""

    RAPPORT = "rapport", _("Rapport id")
    COMPANY = "company", _("Company id")
    USER = "user", _("User id")
    ANONYMOUS = "anonymous", _("Anonymous id")
    EMAIL = "email", _("E-mail")
    PART = "part", _("Part of a shared id")


# Found whole, as they are: numbers of ours, addresses, and what no person types.
_NOT_SEARCHED = frozenset({IdentityKind.RAPPORT, IdentityKind.ANONYMOUS, IdentityKind.EMAIL, IdentityKind.PART})


def _searched(identity: "Identity") -> str | None:
    return None if identity.kind in _NOT_SEARCHED else fold_id(identity.value)


class Identity(models.Model):
    """A name under which a contact or a customer is known: the one place where names are unique."""

    kind = models.CharField(_("kind"), max_length=40)
    value = models.CharField(_("value"), max_length=200)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="identities")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="identities")
    # The contact or customer it is a name of by itself, where colleagues merged that one into this one.
    via = models.BigIntegerField(null=True)
    # Of an anonymous id: the earliest message that had it beside the user id it belongs to.
    linked_at = models.DateTimeField(null=True)
    linked_hash = models.BinaryField(max_length=16, null=True)

    # Ids that people type, folded: found whole and by their beginning (customers/finding/by_text.py).
    search = DerivedField(_searched, sources=("kind", "value"))

    on_merge: ClassVar = OnMerge.REPOINT
    on_erase: ClassVar = OnErase.DELETE

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        indexes = [
            # Most ids are anonymous; those have none. The operators serve a beginning, too, whatever the locale.
            models.Index(
                OpClass("search", name="text_pattern_ops"),
                name="identity_by_search",
                condition=Q(search__isnull=False),
            )
        ]
        constraints = [
            # Also the index by which every message finds its people.
            models.UniqueConstraint(fields=["kind", "value"], name="one_identity_per_kind_and_value"),
            models.CheckConstraint(
                condition=Q(contact=None, customer__isnull=False) | Q(contact__isnull=False, customer=None),
                name="identity_of_a_contact_or_a_customer",
            ),
            models.CheckConstraint(
                condition=Q(linked_at=None, linked_hash=None)
                | Q(kind="anonymous", linked_at__isnull=False, linked_hash__isnull=False),
                name="anonymous_ids_are_linked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"
