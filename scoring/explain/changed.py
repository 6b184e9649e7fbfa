"""What changed in a customer's scores alone, without the whole breakdown."""

from datetime import date, timedelta

from customers.models import Customer
from scoring.explain.explanation import scored
from scoring.explain.score_change import ScoreChange, compare
from scoring.inputs import several_days
from scoring.model_versions import assigned, versions
from scoring.vectorised import BatchEngine


def explain_change(customer: Customer, *, as_of: date, against: int) -> ScoreChange | None:
    """Return only what changed in `against` days, as `explain` says it; None before a model is published.

    Six queries at most.
    """
    model = assigned.model_of(customer)
    if model is None:
        return None
    batch_engine = BatchEngine(versions.load(model))
    assert customer.pk is not None
    before = as_of - timedelta(days=against)
    facts, facts_before = several_days.two_days_of_one(
        batch_engine, customer.pk, as_of=as_of, known_on=as_of, before=before
    )
    types = {weight.event_type_id: weight.event_type for weight in model.weights.all()}
    now = scored(batch_engine, facts, as_of, as_of)
    return compare(scored(batch_engine, facts_before, before, before), now, types, before, against)
