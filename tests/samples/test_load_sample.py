"""Loading: small, with a database."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.jobs import periodic
from customers.models import Contact, Customer, InputLog
from events.models import Event, EventType, Rejected
from records.models import Contract, Invoice, Note, Ticket
from samples.portfolio.books import SKIPPED
from samples.portfolio.records import TOLD
from scoring.models import CurrentScore, ScoreHistory
from staff.models import User
from surveys.models import Answer, Invitation, Tally

SMALL = {"customers": 12, "days": 60}
STORED = (
    Customer,
    Contact,
    Event,
    Contract,
    Invoice,
    Ticket,
    Note,
    InputLog,
    User,
    EventType,
    Answer,
    Invitation,
    Tally,
)


def load(*arguments, **options):
    out = StringIO()
    call_command("load_sample", *arguments, stdout=out, **options)
    return out.getvalue()


def number(out, what):
    return next(int(line.split()[0].replace(",", "")) for line in out.splitlines() if line.endswith(what))


def skipped(out):
    """What the sample has for later today: the number depends on the hour of the test."""
    reason = " skipped: later than the hour of loading"
    return number(out, reason) if reason in out else 0


@pytest.mark.django_db
def test_the_portfolio_arrives_whole_and_scored():
    out = load("portfolio", **SMALL)
    told = number(out, f" skipped: {SKIPPED}")
    assert number(out, " read") == number(out, " stored") + skipped(out) + told
    assert number(out, " stored") > 500
    assert number(out, " rejected") == Rejected.objects.count() == 0
    by_records = Event.objects.filter(event_type__name__in={*TOLD, "Contract signed", "Invoice issued"}).count()
    assert Event.objects.count() == number(out, " stored") + by_records
    assert Customer.objects.count() == Customer.objects.known().count() == 12
    assert CurrentScore.objects.filter(customer__in=Customer.objects.followed()).exists()
    assert ScoreHistory.objects.exists()
    assert periodic.is_done("sample", "portfolio")


@pytest.mark.django_db
def test_loading_again_stores_nothing_twice_and_leaves_what_staff_changed():
    load("portfolio", **SMALL)
    before = [model.objects.count() for model in STORED]
    Customer.objects.filter(pk__in=Customer.objects.all()[:1]).update(name="Renamed by staff")
    out = load("portfolio", **SMALL)
    assert number(out, " stored") == 0
    assert "It was loaded before" in out
    assert before == [model.objects.count() for model in STORED]
    assert Customer.objects.filter(name="Renamed by staff").count() == 1


@pytest.mark.django_db
def test_more_customers_join_those_who_stand():
    load("portfolio", customers=3, days=60)
    out = load("portfolio", customers=5, days=60)
    assert Customer.objects.count() == 5
    assert number(out, "stored before") > 0


@pytest.mark.django_db
def test_the_colleagues_cannot_sign_in():
    load("portfolio", **SMALL)
    assert {user.role for user in User.objects.all()} == {"csm", "lead"}
    assert not any(user.has_usable_password() for user in User.objects.all())


@pytest.mark.django_db
def test_numbers_out_of_range_are_refused_before_anything_is_written():
    with pytest.raises(CommandError, match=r"--days must be from 60 to 1,000; 59 was given\."):
        load("portfolio", customers=1, days=59)
    assert not periodic.is_planned("sample", "portfolio")
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_each_invoice_ticket_and_note_is_told_by_its_own_events_and_by_no_others():
    load("portfolio", customers=40, days=120)
    happened = Counter(Event.objects.values_list("event_type__name", flat=True))
    bills = Invoice.objects.exclude(is_void=True)
    assert happened["Invoice issued"] == bills.count() > 50
    assert happened["Invoice paid"] == bills.exclude(paid_on=None).count()
    assert happened["Ticket opened"] == Ticket.objects.count() > 10
    assert happened["Ticket escalated"] == Ticket.objects.exclude(escalated_at=None).count()
    assert happened["Ticket solved"] == Ticket.objects.exclude(solved_at=None).count()
    assert happened["Note logged"] == Note.objects.count() > 10
    assert happened["Survey answered"] == Answer.objects.count() > 10
    assert not Event.objects.filter(event_type__name="Ticket opened", contact=None).exists()
