from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Through which door a refusal came."""

    PERSON = "person", _("the person themselves")
    STAFF = "staff", _("a colleague")
    FILE = "file", _("a file")
    API = "api", _("the API")
    SDK = "sdk", _("an identify call")
    PROVIDER = "provider", _("the mail provider")
    CONTACT = "contact", _("said under an earlier address")
    BEFORE = "before", _("known from before")


class AddressConsent(models.Model):
    """What an e-mail address refuses, or that it does not work, whoever has it.

    Names nobody: the address is a keyed hash (customers/consent/addresses.py), which cannot be turned back. So the row
    stays when a contact is merged, moved or erased. Only the person takes a refusal back; the row then goes.
    """

    class Kind(models.TextChoices):
        OPTED_OUT = "opted_out", _("no surveys")
        BOUNCED = "bounced", _("the address does not work")

    address = models.BinaryField(max_length=32, help_text="Keyed hash of the folded address")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "kind"], name="one_consent_of_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=["opted_out", "bounced"]), name="consent_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{bytes(self.address).hex()[:8]} {self.kind}"


class AddressKey(models.Model):
    """The one key of all hashes of addresses, made by the migration; it is never changed."""

    secret = models.BinaryField(max_length=32)

    objects: ClassVar[models.Manager["AddressKey"]] = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_key_of_addresses")]

    def __str__(self) -> str:
        return "key of addresses"
