"""Merging and erasing reach every table: each model on a customer or contact says what they do to its rows."""

import pytest
from django.db import models
from django.test.utils import isolate_apps

from core.spread import OnErase, OnMerge
from customers.models import Contact, Customer
from tests.house import ours

RELATED = [model for model in ours.models() if ours.references(model, Customer) or ours.references(model, Contact)]
SAY = (
    "{model} refers to a customer or contact. Say what merging and erasing do to its rows: "
    "`on_merge: ClassVar = OnMerge.…` and `on_erase: ClassVar = OnErase.…` (core/spread.py)."
)


def declares(model):
    on_merge, on_erase = getattr(model, "on_merge", None), getattr(model, "on_erase", None)
    return isinstance(on_merge, OnMerge) and isinstance(on_erase, OnErase)


def test_the_walk_finds_what_hangs_on_customers_and_contacts():
    assert {"Event", "DailyCount", "ActiveDay", "Contract", "Identity", "CurrentScore", "ScoreHistory"} <= {
        model.__name__ for model in RELATED
    }


@pytest.mark.parametrize("model", RELATED, ids=lambda model: model._meta.label)
def test_a_related_model_says_what_merging_and_erasing_do(model):
    assert declares(model), SAY.format(model=model._meta.label)


@isolate_apps("customers")
def test_a_model_that_says_nothing_fails():
    class Silent(models.Model):  # noqa: DJ008 - never seen
        customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING)

        class Meta:
            app_label = "customers"

    assert ours.references(Silent, Customer) == ["customer_id"]
    assert not declares(Silent)
