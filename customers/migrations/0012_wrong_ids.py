import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0011_addresses_of_contacts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WrongId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "value",
                    models.CharField(
                        error_messages={"unique": "This id is on the list already."},
                        help_text="Compared without regard to capitals, nor to quotation marks, brackets and signs of templates around it.",
                        max_length=200,
                        unique=True,
                        verbose_name="id",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="Who sends it, and why.", max_length=300, verbose_name="note"
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="added")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "wrong id",
                "verbose_name_plural": "wrong ids",
                "ordering": ["value"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("value", ""), _negated=True), name="a_wrong_id_is_something"
                    )
                ],
            },
        ),
    ]
