from datetime import date
from decimal import Decimal

import pytest

from samples.online_retail import check, invoices


@pytest.fixture(scope="module")
def found():
    return list(invoices.read())


def test_the_committed_file_holds_every_invoice_but_three(found):
    assert len(found) == 25_897  # 25,900 numbers in the data set, less three adjustments of bad debt
    assert len({invoice.number for invoice in found}) == 25_897
    assert sum(invoice.lines for invoice in found) == 541_909 - 3
    assert (found[0].time.date(), found[-1].time.date()) == (date(2010, 12, 1), date(2011, 12, 9))


def test_its_invoices_add_up(found):
    named = [invoice for invoice in found if invoice.customer]
    assert sum(invoice.cancelled for invoice in named) == 3_654
    assert len(named) - 3_654 == 18_536
    assert len({invoice.customer for invoice in named}) == 4_372
    assert all(invoice.amount <= 0 for invoice in found if invoice.cancelled)
    assert all(invoice.amount >= Decimal(0) for invoice in found if not invoice.cancelled)


@pytest.mark.parametrize(("half_life", "expected"), [(180, 0.735), (30, 0.702)])
def test_a_low_score_finds_those_who_order_no_more(found, half_life, expected):
    customers, gone, auc = check.lapse(check.orders(found), half_life)
    assert (customers, gone) == (3_362, 1_443)
    assert auc == pytest.approx(expected, abs=0.005)
