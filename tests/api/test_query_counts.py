"""An address asks the database as often for ten rows as for ten thousand. The numbers are pinned."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Act, Contact, Customer, Identity, Segment
from events.models import DailyCount, Event, EventType
from records.models import Contract, Invoice, Note, Ticket
from scoring.models import CurrentScore, ScoreHistory, ScoringModel
from staff.models import ApiKey
from surveys import lifecycle
from surveys.answering import direct_answers
from surveys.answering.direct_answers import IncomingAnswer
from surveys.models import Answer, Survey, Theme, Via, Wave
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.test_query_counts import copy_to_all, multiply, ten_customers  # noqa: F401

# One of each is the key. Owners' names are one more where customers are filtered.
ALL = {
    "me/": 1,
    "colleagues/": 3,
    "teams/": 2,
    "customers/": 4,
    "customers/?sort=-health&q=customer&stage=active&health=red": 7,  # ids that fit are read first
    "at-risk/": 4,
    "segments/": 2,
    "segments/{segment}/members/": 5,
    "contacts/": 3,
    "contacts/?customer={id}": 3,
    "event-types/": 2,
    "surveys/": 2,
    "surveys/{survey}/": 2,
    "surveys/{survey}/waves/": 3,
    "surveys/{survey}/invitations/": 3,
    "surveys/{survey}/answers/": 5,
    "surveys/{survey}/results/": 5,
    "surveys/{survey}/results/by/plan/": 4,
    "surveys/{survey}/results/by/segment/": 7,
    "voice/": 3,
    "answers/waiting/": 4,
    "answers/{id}/{answer}/": 2,
    "themes/": 2,
    "scoring-models/": 2,
    "scoring-models/{model}/": 5,
    "customers/{id}/": 3,
    "customers/{id}/score/": 12,
    "customers/{id}/history/": 3,
    "customers/{id}/events/": 3,
    "customers/{id}/acts/": 3,
    "acts/": 2,
    "acts/?customer={id}&kind=deletion": 2,
    "customers/{id}/contracts/": 3,
    "customers/{id}/invoices/": 3,
    "customers/{id}/tickets/": 3,
    "customers/{id}/notes/": 3,
}


@pytest.fixture
def one_of_ten(ten_customers, maya):  # noqa: F811
    """One of ten customers at risk, with one of everything."""
    customer = Customer.objects.first()
    contact = Contact.objects.create(customer=customer, name="Ann", created_at=NOW)
    Identity.objects.create(kind="user", value="ann", contact=contact)
    cast.happened(customer, "Feature used", NOW, contact)
    Invoice.objects.create(customer=customer, number="1", issued_on=NOW, amount=1, currency="EUR")
    Ticket.objects.create(customer=customer, subject="Help", opened_at=NOW)
    Note.objects.create(customer=customer, text="Called", at=NOW)
    Act.objects.create(customer=customer, kind=Act.Kind.DELETION, at=NOW, by=maya)
    ScoreHistory.objects.create(
        customer=customer, day=NOW, model=ScoringModel.objects.get(), coverage=0, inputs_digest=b""
    )
    Identity.objects.create(kind="rapport", value=str(customer.pk), customer=customer)
    survey = lifecycle.start(lifecycle.create("nps", now=NOW, by=None), now=NOW)
    direct_answers.record(survey, [IncomingAnswer({"score": 3}, NOW, contact=contact)], via=Via.API, now=NOW)
    Wave.objects.create(survey=survey, starts_at=NOW)
    Theme.objects.create(name="Speed")
    Segment.objects.create(name="All", owner=maya, is_shared=True, created_at=NOW)
    return customer


def counts(api, customer):
    parts = {"id": customer.pk, "segment": Segment.objects.first().pk, "model": ScoringModel.objects.get().pk}
    parts |= {"survey": Survey.objects.get().pk, "answer": Answer.objects.filter(customer=customer).first().id}
    return {path: len(queries(api, path.format(**parts))) for path in ALL}


def queries(api, path):
    with CaptureQueriesContext(connection) as asked:
        answer = api.get(path)
    assert answer.status_code == 200, (path, answer.content)
    return [query["sql"] for query in asked]


def test_every_address_asks_as_often_for_ten_rows_as_for_ten_thousand(api, one_of_ten):
    api.get("me/")  # the key's last use is noted once a minute
    assert counts(api, one_of_ten) == ALL
    multiply(Contact, name="name || n")
    multiply(Event, occurred_at="occurred_at - n * interval '1 minute'")
    multiply(Invoice, id="gen_random_uuid()")
    multiply(Ticket, id="gen_random_uuid()")
    multiply(Note, id="gen_random_uuid()")
    multiply(Act)
    given = IncomingAnswer({"score": 3}, NOW, customer_id=one_of_ten.pk)
    direct_answers.record(Survey.objects.get(), [given] * 300, via=Via.API, now=NOW)
    multiply(Wave, starts_at="starts_at")
    multiply(Theme, name="name || n")
    multiply(EventType, name="name || n")
    multiply(Customer, name="name || n")
    copy_to_all(CurrentScore, DailyCount, Contract)
    assert counts(api, one_of_ten) == ALL
    assert ApiKey.objects.count() == 1
