"""A page asks the database as often for ten customers as for ten thousand. The numbers are pinned."""

from datetime import timedelta

import pytest
from django.db import connection
from django.shortcuts import render

from core.days import last_closed
from core.db import derived
from core.jobs import rederiving
from customers import attention, segments
from customers.models import Act, Change, Contact, Customer
from events.models import ActiveDay, DailyCount, Event
from records.models import Contract, Invoice, Note, Ticket
from scoring.model_versions import versions
from scoring.models import CurrentScore, Factor, FactorKind, ScoringModel
from scoring.what_if import prepare
from scoring.what_if.prepare import cache
from scoring.what_if.swap import load_swap
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.queries import OnPages, page_queries
from tests.scoring import portfolios

OVERDUE = cast.TODAY - timedelta(days=9)
FEW, TIMES = 10, 1_000  # ten, and ten thousand more


def multiply(model, **new):
    """Copy every row a thousand times within the database; `new` says in SQL what differs in copy n."""
    if model._meta.get_field("id").get_internal_type() == "UUIDField":
        new = {"id": "gen_random_uuid()", **new}
    names = [field.column for field in model._meta.local_concrete_fields if field.column not in ("id", *new)]
    columns, values = ", ".join([*new, *names]), ", ".join([*new.values(), *names])
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(1, {TIMES}) AS n"
            " ORDER BY n"  # whatever the plan: the newest rows are copies of each one
        )
        if derived.fields_of(model):
            rederiving.rederive(model._default_manager.all())
        # As autovacuum would: a join that was planned for empty tables takes hours with these.
        cursor.execute(f"ANALYZE {table}")


def copy_to_all(*models):
    """Give every customer that has none a copy of one of the rows."""
    for model in models:
        table = model._meta.db_table
        names = ", ".join(f.column for f in model._meta.local_concrete_fields if f.column != "customer_id")
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (customer_id, {names}) SELECT customer.copied_to, {names} FROM "
                f"(SELECT id AS copied_to FROM customers_customer) AS customer, "
                f"(SELECT {names} FROM {table} LIMIT 1) AS one "
                f"WHERE customer.copied_to NOT IN (SELECT customer_id FROM {table})"
            )


@pytest.fixture
def ten_customers(maya):
    """Customers at risk, each with a contract and purchases long ago."""
    for i in range(FEW):
        customer = cast.at_risk(f"Customer {i}", owner=maya, mrr=i)
        cast.counted(customer, "Order completed", 40)
        Contract.objects.create(customer=customer, name="Annual", currency="EUR", starts_on=NOW, renews_on=cast.TODAY)


@pytest.fixture
def history(maya):
    """A customer at risk with ten of each: contacts, events, contracts, invoices, tickets, notes, changes, children."""
    customer = cast.at_risk("Acme", owner=maya, mrr=100, currency="USD")
    for i in range(FEW):
        contact = Contact.objects.create(customer=customer, name=f"Contact {i}", created_at=NOW)
        ActiveDay.objects.create(customer=customer, contact=contact, day=cast.TODAY, known_on=cast.TODAY)
        cast.happened(customer, "Feature used", NOW - timedelta(minutes=i), contact, properties={"n": i})
        money = {"customer": customer, "currency": "USD"}
        Contract.objects.create(**money, name="Annual", starts_on=NOW, renews_on=cast.TODAY + timedelta(days=i))
        Invoice.objects.create(**money, number=f"{i}", amount=10, issued_on=OVERDUE, due_on=OVERDUE)
        Ticket.objects.create(customer=customer, subject="Slow", opened_at=NOW, contact=contact)
        Note.objects.create(customer=customer, text="Called", at=NOW, author=maya, contact=contact, pulse="red")
        Act.objects.create(customer=customer, kind=Act.Kind.OBJECTION, at=NOW, by=maya, detail={"contact": contact.pk})
        Change.objects.create(customer=customer, at=NOW, by=maya, fields={"owner_id": [None, maya.pk]})
        cast.at_risk(f"Child {i}", parent=customer, owner=maya)
    return customer


