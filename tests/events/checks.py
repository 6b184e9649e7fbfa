"""What must hold after whatever was sent."""

from django.db import connection

from scoring.verify import belonging, counts
from scoring.verify.report import Report

_HANGING = {
    "event of a contact who is nobody": """
        SELECT id FROM events_event AS event WHERE contact_id IS NOT NULL AND void_on IS NULL
        AND NOT EXISTS (SELECT 1 FROM customers_contact AS contact WHERE contact.id = event.contact_id)
    """,
    "event at a customer where its contact is not known to have any": """
        SELECT event.id FROM events_event AS event JOIN customers_contact AS contact ON contact.id = event.contact_id
        WHERE contact.customer_id <> event.customer_id AND void_on IS NULL AND NOT EXISTS (
            SELECT 1 FROM customers_affiliation AS other
            WHERE other.contact_id = event.contact_id AND other.customer_id = event.customer_id)
    """,
    "event under a company's name that is another's": """
        SELECT event.id FROM events_event AS event JOIN customers_identity AS identity ON identity.id = event.company_id
        WHERE identity.customer_id IS DISTINCT FROM event.customer_id AND void_on IS NULL
    """,
    "provisional customer without anybody": """
        SELECT id FROM customers_customer AS customer WHERE provisional
        AND NOT EXISTS (SELECT 1 FROM customers_contact AS contact WHERE contact.customer_id = customer.id)
    """,
    "contact without any identity": """
        SELECT id FROM customers_contact AS contact
        WHERE merged_into_id IS NULL AND removed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM customers_identity AS identity WHERE identity.contact_id = contact.id)
    """,
}


def counts_are_those_of_the_log():
    report = Report()
    counts.of_customers(0, 2**62, report)
    counts.of_sources(report)
    assert [str(difference) for difference in report.unexplained] == []


def everything_is_where_it_belongs():
    report = Report()
    belonging.of_customers(0, 2**62, report)
    assert ([str(difference) for difference in report.unexplained], report.pending) == ([], {})


def nothing_hangs_in_the_air():
    with connection.cursor() as cursor:
        for what, query in _HANGING.items():
            cursor.execute(query)
            assert cursor.fetchall() == [], what
