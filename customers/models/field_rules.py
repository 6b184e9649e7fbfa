"""Look-up tables of admins: which traits of companies are fields of customers, and whose word a field follows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CustomerField(models.TextChoices):
    """The fields that traits can reach; each keeps who set it and when (Customer.field_origins)."""

    NAME = "name", _("Name")
    DOMAIN = "domain", _("Domain")
    PLAN = "plan", _("Plan")
    SEATS = "seats", _("Seats")
    MRR = "mrr", _("Monthly revenue")
    CURRENCY = "currency", _("Currency")
    INDUSTRY = "industry", _("Industry")
    COUNTRY = "country", _("Country")


# An amount without its currency is none: it has no source of its own.
WITH_A_SOURCE = [(value, label) for value, label in CustomerField.choices if value != CustomerField.CURRENCY]


class FieldOrigin(models.TextChoices):
    """Who set a field."""

    STAFF = "staff", _("a colleague")
    FILE = "file", _("a file")
    API = "api", _("the API")
    SERVER = "server", _("tracking calls")
    BROWSER = "browser", _("a browser")


class FieldTrait(models.Model):
    """What admins say of a trait, beside the built-in ones (customers.described.rules); one without a field is none."""

    trait = models.CharField(
        max_length=100,
        unique=True,
        error_messages={"unique": "This trait is on the list already."},
        help_text="As it is sent, with its capitals; address.country is the country within the address.",
    )
    field = models.CharField(
        max_length=10,
        blank=True,
        choices=CustomerField.choices,
        help_text="Empty: it is kept among the attributes, even if it is built in.",
    )

    class Meta:
        verbose_name = "trait of companies"
        verbose_name_plural = "traits of companies"
        ordering = ["trait"]
        constraints = [
            models.CheckConstraint(condition=~Q(trait=""), name="a_trait_has_a_name"),
            models.CheckConstraint(
                condition=Q(field__in=["", *CustomerField.values]), name="a_trait_has_a_field_or_none"
            ),
        ]

    def __str__(self) -> str:
        return self.trait


class FieldSource(models.Model):
    """Whose word a field follows, whatever others say. A field that is not named follows the usual order."""

    field = models.CharField(
        max_length=10,
        unique=True,
        choices=WITH_A_SOURCE,
        error_messages={"unique": "This field has a source already."},
    )
    origin = models.CharField("source", max_length=10, choices=FieldOrigin.choices)

    class Meta:
        verbose_name = "source of a field"
        verbose_name_plural = "sources of fields"
        ordering = ["field"]
        constraints = [
            models.CheckConstraint(
                condition=Q(field__in=[value for value, _label in WITH_A_SOURCE]), name="a_source_is_of_a_field"
            ),
            models.CheckConstraint(condition=Q(origin__in=FieldOrigin.values), name="a_source_of_a_field_is_known"),
        ]

    def __str__(self) -> str:
        return self.get_field_display()
