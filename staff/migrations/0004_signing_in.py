from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0003_time_zone"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="invited_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="The last time; older links do not work",
                null=True,
                verbose_name="invited",
            ),
        ),
        migrations.CreateModel(
            name="FailedAttempts",
            fields=[
                ("key", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["last_at"], name="failed_attempts_by_age")],
            },
        ),
    ]
