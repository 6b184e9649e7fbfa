from django.conf import settings
from django.db import models
from django.db.models import Q


class CompanyLogo(models.Model):
    """A picture that is or was the company's logo. None is taken away: mails that were sent show it."""

    digest = models.CharField(primary_key=True, max_length=64, help_text="SHA-256 of the bytes, as hex")
    kind = models.CharField(max_length=20, help_text="image/png, image/jpeg or image/webp")
    # In the database: every process on every machine can serve it.
    body = models.BinaryField()

    def __str__(self) -> str:
        return self.digest[:12]


class CompanyQuerySet(models.QuerySet["Company"]):
    def current(self) -> "Company":
        """Return what was set; a company of which nothing is known, not saved, where nothing was. One query."""
        return self.filter(pk=1).first() or Company(pk=1)


class Company(models.Model):
    """Whose installation this is, as those it writes to see it: one row. `staff.company` changes it."""

    name = models.CharField(max_length=100, blank=True, default="")
    colour = models.CharField(max_length=7, blank=True, default="", help_text="Empty: Rapport's own")
    logo = models.ForeignKey(CompanyLogo, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sender_name = models.CharField(max_length=100, blank=True, default="")
    sender_address = models.CharField(max_length=200, blank=True, default="")
    # When an admin put “Get started” away, before or after all of it was done
    get_started_dismissed_at = models.DateTimeField(null=True, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_company"),
            models.CheckConstraint(
                condition=Q(colour="") | Q(colour__regex=r"^#[0-9a-f]{6}$"), name="company_colour_is_one_or_none"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CompanyChange(models.Model):
    """What was changed of the company, by whom: the trail. Rows are only added."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changes = models.JSONField(help_text="field → [before, after]; of the logo its digest, or null")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {', '.join(self.changes)}"
