"""People refuse while identify calls bring the same addresses: nobody waits for ever, and nothing is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from customers.consent import settling
from customers.models import Act, AddressConsent, Contact
from events import ingest
from records import contacts
from surveys.models import Invitation, Via
from surveys.sending import invitations, optouts
from tests.conftest import NOW
from tests.events.people import identify
from tests.surveys.conftest import company, running

ADDRESSES = 6
PLACES = ("acme", "birch")
AT_ONCE = 8


def at_once(*acts):
    def one(act):
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(one, acts))


@pytest.mark.django_db(transaction=True)
def test_clicks_and_identify_calls_about_shared_addresses_end_in_one_answer(begun, source):
    customers = {place: company(place).pk for place in PLACES}
    rows = [
        {"customer_id": customers[place], "user_id": f"{place} {i}", "email": f"kim{i}@shared.example"}
        for i in range(ADDRESSES)
        for place in PLACES
    ]
    everybody = contacts.write(rows, now=NOW)
    invitations.invite(running(), everybody, via=Via.LINK, now=NOW)
    asked = list(Invitation.objects.select_related("survey", "contact").order_by("contact"))

    def click(backwards):
        for invitation in reversed(asked) if backwards else asked:
            optouts.opt_out(invitation, now=NOW)

    def call(backwards):
        ordered = reversed(rows) if backwards else rows
        calls = [
            identify(userId=row["user_id"], traits={"email": row["email"].upper(), "survey_opt_out": True})
            for row in ordered
        ]
        assert not ingest.record(calls, source=source, now=NOW).reasons

    at_once(*(lambda n=n: (click if n % 2 else call)(n % 4 < 2) for n in range(AT_ONCE)))
    settling.settle(now=NOW)
    assert not Contact.objects.filter(survey_opt_out=False).exists()
    assert AddressConsent.objects.count() == ADDRESSES
    told = list(Act.objects.filter(kind=Act.Kind.CONSENT).values_list("detail__contact", flat=True))
    assert sorted(told) == sorted(contact.pk for contact in everybody), "each is told once"
