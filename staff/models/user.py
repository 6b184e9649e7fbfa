from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.names import addresses, zones


def is_zone(name: str) -> None:
    """Raise ValidationError unless it is the name of a time zone."""
    if name not in zones.names():
        raise ValidationError(
            _("%(name)s is not the name of a time zone. Example: America/New_York"), params={"name": name}
        )


def is_address(text: str) -> None:
    """Raise ValidationError unless it is an e-mail address, by the rule of every door."""
    if addresses.email(text) is None:
        raise ValidationError(EmailValidator.message, code="invalid")


class Role(models.TextChoices):
    ADMIN = "admin", _("Admin")
    LEAD = "lead", _("Lead")
    CSM = "csm", _("Customer success manager")
    VIEWER = "viewer", _("Viewer")


class Team(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a colleague. Without a password they cannot sign in until they choose one by a link."""
        user = self.model(email=addresses.folded(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an admin; the name is what `manage.py createsuperuser` calls."""
        return self.create_user(email, password, **{**fields, "role": Role.ADMIN})

    def get_by_natural_key(self, username: str | None) -> "User":
        # Nobody remembers in which case their address was entered; `one_user_per_email` makes it unique.
        return self.get(email__iexact=username)


# No PermissionsMixin: the role decides; Django's groups and permissions are not used.
class User(AbstractBaseUser):
    """A colleague who signs in. Only admins use the Django admin, and there they may do everything."""

    email = models.CharField(_("e-mail"), max_length=254, unique=True, validators=[is_address])
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.VIEWER)
    teams = models.ManyToManyField(Team, verbose_name=_("teams"), blank=True, related_name="members")
    is_limited = models.BooleanField(
        _("own customers only"),
        default=False,
        help_text=_("A customer success manager sees only their own customers and those of their teams."),
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[is_zone],
        help_text=_("Times are shown in it. Empty: the company’s."),
    )
    invited_at = models.DateTimeField(
        _("invited"), null=True, blank=True, editable=False, help_text="The last time; older links do not work"
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("colleague")
        verbose_name_plural = _("colleagues")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_email",
                violation_error_message=_("A colleague with this e-mail exists already."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
            models.CheckConstraint(
                condition=Q(is_limited=False) | Q(role=Role.CSM),
                name="only_a_csm_is_limited",
                violation_error_message=_("Only a customer success manager can be limited to own customers."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def may_act(self) -> bool:
        """Whether they may change customers they see. Viewers only look."""
        return self.is_active and self.role != Role.VIEWER

    @property
    def may_lead(self) -> bool:
        """Whether they may import, delete and release: what is there for all, not for one customer."""
        return self.is_active and self.role in (Role.ADMIN, Role.LEAD)

    @property
    def asker(self) -> str:
        """The name by which rate limits and idempotency keep apart who sends requests."""
        return f"colleague:{self.pk}"

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.role == Role.ADMIN

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.role == Role.ADMIN
