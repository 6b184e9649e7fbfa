from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import folding
from core.db.derived import DerivedField
from core.db.search import SearchField, trigrams
from core.names.folding import fold
from core.spread import OnErase, OnMerge
from staff.models import Role, Team, User

FURTHER_FALL = (
    1_000  # hundredths of health: what a customer may lose, snoozed or handled, before it is in the list again
)


class Kind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class Stage(models.TextChoices):
    TRIAL = "trial", _("Trial")
    ACTIVE = "active", _("Active")
    CHURNED = "churned", _("Churned")
    ARCHIVED = "archived", _("Archived")

    @classmethod
    def followed(cls) -> list["Stage"]:
        """The stages of customers who are scored every day and may be at risk."""
        return [cls.TRIAL, cls.ACTIVE]


LABELS = ("plan", "industry", "country", "tags")


def label(kind: str, text: str) -> str:
    """Return the line of a customer's labels that says this of it, folded: "plan=enterprise"."""
    return f"\n{kind}={fold(text)}\n"


def labelled(customer: "Customer") -> str:
    """Return the lines of all labels of a customer; a tag is one as "tag"."""
    texts = [(name, getattr(customer, name)) for name in LABELS[:-1]]
    return "".join(label(name, text) for name, text in [*texts, *(("tag", tag) for tag in customer.tags)] if text)


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User) -> Self:
        """Keep what the colleague may see: all, or for a limited CSM their own and their teams' customers.

        None that were merged or deleted.
        """
        return self.standing().within_reach_of(user)

    def within_reach_of(self, user: User) -> Self:
        """Keep what the colleague may see, or might if it had not been merged or deleted."""
        if not user.is_active:
            return self.none()
        if user.role == Role.CSM and user.is_limited:
            teams = user.teams.values("pk")
            return self.filter(Q(owner=user) | Q(second_owner=user) | Q(team__in=teams))
        return self

    def standing(self) -> Self:
        """Leave out the customers that colleagues merged into others, or deleted."""
        return self.filter(merged_into=None, removed_at=None)

    def known(self) -> Self:
        """Leave out provisional customers, which stand in no list until somebody names them."""
        return self.standing().filter(provisional=False)

    def followed(self) -> Self:
        return self.known().filter(stage__in=Stage.followed())

    def at_risk(self, today: date) -> Self:
        """Keep the customers at risk, as their current scores have it, that are not snoozed."""
        not_snoozed = Q(snooze__isnull=True) | Q(snooze__until__lt=today) | self._fell_further()
        return self.at_risk_or_snoozed().filter(not_snoozed)

    def snoozed(self, today: date) -> Self:
        """Keep the customers at risk that are snoozed or marked as handled for now."""
        still_snoozed = Q(snooze__health=None) | Q(score__health=None)
        still_snoozed |= Q(score__health__gt=models.F("snooze__health") - FURTHER_FALL)
        return self.at_risk_or_snoozed().filter(still_snoozed, snooze__until__gte=today)

    def at_risk_or_snoozed(self) -> Self:
        """Keep all customers at risk, snoozed ones too: what they pay is at risk as well."""
        return self.followed().filter(score__at_risk=True)

    @staticmethod
    def _fell_further() -> Q:
        """Return the condition that health fell on. Where either health is unknown, nobody can say."""
        return Q(score__health__lte=models.F("snooze__health") - FURTHER_FALL)

    def most_urgent_first(self) -> Self:
        """Order by urgency; ties by the size of the fall of health."""
        return self.order_by(
            models.F("score__urgency").desc(nulls_last=True),
            models.F("score__health_fall").desc(nulls_last=True),
            "pk",
        )


class Customer(models.Model):
    """The company or person whose engagement we follow. Derived numbers live in tables of their own."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.COMPANY)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="children",
    )
    name = models.CharField(_("name"), max_length=200)
    domain = models.CharField(_("domain"), max_length=253, blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.ACTIVE)
    plan = models.CharField(_("plan"), max_length=100, blank=True)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    mrr = models.DecimalField(_("monthly revenue"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default=settings.BASE_CURRENCY)
    industry = models.CharField(_("industry"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    owner = models.ForeignKey(
        User, verbose_name=_("owner"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    second_owner = models.ForeignKey(
        User,
        verbose_name=_("second owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    tags = ArrayField(models.CharField(max_length=50), verbose_name=_("tags"), default=list, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    # When each trait was last sent: name → ISO instant (customers.described.companies). The latest wins.
    set_at = models.JSONField(default=dict, blank=True)
    # Who set each field (customers.described.origins). Null: not touched since origins are kept.
    field_origins = models.JSONField(null=True, default=dict, editable=False)
    churned_on = models.DateField(_("churned on"), null=True, blank=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    # By colleagues: the row stays, so that it can be undone. A customer in no list, whose person is known to be of
    # another one, is deleted when its events have moved there.
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False,
        related_name="+", help_text="The customer its history belongs to",
    )  # fmt: skip
    removed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    # What a search asks (core/db/search.py), and what filters by plan, industry, country and tag do.
    search = SearchField("name", "domain")
    labels = DerivedField(labelled, sources=LABELS)

    on_merge: ClassVar = OnMerge.REPOINT  # children point at their parent
    on_erase: ClassVar = OnErase.KEEP

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="customer_kind_is_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="customer_stage_is_known"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="no_customer_is_its_own_parent"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="customer_currency_has_three_letters"
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.CHURNED) | Q(churned_on__isnull=False), name="the_churned_have_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.TRIAL, Stage.ACTIVE]) | Q(churned_on=None),
                name="who_is_followed_has_not_churned",
                violation_error_message=_("A customer on trial or active has not churned."),
            ),
        ]
        indexes = [
            # Partial: provisional customers are in no list, and may be most of the rows.
            models.Index("name", "id", condition=Q(provisional=False), name="customer_by_name"),
            models.Index("merged_into", condition=~Q(merged_into=None), name="customer_by_merged_into"),
            trigrams("search", "customer_search_trigrams"),
            trigrams("labels", "customer_labels_trigrams"),
            GinIndex(fields=["tags"], name="customer_by_tag"),
            # Duplicates are found by these (customers/finding/duplicates.py), from the index alone: hence `include`.
            models.Index(
                folding.company_name("name"),
                name="company_by_folded_name",
                condition=Q(provisional=False, kind=Kind.COMPANY),
                include=["id", "name", "merged_into", "removed_at"],
            ),
            models.Index(
                folding.host("domain"),
                name="company_by_host",
                condition=Q(provisional=False, kind=Kind.COMPANY),
                include=["id", "domain", "merged_into", "removed_at"],
            ),
        ]

    def __str__(self) -> str:
        return self.name
