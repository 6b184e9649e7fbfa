"""All factors of health, models of segments, a colleague's override, and who has data beyond counting."""

import uuid
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_health_when_handled"),
        ("events", "0003_touches_and_purchases"),
        ("scoring", "0003_changes_of_scores"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="overrides",
                        to="customers.customer",
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4)),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                ("health", models.PositiveSmallIntegerField(verbose_name="health")),
                ("until", models.DateField(verbose_name="up to and including")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("set_at", models.DateTimeField(verbose_name="set")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "override of health",
                "verbose_name_plural": "overrides of health",
            },
        ),
        migrations.RemoveConstraint(
            model_name="factor",
            name="one_factor_of_a_kind",
        ),
        migrations.RemoveConstraint(
            model_name="factor",
            name="factor_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="scoringmodel",
            name="one_published_model",
        ),
        migrations.AddField(
            model_name="currentscore",
            name="flagged",
            field=models.BooleanField(default=False, help_text="Some of its data are beyond what can be counted"),
        ),
        migrations.AddField(
            model_name="factor",
            name="cap_from",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="At so many points or fewer, this factor caps the whole health.",
                max_digits=5,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0")),
                    django.core.validators.MaxValueValidator(Decimal("100")),
                ],
                verbose_name="caps at points",
            ),
        ),
        migrations.AddField(
            model_name="factor",
            name="cap_to",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="What health is then at most.",
                max_digits=5,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0")),
                    django.core.validators.MaxValueValidator(Decimal("100")),
                ],
                verbose_name="caps health at",
            ),
        ),
        migrations.AddField(
            model_name="factor",
            name="days",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="Of trends, changes, purchases, key actions and active contacts.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(730)],
                verbose_name="period in days",
            ),
        ),
        migrations.AddField(
            model_name="factor",
            name="group",
            field=models.CharField(
                choices=[
                    ("product", "Product"),
                    ("relationship", "Relationship"),
                    ("voice", "Voice of the customer"),
                    ("support", "Support"),
                    ("finance", "Finance"),
                ],
                default="product",
                max_length=20,
                verbose_name="group",
            ),
        ),
        migrations.AddField(
            model_name="factor",
            name="name",
            field=models.CharField(
                blank=True,
                help_text="Which numeric attribute of the customer; of that factor only.",
                max_length=50,
                validators=[django.core.validators.RegexValidator("^[^:]*$", "An attribute's name has no colon.")],
                verbose_name="attribute",
            ),
        ),
        migrations.AddField(
            model_name="factor",
            name="silent_after",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="silent after days",
            ),
        ),
        migrations.AddField(
            model_name="factor",
            name="source",
            field=models.ForeignKey(
                blank=True,
                help_text="When this source sends nothing for any customer, the factor does not count.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="events.source",
                verbose_name="fed by",
            ),
        ),
        migrations.AddField(
            model_name="scorehistory",
            name="flagged",
            field=models.BooleanField(default=False, help_text="Some of its data are beyond what can be counted"),
        ),
        migrations.AddField(
            model_name="scoringmodel",
            name="copied_from",
            field=models.BigIntegerField(editable=False, null=True, verbose_name="copied from version"),
        ),
        migrations.AddField(
            model_name="scoringmodel",
            name="least_history",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="A customer known for fewer days has no health yet. 0: health from the first day.",
                validators=[django.core.validators.MaxValueValidator(730)],
                verbose_name="minimum history in days",
            ),
        ),
        migrations.AddField(
            model_name="scoringmodel",
            name="precedence",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="Of several segments' models, a customer gets the one with the lowest number.",
                verbose_name="precedence",
            ),
        ),
        migrations.AddField(
            model_name="scoringmodel",
            name="segment",
            field=models.ForeignKey(
                blank=True,
                help_text="Only its customers are scored by this model. Empty: all customers without a model of their own.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scoring_models",
                to="customers.segment",
                verbose_name="segment",
            ),
        ),
        migrations.AddField(
            model_name="weight",
            name="is_purchase",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="weight",
            name="is_touch",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="factor",
            name="kind",
            field=models.CharField(
                choices=[
                    ("engagement", "Engagement"),
                    ("engagement_trend", "Engagement trend"),
                    ("key_actions", "Breadth of key actions"),
                    ("active_contacts", "Share of active contacts"),
                    ("days_since_activity", "Days since last activity"),
                    ("purchases", "Number of purchases"),
                    ("purchase_value", "Average value of a purchase"),
                    ("days_since_touch", "Days since last touch by staff"),
                    ("pulse", "Pulse"),
                    ("nps", "NPS answer"),
                    ("csat", "Satisfaction answer (CSAT)"),
                    ("effort", "Effort answer (CES 2.0)"),
                    ("open_tickets", "Open tickets"),
                    ("oldest_ticket", "Days the oldest ticket is open"),
                    ("first_response", "Hours until the first response"),
                    ("overdue", "Overdue invoices"),
                    ("mrr_change", "Change of monthly revenue"),
                    ("attribute", "Attribute of the customer"),
                ],
                max_length=30,
                verbose_name="factor",
            ),
        ),
        migrations.AddConstraint(
            model_name="factor",
            constraint=models.UniqueConstraint(
                fields=("model", "kind", "name"),
                name="one_factor_of_a_kind_and_name",
                violation_error_message="This factor is in the model already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "engagement",
                            "engagement_trend",
                            "key_actions",
                            "active_contacts",
                            "days_since_activity",
                            "purchases",
                            "purchase_value",
                            "days_since_touch",
                            "pulse",
                            "nps",
                            "csat",
                            "effort",
                            "open_tickets",
                            "oldest_ticket",
                            "first_response",
                            "overdue",
                            "mrr_change",
                            "attribute",
                        ],
                    )
                ),
                name="factor_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="factor",
            constraint=models.CheckConstraint(
                condition=models.Q(("group__in", ["product", "relationship", "voice", "support", "finance"])),
                name="factor_group_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="factor",
            constraint=models.CheckConstraint(
                condition=models.Q(("best__range", (-100000000, 100000000)), ("worst__range", (-100000000, 100000000))),
                name="worst_and_best_are_within_100_million",
                violation_error_message="Worst and best lie between −100,000,000 and 100,000,000.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factor",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__range", (1, 730))), name="factor_days_are_1_to_730"
            ),
        ),
        migrations.AddConstraint(
            model_name="factor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "attribute"), models.Q(("name", ""), _negated=True)),
                    models.Q(models.Q(("kind", "attribute"), _negated=True), ("name", "")),
                    _connector="OR",
                ),
                name="an_attribute_has_a_name",
                violation_error_message="Name the attribute, exactly when the factor is one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cap_from", None), ("cap_to", None)),
                    models.Q(
                        ("cap_from__isnull", False),
                        ("cap_from__range", (0, 100)),
                        ("cap_to__isnull", False),
                        ("cap_to__range", (0, 100)),
                    ),
                    _connector="OR",
                ),
                name="a_cap_has_two_bounds",
                violation_error_message="A cap needs both: from which points, and to what.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("silent_after", None), ("source", None)),
                    models.Q(("silent_after__gte", 1), ("silent_after__isnull", False), ("source__isnull", False)),
                    _connector="OR",
                ),
                name="a_source_is_silent_after_days",
                violation_error_message="Say after how many days the source is silent, exactly when there is one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoringmodel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "published")),
                fields=("status", "segment"),
                name="one_published_model_of_a_segment",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="scoringmodel",
            constraint=models.CheckConstraint(
                condition=models.Q(("least_history__lte", 730)), name="least_history_is_0_to_730"
            ),
        ),
        migrations.AddIndex(
            model_name="override",
            index=models.Index(
                models.F("customer"), models.OrderBy(models.F("set_at"), descending=True), name="override_newest_first"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("health__range", (0, 100))), name="override_is_0_to_100"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("customer",), name="one_override_stands_for_a_customer"
            ),
        ),
    ]
