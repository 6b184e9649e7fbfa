from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import Max, Min

from customers.models import Customer
from scoring.verify import belonging, counts
from scoring.verify.engines import Engines
from scoring.verify.report import Report
from scoring.verify.risk import Risk
from scoring.verify.scores import Scores

BATCH = 500


@transaction.atomic
def check(progress: Callable[[int, int], None] | None = None) -> Report:
    """Compare everything stored with the log, in one REPEATABLE READ snapshot that writes nothing.

    `progress` is told how many customers are done, of how many. Call outside a transaction. Memory is bounded by
    BATCH customers.
    """
    with connection.cursor() as cursor:
        # One snapshot, because counts and log are read by different statements while events come in.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    report = Report()
    engines = Engines()
    scores = Scores(report, engines)
    risk = Risk(report, engines, scores.last_closed)
    ids = Customer.objects.aggregate(first=Min("pk"), last=Max("pk"))
    counts.of_sources(report)
    first, last = ids["first"] or 0, ids["last"] or 0
    # Ranges of ids that exist or not: counts of a customer that is gone are found, too.
    for start in range(first, last + 1, BATCH):
        within = Customer.objects.filter(pk__gte=start, pk__lt=start + BATCH).order_by("pk")
        counts.of_customers(start, start + BATCH - 1, report)
        belonging.of_customers(start, start + BATCH - 1, report)
        customers = list(within.values_list("pk", flat=True))
        scores.current(customers)
        scores.history(customers)
        risk.check(customers)
        if progress:
            progress(min(start + BATCH, last + 1) - first, last + 1 - first)
    return report
