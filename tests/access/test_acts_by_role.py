"""Every form that changes something, filled in properly, by every role: who may, may; who may not changes nothing."""

import pytest
from django.urls import reverse

from core.days import business_day
from customers import attention
from customers.models import Snooze
from tests.access.fingerprint import fingerprint
from tests.conftest import NOW

TODAY = f"{business_day(NOW)}"
CUSTOMER = {"name": "Renamed", "kind": "company", "stage": "active", "currency": "EUR", "owner": "nobody", "sure": "on"}
CUSTOMER |= {"second_owner": "nobody"}
CONTRACT = {"name": "Renamed", "starts_on": TODAY, "currency": "EUR"}
NOTE = {"kind": "call", "text": "All well", "at": "2026-06-15T09:00"}

# address → what to send; `customers` is filled in
ON_ONE = {
    "edit-customer": CUSTOMER,
    "in-row": {"owner": "nobody", "sure": "on"},
    "new-contact": {"name": "Zoe", "email": "zoe@example.com"},
    "contact": {"name": "Renamed"},
    "new-contract": CONTRACT,
    "contract": CONTRACT,
    "new-note": NOTE,
    "log": {**NOTE, "next_step": "Send it"},
    "today-handle": {"sure": "yes"},
    "today-snooze": {"until": "tomorrow"},
    "follow": {"start": "yes"},
    "make-task": {"suggestion": "pulse", "title": "Agree on a plan"},
    "note": NOTE,
    "delete-contract": {"confirmed": "yes"},
    "delete-note": {"confirmed": "yes"},
}
ON_CHOSEN = {
    "assign": {"owner": "nobody", "sure": "on"},
    "snooze": {"reason": "On holiday", "until": TODAY},
    "handle": {"reason": "Called them"},
}
# role → which customers' forms answer with what they did, (their own, of others); 302: done
EXPECTED = {
    "admin": (302, 302),
    "lead": (302, 302),
    "csm": (302, 302),
    "viewer": (403, 403),
    "limited": (302, 404),
    "nobody": ("sign-in", "sign-in"),
}
CASES = [
    (role, whose, status)
    for role, pair in EXPECTED.items()
    for whose, status in zip(("their own", "of others"), pair, strict=True)
]


def post(browser, path, data):
    """Return the status; `sign-in` for a stranger, whose page to sign in keeps what was sent."""
    response = browser.post(path, data)
    if response.status_code == 401 and b'name="kept"' in response.content:
        return "sign-in"
    if response.status_code == 302 and response["Location"].startswith("/sign-in/"):
        return "sign-in"
    return response.status_code


@pytest.mark.parametrize(("role", "whose", "status"), CASES)
@pytest.mark.parametrize("name", ON_ONE)
def test_forms_on_a_customer(browser, examples, name, role, whose, status):
    if name in ("note", "delete-note") and status == 302 and role != "csm":
        status = 403  # somebody else's words
    someone, before = browser(role), fingerprint()
    path = reverse(f"desk:{name}", kwargs=examples[f"desk:{name}"][whose])
    assert post(someone, path, ON_ONE[name]) == status
    assert (fingerprint() == before) is (status != 302)


@pytest.mark.parametrize(("role", "whose", "status"), CASES)
@pytest.mark.parametrize("name", ON_CHOSEN)
def test_acts_on_chosen_customers(browser, customers, name, role, whose, status):
    someone, before = browser(role), fingerprint()
    data = {**ON_CHOSEN[name], "customers": customers[whose].pk}
    assert post(someone, reverse(f"desk:{name}"), data) == status
    if status != 302:
        assert fingerprint() == before


@pytest.mark.parametrize(("role", "whose", "status"), CASES)
def test_ending_a_rest(browser, customers, people, role, whose, status):
    attention.snooze(customers[whose], until=business_day(NOW), reason="On holiday", now=NOW, by=None)
    assert post(browser(role), reverse("desk:end-snooze"), {"customers": customers[whose].pk}) == status
    assert Snooze.objects.exists() is (status != 302)


def test_one_foreign_customer_among_the_chosen_stops_the_whole_act(browser, customers):
    data = {"reason": "x", "until": TODAY, "customers": [one.pk for one in customers.values()]}
    someone, before = browser("limited"), fingerprint()
    assert someone.post(reverse("desk:snooze"), data).status_code == 404
    assert fingerprint() == before
