"""Does a plain engagement score find those who will not order again? `python -m samples.online_retail.check`.

At the close of 2011-09-08 every order of the last 365 days is worth 10 points, halved every `half_life` days.
Who then orders nothing from 2011-09-09 to 2011-12-08? The lower the score, the likelier.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from samples.online_retail import invoices
from samples.online_retail.invoices import Invoice
from scoring.backtest import statistics

AS_OF = date(2011, 9, 8)
UNTIL = date(2011, 12, 8)
WINDOW = 365
POINTS = 10
HALF_LIVES = (180, 30)


def orders(read: Iterable[Invoice]) -> list[tuple[str, date]]:
    """Return (customer, day) of what the loader stores as orders: not cancelled, and of a known customer."""
    return [(i.customer, i.time.date()) for i in read if i.customer and not i.cancelled]


def lapse(orders: Iterable[tuple[str, date]], half_life: int) -> tuple[int, int, float]:
    """Return how many had ordered by AS_OF, how many of them then order nothing, the AUC of a low score."""
    scores: dict[str, float] = {}
    back: set[str] = set()
    for customer, day in orders:
        if day <= AS_OF:
            age = (AS_OF - day) // timedelta(days=1)
            # A customer whose orders are all older counts with 0: it is known, and quiet.
            scores[customer] = scores.get(customer, 0.0) + (POINTS * 2 ** (-age / half_life) if age < WINDOW else 0)
        elif day <= UNTIL:
            back.add(customer)
    low = -np.array(list(scores.values()))
    gone = np.array([customer not in back for customer in scores])
    return len(scores), int(gone.sum()), statistics.auc(low, gone, np.arange(len(gone))).value


def main() -> None:
    bought = orders(invoices.read())
    for half_life in HALF_LIVES:
        customers, gone, auc = lapse(bought, half_life)
        print(f"half-life {half_life:>3} days: {customers:,} customers, {gone:,} order no more, AUC {auc:.4f}")


if __name__ == "__main__":
    main()
