from django.db import migrations

BEGINNINGS = {"contract": "starts_on", "invoice": "issued_on", "note": "at", "ticket": "opened_at"}
# Ids made from a row of a file name the row, not a record of another system: two customers may have the same.
KEYS = """
    INSERT INTO records_recordkey (kind, external_id, customer_id, record)
    SELECT DISTINCT ON (external_id) '{kind}', external_id, customer_id, id FROM records_{kind}
    WHERE external_id <> '' AND external_id NOT LIKE 'file:%'
    ORDER BY external_id, {beginning}, customer_id
"""
# What lies ahead was told at once until now: the daily job looks at it and takes that back. Invoices fell due a month
# back too: what came to pass while no worker ran is made up for.
DAYS_AHEAD = [
    "UPDATE records_contract SET next_on = current_date WHERE starts_on >= current_date",
    """
    UPDATE records_invoice SET next_on = due_on + 1
    WHERE NOT is_void AND paid_on IS NULL AND amount > 0 AND due_on BETWEEN current_date - 31 AND '9999-01-01'
    """,
    """
    UPDATE records_invoice SET next_on = current_date
    WHERE NOT is_void AND (issued_on >= current_date OR paid_on >= current_date)
    """,
    "UPDATE records_note SET next_on = current_date WHERE at >= now()",
    """
    UPDATE records_ticket SET next_on = current_date
    WHERE greatest(opened_at, first_response_at, escalated_at, solved_at) >= now()
    """,
]


class Migration(migrations.Migration):
    dependencies = [("records", "0004_what_records_have_told")]

    operations = [
        *(
            migrations.RunSQL(KEYS.format(kind=kind, beginning=beginning), migrations.RunSQL.noop)
            for kind, beginning in BEGINNINGS.items()
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in DAYS_AHEAD),
    ]
