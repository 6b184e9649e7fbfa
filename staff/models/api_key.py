from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models.user import User


class ApiKey(models.Model):
    """A key of another system, stored as a hash; `staff.api_keys` makes and checks them."""

    EVENTS_WRITE = "events:write"
    MONITORING_READ = "monitoring:read"
    # Write keys sit in web pages, for everybody to read: they never carry a second scope.
    PUBLIC_SCOPES = (EVENTS_WRITE,)
    SCOPES = (
        EVENTS_WRITE,
        MONITORING_READ,
        "customers:read",
        "customers:write",
        "events:read",
        "event-types:write",
        "records:read",
        "records:write",
        "scores:read",
        "scores:write",
        "segments:read",
        "segments:write",
        "surveys:read",
        "surveys:write",
        "tasks:read",
        "tasks:write",
    )

    name = models.CharField(_("name"), max_length=100)
    public_part = models.CharField(
        _("begins with"),
        max_length=40,
        unique=True,
        help_text=_("The part that may be shown, to tell keys apart."),
    )
    # SHA-256: `staff.api_keys` says why a fast hash is enough.
    secret_hash = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    colleague = models.ForeignKey(
        User,
        verbose_name=_("acts as"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="api_keys",
        help_text=_(
            "Sees and may do what this colleague does. Empty: the company’s own key, which sees all customers."
        ),
    )
    replaced_by = models.OneToOneField(
        "self",
        verbose_name=_("replaced by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaces",
    )
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

    @property
    def asker(self) -> str:
        """The name by which rate limits and idempotency keep apart who sends requests."""
        return f"key:{self.public_part}"

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)