def queries(client, path):
    with OnPages(
        connection,
    ) as asked:
        response = client.get(path)
    assert response.status_code == 200
    return [query["sql"] for query in asked]


# Four say what was last and what is next, one which suggestions are tasks already, two who is below, three the course.
PROFILE, PROFILE_TEMPLATE = 29, 0
TABS = {"timeline/": 8, "timeline/?q=used": 7, "notes/": 4, "answers/": 5, "score/": 16, "tasks/": 5}
ACT = 6
# Previews count what hangs on one of the two; the deletions are a list.
CHOOSING, MERGING, DELETING, DELETED = 6, 13, 12, 3
PAGES = {
    "/customers/": 10,
    "/customers/?columns=owner&columns=last_contact&columns=next_task": 13,  # four of them: what is last and next
    "/customers/?group=owner": 9,
    "/customers/?group=plan&stage=all": 8,
    "/customers/totals/": 5,
    "/customers/?sort=-health&q=customer&stage=active&health=red": 12,  # two of them: ids, and whether anybody fits
    "/customers/?sort=mrr&q=custmer&at_risk=yes": 15,  # then who is spelt alike, by names and by contacts
    "/search/?q=custmer": 10,
    "/customers/values/": 6,
    "/at-risk/": 13,  # four of them: the last contact and the next step of each row
    "/at-risk/totals/": 5,
    "/at-risk/resting/": 5,
}
# Beyond a thousand found, who left is not counted besides.
OF_MANY = {
    "/customers/": 9,
    "/customers/?columns=owner&columns=last_contact&columns=next_task": 12,
    "/customers/?group=owner": 8,
}
SIGNING_IN = 14  # two of them begin and end the transaction that counts the attempt


def asked(client, pages):
    """Return how often each page asks; `{pk}` is the first customer's."""
    first = Customer.objects.order_by("pk").first()
    return {path: len(queries(client, path.format(pk=first.pk))) for path in pages}


def test_pages_ask_as_often_for_ten_customers_as_for_ten_thousand(client, maya, ten_customers):
    client.force_login(maya)
    assert asked(client, PAGES) == PAGES
    multiply(Customer, name="name || n")
    copy_to_all(CurrentScore, DailyCount, Contract)
    assert asked(client, PAGES) == PAGES | OF_MANY
    assert CurrentScore.objects.filter(at_risk=True).count() == FEW + FEW * TIMES


def test_the_templates_of_the_lists_make_no_query(client, maya, ten_customers):
    """All of them are the view's: a template that makes one makes it once a row sooner or later."""
    client.force_login(maya)
    snoozed = Customer.objects.order_by("pk").first()
    attention.snooze(snoozed, until=cast.TODAY, reason="On holiday", now=NOW, by=maya)
    segments.save("Mine", {"owner": str(maya.pk)}, by=maya, is_shared=True, now=NOW)
    pages = [*PAGES, "/customers/?stage=typo", "/customers/views/", f"/at-risk/snooze/?customers={snoozed.pk}"]
    assert {path: page_queries(client, path).template for path in pages} == dict.fromkeys(pages, 0)


def test_signing_in_asks_as_often_for_ten_customers_as_for_ten_thousand(client, maya, ten_customers):
    def signing_in():
        assert asked(client, ["/sign-in/"]) == {"/sign-in/": 0}
        with OnPages(connection) as queries:
            answer = client.post("/sign-in/", {"username": maya.email, "password": cast.PASSWORD})
        client.logout()
        return answer.status_code, len(queries)

    assert signing_in() == (302, SIGNING_IN)
    multiply(Customer, name="name || n")
    assert signing_in() == (302, SIGNING_IN)


