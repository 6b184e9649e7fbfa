"""How far new customers have come: the key actions of their version that they have done, of how many."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, F

from events.models import CountNow
from scoring.models import CurrentScore, HealthBand, Weight


class Progress(NamedTuple):
    done: int
    of: int


def load_progress(scores: Iterable[CurrentScore | None]) -> None:
    """Give each score of a new customer its `progress`. Two queries, none when nobody is new."""
    new = {score.customer_id: score for score in scores if score is not None and score.health_band == HealthBand.NEW}
    if not new:
        return
    models = {score.model_id for score in new.values()}
    keys = Weight.objects.filter(model__in=models, is_key_action=True).values_list("model").annotate(Count("pk"))
    of = dict(keys.order_by("model"))
    counts = CountNow.objects.filter(
        customer__in=list(new),
        event_type__weights__model=F("customer__score__model"),
        event_type__weights__is_key_action=True,
    )
    done = dict(counts.values_list("customer_id").annotate(Count("event_type", distinct=True)).order_by("customer_id"))
    for customer, score in new.items():
        score.progress = Progress(done.get(customer, 0), of.get(score.model_id, 0))  # type: ignore[attr-defined]
