from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.db.search import trigrams
from core.spread import OnErase, OnMerge
from customers.models.customer import Customer


class Contact(models.Model):
    """A person at a customer. A look-up table: a person outlives the companies they work at."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="contacts"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    role = models.CharField(_("role"), max_length=100, blank=True)
    locale = models.CharField(_("language"), max_length=20, blank=True)
    traits = models.JSONField(_("traits"), default=dict, blank=True)
    # When each field or trait was last set, and when the person last changed company. The latest wins.
    set_at = models.JSONField(default=dict, blank=True)
    joined_at = models.DateTimeField(_("at this customer since"), null=True, blank=True)
    survey_opt_out = models.BooleanField(_("no surveys"), default=False)
    stop_scoring = models.BooleanField(_("not scored"), default=False)
    created_at = models.DateTimeField(_("created"))

    on_merge: ClassVar = OnMerge.REPOINT
    on_erase: ClassVar = OnErase.ANONYMISE

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [trigrams("name", "contact_name_trigrams"), trigrams("email", "contact_email_trigrams")]

    def __str__(self) -> str:
        return self.name or self.email or str(_("Unknown person"))
