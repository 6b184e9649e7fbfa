"""Add the raw lines up by invoice: `python -m samples.online_retail.derive RAW.csv.gz [OUT.csv.gz]`.

RAW is the data set as a gzipped CSV file with the repository's own columns: InvoiceNo, StockCode,
Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country. The committed file is this script's output.
"""

import csv
import gzip
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from samples.online_retail import invoices
from samples.online_retail.invoices import Invoice

BAD_DEBT = "A"  # three adjustments of bad debt: the shop's book-keeping, not something a customer did
CANCELLED = "C"


def by_invoice(lines: Iterable[Mapping[str, str]], counts: Counter[str]) -> list[Invoice]:
    """Add lines up by invoice number; `counts` says how many were of which sort, and which were left out.

    An invoice happened at its first line's minute (43 invoices straddle two).
    """
    invoices: dict[str, Invoice] = {}
    for line in lines:
        counts["lines read"] += 1
        if line["InvoiceNo"].startswith(BAD_DEBT):
            counts["lines left out: adjustment of bad debt"] += 1
            continue
        invoice = _invoice(line)
        counts["lines without a customer, kept"] += not invoice.customer
        counts["lines with a price of zero, kept"] += Decimal(line["UnitPrice"]) == 0
        earlier = invoices.get(invoice.number)
        invoices[invoice.number] = _sum(earlier, invoice) if earlier else invoice
    _count_invoices(invoices.values(), counts)
    return list(invoices.values())


def _invoice(line: Mapping[str, str]) -> Invoice:
    quantity = int(line["Quantity"])
    time = datetime.fromisoformat(line["InvoiceDate"]).replace(tzinfo=UTC)
    return Invoice(
        number=line["InvoiceNo"],
        customer=line["CustomerID"].removesuffix(".0"),
        country=line["Country"],
        time=time,
        lines=1,
        quantity=quantity,
        amount=quantity * Decimal(line["UnitPrice"]),
        cancelled=line["InvoiceNo"].startswith(CANCELLED),
    )


def _sum(first: Invoice, other: Invoice) -> Invoice:
    """Raises ValueError when one number stands for two customers; in the data set none does."""
    if (first.customer, first.country) != (other.customer, other.country):
        raise ValueError(f"Invoice {first.number} has two customers or countries.")
    return Invoice(
        number=first.number,
        customer=first.customer,
        country=first.country,
        time=min(first.time, other.time),
        lines=first.lines + other.lines,
        quantity=first.quantity + other.quantity,
        amount=first.amount + other.amount,
        cancelled=first.cancelled,
    )


def _count_invoices(invoices: Iterable[Invoice], counts: Counter[str]) -> None:
    for invoice in invoices:
        counts["invoices written"] += 1
        counts["of them cancellations"] += invoice.cancelled
        counts["of them without a customer"] += not invoice.customer
        counts["of them without an amount"] += invoice.amount == 0


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print("Usage: python -m samples.online_retail.derive RAW.csv.gz [OUT.csv.gz]", file=sys.stderr)
        return 2
    out = Path(arguments[1]) if len(arguments) == 2 else invoices.FILE
    counts: Counter[str] = Counter()
    with gzip.open(arguments[0], "rt", encoding="utf-8", newline="") as raw:
        invoices.write(by_invoice(csv.DictReader(raw), counts), out)
    for name, count in counts.items():
        print(f"{count:>9,} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
