from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiKey(models.Model):
    """A key of another system, stored as a hash; `staff.api_keys` makes and checks them."""

    EVENTS_WRITE = "events:write"
    SCOPES = (EVENTS_WRITE,)

    name = models.CharField(_("name"), max_length=100)
    public_part = models.CharField(
        _("begins with"),
        max_length=40,
        unique=True,
        help_text=_("The part that may be shown, to tell keys apart."),
    )
    secret_hash = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["name", "created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.public_part}…)"
