"""What each list of the administration asks the database: pinned, the same for ten customers and for ten thousand."""

from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Customer
from tests.admin.test_query_counts import MORE
from tests.pages.test_query_counts import FEW, TIMES, multiply

LISTS = {
    "core.ClosedDay": 5,
    "core.CurrencyRate": 8,
    "core.Outgoing": 5,
    "core.Run": 5,
    "customers.AttributeDefinition": 5,
    "customers.Customer": 4,
    "customers.FieldSource": 5,
    "customers.FieldTrait": 5,
    "customers.WrongId": 5,
    "events.EventType": 5,
    "events.Rejected": 6,
    "events.Source": 6,
    "scoring.ScoringModel": 5,
    "staff.ApiKey": 6,
    "staff.Team": 5,
    "staff.User": 7,
    "surveys.Hook": 5,
    "surveys.Refused": 5,
    "surveys.Survey": 5,
    "surveys.Theme": 5,
    "surveys.Wave": 5,
}


def asked(desk):
    numbers = {}
    for model in admin.site._registry:
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(path).status_code == 200
        numbers[model._meta.label] = len(captured)
    return numbers


def test_lists_ask_as_often_for_ten_customers_as_for_ten_thousand(desk):
    for i in range(FEW):
        for number, make in enumerate(MORE.values()):
            make(number * FEW + i)
    assert asked(desk) == LISTS
    multiply(Customer, name="name || n")
    assert Customer.objects.count() > FEW * TIMES
    assert asked(desk) == LISTS
