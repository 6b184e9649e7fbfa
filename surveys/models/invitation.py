from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models import Contact, Customer
from staff.models import User
from surveys.models.survey import Survey
from surveys.models.wave import Wave


class Via(models.TextChoices):
    """How the question reaches somebody, or their answer us."""

    EMAIL = "email", _("E-mail")
    LINK = "link", _("Link")
    WIDGET = "widget", _("Widget")
    API = "api", _("API")
    IMPORT = "import", _("Import")
    WEBHOOK = "webhook", _("Webhook")


class InvitationState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Not sent")
    FAILED = "failed", _("Could not be delivered")


class Dropped(models.TextChoices):
    """Why a contact was not asked."""

    LATELY = "lately", _("asked recently")
    OPTED_OUT = "opted_out", _("opted out of surveys")
    BOUNCED = "bounced", _("their address bounces")
    NO_ADDRESS = "no_address", _("no e-mail address")
    CLOSED = "closed", _("the survey was closed before")
    GONE = "gone", _("no longer known")


class OfCustomers(models.QuerySet):
    """Rows that belong to customers: a colleague sees those of the customers they see."""

    def visible_to(self, user: User) -> Self:
        return self.filter(customer__in=Customer.objects.visible_to(user))


class Invitation(models.Model):
    """One asking of one person, and how far it came. Its id is made from what led to it, so it happens once.

    An answer that nobody asked for (a public link, an import) has one too: sent_at is empty then.
    """

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_index=False, related_name="invitations")
    # No default: it is a digest of what led to the invitation, so that repeating the step makes no second one.
    id = models.UUIDField()
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, db_index=False, related_name="invitations")
    wave = models.ForeignKey(Wave, null=True, on_delete=models.SET_NULL, db_index=False, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    via = models.CharField(max_length=10, choices=Via.choices, default=Via.EMAIL)
    state = models.CharField(max_length=10, choices=InvitationState.choices, default=InvitationState.WAITING)
    reason = models.CharField(max_length=12, choices=Dropped.choices, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True, help_text="Told by the mail provider; many tell nothing")
    opened_at = models.DateTimeField(null=True, help_text="Told by the mail provider")
    started_at = models.DateTimeField(null=True, help_text="When somebody first touched the form, or answered")
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    # A bounce and a click on "no more" are of this address, whichever the contact has by then.
    sent_to = models.BinaryField(max_length=32, null=True, help_text="Keyed hash of the address it was sent to")

    on_merge: ClassVar = OnMerge.MOVE
    on_erase: ClassVar = OnErase.ANONYMISE

    objects = OfCustomers.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InvitationState.values), name="invitation_state_is_known"),
            models.CheckConstraint(condition=Q(via__in=Via.values), name="invitation_via_is_known"),
            models.CheckConstraint(
                condition=~Q(state=InvitationState.DROPPED) | ~Q(reason=""), name="what_is_dropped_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["survey", "-created_at", "id"], name="invitation_of_a_survey"),
            models.Index(
                fields=["sent_at"],
                condition=Q(state=InvitationState.SENT, answered_at=None, reminded_at=None),
                name="invitation_to_be_reminded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.id}"


class Token(models.Model):
    """What stands in a personal link, hashed: it finds the invitation. A look-up table; several may lead to one."""

    # Only the hash: a copy of the database must not let anybody answer for others.
    hash = models.BinaryField(primary_key=True, max_length=32)
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    invitation_id = models.UUIDField(db_index=True)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, db_index=False, related_name="+")
    expires_at = models.DateTimeField()

    on_merge: ClassVar = OnMerge.REPOINT
    on_erase: ClassVar = OnErase.DELETE

    def __str__(self) -> str:
        return str(self.invitation_id)
