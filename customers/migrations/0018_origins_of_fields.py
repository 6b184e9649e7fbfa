from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0017_indexes_of_merged_and_deleted"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="field_origins",
            field=models.JSONField(editable=False, null=True),
        ),
        # In the picture alone: customers who stand keep the null that says that nobody has looked at them since.
        migrations.AlterField(
            model_name="customer",
            name="field_origins",
            field=models.JSONField(default=dict, editable=False, null=True),
        ),
        migrations.CreateModel(
            name="FieldSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("name", "Name"),
                            ("domain", "Domain"),
                            ("plan", "Plan"),
                            ("seats", "Seats"),
                            ("mrr", "Monthly revenue"),
                            ("industry", "Industry"),
                            ("country", "Country"),
                        ],
                        error_messages={"unique": "This field has a source already."},
                        max_length=10,
                        unique=True,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("staff", "a colleague"),
                            ("file", "a file"),
                            ("api", "the API"),
                            ("server", "tracking calls"),
                            ("browser", "a browser"),
                        ],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "source of a field",
                "verbose_name_plural": "sources of fields",
                "ordering": ["field"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("field__in", ["name", "domain", "plan", "seats", "mrr", "industry", "country"])
                        ),
                        name="a_source_is_of_a_field",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["staff", "file", "api", "server", "browser"])),
                        name="a_source_of_a_field_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FieldTrait",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "trait",
                    models.CharField(
                        error_messages={"unique": "This trait is on the list already."},
                        help_text="As it is sent, with its capitals; address.country is the country within the address.",
                        max_length=100,
                        unique=True,
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("name", "Name"),
                            ("domain", "Domain"),
                            ("plan", "Plan"),
                            ("seats", "Seats"),
                            ("mrr", "Monthly revenue"),
                            ("currency", "Currency"),
                            ("industry", "Industry"),
                            ("country", "Country"),
                        ],
                        help_text="Empty: it is kept among the attributes, even if it is built in.",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "verbose_name": "trait of companies",
                "verbose_name_plural": "traits of companies",
                "ordering": ["trait"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("trait", ""), _negated=True), name="a_trait_has_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "field__in",
                                ["", "name", "domain", "plan", "seats", "mrr", "currency", "industry", "country"],
                            )
                        ),
                        name="a_trait_has_a_field_or_none",
                    ),
                ],
            },
        ),
    ]
