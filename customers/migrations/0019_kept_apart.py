import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def link(to, **more):
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=to, **more)


def pairs_of(name, to):
    """Return the table of pairs of which a colleague said that they are not the same."""
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField()),
            (
                "by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            ("first", link(to, db_index=False)),
            ("second", link(to)),
        ],
        options={
            "abstract": False,
            "constraints": [
                models.UniqueConstraint(fields=["first", "second"], name=f"{name.lower()}_once"),
                models.CheckConstraint(condition=Q(first__lt=F("second")), name=f"{name.lower()}_in_order"),
            ],
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0018_origins_of_fields"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pairs_of("CustomersApart", "customers.customer"),
        pairs_of("ContactsApart", "customers.contact"),
    ]