def test_a_profile_asks_as_often_for_ten_events_as_for_ten_thousand(client, maya, history):
    client.force_login(maya)
    path = f"/customers/{history.pk}/"
    assert len(queries(client, path)) == PROFILE
    assert {tab: len(queries(client, path + tab)) for tab in TABS} == TABS
    multiply(Contact, name="name || n")
    multiply(Event, occurred_at="occurred_at - n * interval '1 minute'")
    for model in (Contract, Invoice, Ticket, Note, Change, Act):
        multiply(model)
    multiply(Customer, name="name || n")
    copy_to_all(CurrentScore)
    assert Note.objects.filter(customer=history).count() == Contract.objects.count() == FEW + FEW * TIMES
    assert len(queries(client, path)) == PROFILE
    assert {tab: len(queries(client, path + tab)) for tab in TABS} == TABS
    act = Act.objects.filter(customer=history).latest("pk")
    Event.objects.filter(customer=history).update(void_on=cast.TODAY, void_act=act)
    assert len(queries(client, f"{path}acts/{act.pk}/")) == ACT
    Act.objects.all().delete()
    timeline = "timeline/"
    assert len(queries(client, path + timeline)) == TABS[timeline] - 2, "neither for acts nor for whom they are about"


def test_putting_right_asks_as_often_for_ten_of_each_as_for_ten_thousand(client, maya, history):
    client.force_login(cast.colleague("Lea", Role.LEAD))
    other = cast.customer("Acme Ltd", plan="pro", owner=maya)
    at = f"/customers/{other.pk}/merge/"
    pages = {
        f"{at}?q=Acme": CHOOSING,
        f"{at}?with={history.pk}": MERGING,
        f"/customers/{history.pk}/delete/": DELETING,
        "/deleted/": DELETED,
    }
    Act.objects.create(
        customer=other, kind=Act.Kind.REMOVAL, at=NOW, by=maya, detail={"of": "customer", "gone_name": "A", "names": []}
    )
    assert {path: len(queries(client, path)) for path in pages} == pages
    multiply(Contact, name="name || n")
    for model in (Contract, Invoice, Ticket, Note, Act):
        multiply(model)
    multiply(Customer, name="name || n")
    assert {path: len(queries(client, path)) for path in pages} == pages


def test_the_template_of_a_profile_asks_nothing(client, maya, history, monkeypatch):
    """What the view loads and what the template asks for are pinned apart: a template that asks, asks in a loop."""
    client.force_login(maya)
    counts = []

    def counted_render(*args, **kwargs):
        with OnPages(connection) as asked:
            response = render(*args, **kwargs)
        counts.append(len(asked))
        return response

    monkeypatch.setattr("desk.profile.page.render", counted_render)
    assert client.get(f"/customers/{history.pk}/").status_code == 200
    assert counts == [PROFILE_TEMPLATE]


def test_the_timeline_is_served_by_the_key_of_the_event_table(client, maya, history):
    """With sorting made expensive, only an order that no index gives would still be sorted for."""
    client.force_login(maya)
    timeline = next(sql for sql in queries(client, f"/customers/{history.pk}/timeline/") if '"occurred_at" DESC' in sql)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {timeline}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan Backward using events_event" in plan, plan
    assert "Sort  (" not in plan, plan


WHAT_IF_GATHERED, WHAT_IF_PREPARED = 43, 32


@pytest.mark.parametrize("customers", [150, 1_500])
def test_what_if_asks_as_often_for_ten_times_the_customers(client, begun, customers):
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    Factor.objects.filter(model=draft, kind=FactorKind.DAYS_SINCE_ACTIVITY).update(weight=90)
    portfolios.make(customers, portfolios.types(["Report created", "Signed in"]))
    path = f"/models/{draft.pk}/what-if/"
    cache.clear()
    assert len(queries(client, path)) == WHAT_IF_GATHERED
    prepare.start(load_swap(draft, last_closed()), now=NOW, by=None)
    while prepare.work(clock=lambda: NOW):
        pass
    cache.clear()
    assert len(queries(client, path)) == WHAT_IF_PREPARED
    assert client.get(path).context["later"], "more change than one page shows"
