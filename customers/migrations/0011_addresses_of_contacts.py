"""The hash of each contact's address, and what is refused under it; made by contacts of the release before."""

from django.db import migrations
from django.utils import timezone

from core.db import bulk
from customers.consent import addresses

CHUNK = 2_000


def take_over(apps, schema_editor):
    contacts = apps.get_model("customers", "Contact").objects
    consents = apps.get_model("customers", "AddressConsent").objects
    last, now = 0, timezone.now()
    while rows := list(
        contacts.filter(pk__gt=last).exclude(email="").only("email", "address", "survey_opt_out").order_by("pk")[:CHUNK]
    ):
        for row in rows:
            row.address = addresses.digest(row.email)
        bulk.update(rows, ["address"])
        refusing = sorted({row.address for row in rows if row.survey_opt_out and row.address})
        consents.bulk_create(
            [consents.model(address=address, kind="opted_out", origin="before", at=now) for address in refusing],
            ignore_conflicts=True,
        )
        last = rows[-1].pk


def let_refusals_hold_for_all(apps, schema_editor):
    """Flag the other contacts of addresses that refuse."""
    contacts = apps.get_model("customers", "Contact").objects
    consents = apps.get_model("customers", "AddressConsent").objects
    last = 0
    while rows := list(
        consents.filter(pk__gt=last, kind="opted_out").order_by("pk").values_list("pk", "address")[:CHUNK]
    ):
        addressed = contacts.filter(address__in=[address for _, address in rows], survey_opt_out=False)
        addressed.update(survey_opt_out=True)
        last = rows[-1][0]


class Migration(migrations.Migration):
    atomic = False  # in batches, each of which may be repeated

    dependencies = [
        ("customers", "0010_index_of_addresses"),
    ]

    operations = [
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.RunPython(let_refusals_hold_for_all, migrations.RunPython.noop),
    ]
