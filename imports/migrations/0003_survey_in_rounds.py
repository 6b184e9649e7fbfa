"""The first reading of a file is kept between rounds of work."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0002_sheets_of_a_workbook"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="survey",
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name="SurveyedIds",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "of_id", "from_row", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_row", models.PositiveIntegerField()),
                ("hashes", models.BinaryField(help_text="64-bit integers of eight bytes each")),
                (
                    "of",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="surveyed_ids",
                        to="imports.import",
                    ),
                ),
            ],
        ),
    ]
