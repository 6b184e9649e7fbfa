"""One input of health: mapped to 0..100 between a worst and a best value, clamped."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.models import Source
from scoring.models.factor_kind import FactorKind
from scoring.models.scoring_model import MAX_WINDOW, ScoringModel

MAX_FACTOR_WEIGHT = 1_000
FARTHEST = 10**8  # either side of zero, for worst and best values: the arithmetic stays within 64 bits


def kinds() -> Sequence[tuple[str, Any]]:
    """Return the factors to choose from. A function, so that migrations do not repeat them (a new one needs none)."""
    return FactorKind.choices


class Group(models.TextChoices):
    """What a factor speaks of; pages show factors together by it."""

    PRODUCT = "product", _("Product")
    RELATIONSHIP = "relationship", _("Relationship")
    VOICE = "voice", _("Voice of the customer")
    SUPPORT = "support", _("Support")
    FINANCE = "finance", _("Finance")


class NullRule(models.TextChoices):
    SKIP = "skip", _("Skip, the others share its weight")
    WORST = "worst", _("Count as worst")
    NEUTRAL = "neutral", _("Count as 50")
    FIXED = "fixed", _("Count as a fixed value")


def _points(label: object, help_text: object) -> models.DecimalField:
    return models.DecimalField(
        label,  # type: ignore[arg-type]
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text=help_text,  # type: ignore[arg-type]
    )


class Factor(models.Model):
    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="factors")
    kind = models.CharField(_("factor"), max_length=30, choices=kinds)
    name = models.CharField(
        _("attribute"),
        max_length=50,
        blank=True,
        validators=[RegexValidator(r"^[^:]*$", _("An attribute's name has no colon."))],
        help_text=_("Which numeric attribute of the customer; of that factor only."),
    )
    group = models.CharField(_("group"), max_length=20, choices=Group.choices, default=Group.PRODUCT)
    weight = models.PositiveSmallIntegerField(
        _("weight"), validators=[MinValueValidator(1), MaxValueValidator(MAX_FACTOR_WEIGHT)]
    )
    worst = models.DecimalField(_("worst value (0)"), max_digits=12, decimal_places=2)
    best = models.DecimalField(_("best value (100)"), max_digits=12, decimal_places=2)
    days = models.PositiveSmallIntegerField(
        _("period in days"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_WINDOW)],
        help_text=_("Of trends, changes, purchases, key actions and active contacts."),
    )
    max_age = models.PositiveSmallIntegerField(
        _("maximum age in days"),
        default=365,
        validators=[MinValueValidator(1)],
        help_text=_("An input older than this is unknown."),
    )
    null_rule = models.CharField(_("when unknown"), max_length=10, choices=NullRule.choices, default=NullRule.SKIP)
    fixed_value = _points(_("fixed value"), "")
    cap_from = _points(_("caps at points"), _("At so many points or fewer, this factor caps the whole health."))
    cap_to = _points(_("caps health at"), _("What health is then at most."))
    source = models.ForeignKey(
        Source,
        verbose_name=_("fed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("When this source sends nothing for any customer, the factor does not count."),
    )
    silent_after = models.PositiveSmallIntegerField(
        _("silent after days"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("health factor")
        verbose_name_plural = _("health factors")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "kind", "name"],
                name="one_factor_of_a_kind_and_name",
                violation_error_message=_("This factor is in the model already."),
            ),
            # The engine's files say which kinds there are; listing them here would need a migration for each new one.
            models.CheckConstraint(condition=Q(kind__regex=r"^[a-z][a-z_]*$"), name="factor_kind_is_a_plain_name"),
            models.CheckConstraint(condition=Q(group__in=Group.values), name="factor_group_is_known"),
            models.CheckConstraint(
                condition=Q(weight__range=(1, MAX_FACTOR_WEIGHT)), name="factor_weight_is_1_to_1000"
            ),
            models.CheckConstraint(
                condition=~Q(worst=F("best")),
                name="worst_differs_from_best",
                violation_error_message=_("The worst and the best value must differ."),
            ),
            models.CheckConstraint(
                condition=Q(worst__range=(-FARTHEST, FARTHEST), best__range=(-FARTHEST, FARTHEST)),
                name="worst_and_best_are_within_100_million",
                violation_error_message=_("Worst and best lie between −100,000,000 and 100,000,000."),
            ),
            models.CheckConstraint(condition=Q(days__range=(1, MAX_WINDOW)), name="factor_days_are_1_to_730"),
            models.CheckConstraint(
                condition=(Q(kind="attribute") & ~Q(name="")) | (~Q(kind="attribute") & Q(name="")),
                name="an_attribute_has_a_name",
                violation_error_message=_("Name the attribute, exactly when the factor is one."),
            ),
            models.CheckConstraint(
                condition=(~Q(null_rule="fixed") & Q(fixed_value=None))
                | Q(null_rule="fixed", fixed_value__isnull=False, fixed_value__range=(0, 100)),
                name="fixed_value_goes_with_its_rule",
                violation_error_message=_("Give a fixed value from 0 to 100 exactly when the rule asks for one."),
            ),
            models.CheckConstraint(
                condition=Q(cap_from=None, cap_to=None)
                | Q(cap_from__isnull=False, cap_to__isnull=False, cap_from__range=(0, 100), cap_to__range=(0, 100)),
                name="a_cap_has_two_bounds",
                violation_error_message=_("A cap needs both: from which points, and to what."),
            ),
            models.CheckConstraint(
                condition=Q(source=None, silent_after=None)
                | Q(source__isnull=False, silent_after__isnull=False, silent_after__gte=1),
                name="a_source_is_silent_after_days",
                violation_error_message=_("Say after how many days the source is silent, exactly when there is one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())
