import gzip
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from samples.online_retail import derive, invoices
from samples.online_retail.invoices import Invoice

RAW = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:27:00,2.55,17850.0,United Kingdom
536365,71053,WHITE METAL LANTERN,2,2010-12-01 08:26:00,0.001,17850.0,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,United Kingdom
536414,22139,,56,2010-12-01 11:52:00,0.00,,United Kingdom
A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,11062.06,,United Kingdom
"""


@pytest.fixture
def raw(tmp_path):
    path = tmp_path / "raw.csv.gz"
    path.write_bytes(gzip.compress(RAW.encode()))
    return path


def derived(raw, tmp_path) -> list[Invoice]:
    assert derive.main([str(raw), str(tmp_path / "out.csv.gz")]) == 0
    return list(invoices.read(tmp_path / "out.csv.gz"))


def test_lines_are_added_up_by_invoice_at_the_first_lines_minute(raw, tmp_path):
    assert derived(raw, tmp_path)[0] == Invoice(
        number="536365",
        customer="17850",
        country="United Kingdom",
        time=datetime(2010, 12, 1, 8, 26, tzinfo=UTC),
        lines=2,
        quantity=8,
        amount=Decimal("15.302"),  # 6 × 2.55 + 2 × 0.001
        cancelled=False,
    )


def test_a_cancellation_and_an_invoice_without_a_customer_stay_in_the_file(raw, tmp_path):
    _, cancelled, nameless = derived(raw, tmp_path)
    assert (cancelled.number, cancelled.cancelled, cancelled.amount) == ("C536379", True, Decimal("-27.5"))
    assert (nameless.number, nameless.customer, nameless.amount) == ("536414", "", 0)


def test_adjustments_of_bad_debt_are_left_out_and_counted(raw, tmp_path, capsys):
    assert "A563185" not in [invoice.number for invoice in derived(raw, tmp_path)]
    assert "1 lines left out: adjustment of bad debt" in capsys.readouterr().out


def test_the_same_lines_give_the_same_bytes(raw, tmp_path):
    for name in ("one.csv.gz", "another.csv.gz"):
        derive.main([str(raw), str(tmp_path / name)])
    assert (tmp_path / "one.csv.gz").read_bytes() == (tmp_path / "another.csv.gz").read_bytes()


def test_one_number_for_two_customers_is_an_error():
    line = {"InvoiceNo": "1", "Quantity": "1", "InvoiceDate": "2011-01-01 10:00:00", "UnitPrice": "1", "Country": ""}
    with pytest.raises(ValueError, match="two customers"):
        derive.by_invoice([{**line, "CustomerID": "1.0"}, {**line, "CustomerID": "2.0"}], Counter())
