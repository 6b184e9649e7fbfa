"""What the guard knew of contacts, taken over to their addresses: when they were asked, and which bounce."""

from django.db import migrations

from customers.consent import addresses

CHUNK = 2_000
# Of two contacts with one address the later asking counts.
ASKED = """
    INSERT INTO surveys_addressguard (address, asked_at, invitation_id)
    SELECT DISTINCT ON (contact.address) contact.address, guard.asked_at, guard.invitation_id
    FROM surveys_guard AS guard JOIN customers_contact AS contact ON contact.id = guard.contact_id
    WHERE guard.contact_id = ANY(%s) AND guard.asked_at IS NOT NULL AND contact.address IS NOT NULL
    ORDER BY contact.address, guard.asked_at DESC
    ON CONFLICT (address) DO UPDATE
    SET asked_at = EXCLUDED.asked_at, invitation_id = EXCLUDED.invitation_id
    WHERE surveys_addressguard.asked_at IS NULL OR surveys_addressguard.asked_at < EXCLUDED.asked_at
"""
NEXT = """
    SELECT contact_id, bounced_at, bounced_address FROM surveys_guard WHERE contact_id > %s ORDER BY contact_id LIMIT %s
"""


def take_over(apps, schema_editor):
    consents = apps.get_model("customers", "AddressConsent").objects
    last = 0
    while True:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(NEXT, [last, CHUNK])
            rows = cursor.fetchall()
            if not rows:
                return
            cursor.execute(ASKED, [[contact for contact, *_ in rows]])
        bounced = [(addresses.digest(email), at) for _, at, email in rows if at is not None]
        consents.bulk_create(
            [
                consents.model(address=address, kind="bounced", origin="before", at=at)
                for address, at in bounced
                if address is not None
            ],
            ignore_conflicts=True,
        )
        last = rows[-1][0]


class Migration(migrations.Migration):
    atomic = False  # in batches, each of which may be repeated

    dependencies = [
        ("customers", "0011_addresses_of_contacts"),
        ("surveys", "0004_guard_of_addresses"),
    ]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
