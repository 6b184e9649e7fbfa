"""The derived file: one row per invoice, sorted by time, then number."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

FILE = Path(__file__).parent / "invoices.csv.gz"
COLUMNS = ("number", "customer", "country", "time", "lines", "quantity", "amount", "cancelled")
TIME = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Invoice:
    """`customer` is empty where the shop noted none. Quantity and amount (GBP) are negative when cancelled.

    Some `lines` have a price of zero: goods given away, or stock written off. They count as lines.
    """

    number: str
    customer: str
    country: str
    time: datetime
    lines: int
    quantity: int
    amount: Decimal
    cancelled: bool


def read(path: Path = FILE) -> Iterator[Invoice]:
    """Yield the invoices in order of time, then number."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            yield Invoice(
                number=row["number"],
                customer=row["customer"],
                country=row["country"],
                time=datetime.strptime(row["time"], TIME).replace(tzinfo=UTC),
                lines=int(row["lines"]),
                quantity=int(row["quantity"]),
                amount=Decimal(row["amount"]),
                cancelled=row["cancelled"] == "1",
            )


def moved(invoice: Invoice, by: timedelta) -> Invoice:
    return replace(invoice, time=invoice.time + by)


def write(invoices: Iterable[Invoice], path: Path) -> None:
    """Write the same bytes for the same invoices: gzip would else note the time and the file's name."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for invoice in sorted(invoices, key=lambda invoice: (invoice.time, invoice.number)):
        rows.writerow(_row(invoice))
    with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as packed:
        packed.write(text.getvalue().encode())


def _row(invoice: Invoice) -> tuple[object, ...]:
    return (
        invoice.number,
        invoice.customer,
        invoice.country,
        invoice.time.strftime(TIME),
        invoice.lines,
        invoice.quantity,
        f"{invoice.amount.normalize():f}",
        int(invoice.cancelled),
    )
