"""Which published model scores whom: a segment's own, in the stated order, else the one for everybody.

Once customers are scored, `CurrentScore.model` names the version of each: queries of many customers join that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Prefetch, prefetch_related_objects

from customers import segments
from customers.models import Customer
from scoring.model_versions import versions
from scoring.models import Factor, ScoringModel, Status, Weight
from scoring.vectorised import BatchEngine


class Assigned:
    """The published models, ready to score; loaded once for many batches."""

    def __init__(self, everybody: ScoringModel, of_segments: Iterable[ScoringModel]) -> None:
        self.everybody = BatchEngine(versions.load(everybody))
        self._of_segments = [(model.segment, BatchEngine(versions.load(model))) for model in of_segments]

    @property
    def versions(self) -> list[int]:
        return [batch_engine.model.version for batch_engine in self.every()]

    def every(self) -> list[BatchEngine]:
        return [self.everybody, *(batch_engine for _, batch_engine in self._of_segments)]

    def parts(self, customers: Sequence[int]) -> Iterator[tuple[BatchEngine, list[int]]]:
        """Split customers by the model that scores them, each part in order. No query without segments' models."""
        left = sorted(customers)
        for segment, batch_engine in self._of_segments:
            assert segment is not None
            # Only those left: of several segments, the first in order of precedence scores a customer.
            within = segments.among(segment, Customer.objects.filter(pk__in=left))
            mine = set(within.values_list("pk", flat=True))
            if mine:
                yield batch_engine, [pk for pk in left if pk in mine]
                left = [pk for pk in left if pk not in mine]
        if left:
            yield self.everybody, left


def load() -> Assigned | None:
    """Return the published models, or None before the first publication."""
    everybody = ScoringModel.objects.current()
    return None if everybody is None else Assigned(everybody, choosing(ScoringModel.objects.of_segments()))


def choosing(of_segments: Iterable[ScoringModel]) -> list[ScoringModel]:
    """Leave out models whose segment came to ask for scores after the publication: no score chooses its own model."""
    return [model for model in of_segments if model.segment and not segments.asks_for_scores(model.segment)]


def model_of(customer: Customer) -> ScoringModel | None:
    """Return the published model that scores a customer now, with its parts; None before the first publication.

    Two queries, one more for each segment that has a model.
    """
    published = _published_with_parts()
    for model in choosing(published):
        assert model.segment is not None
        if segments.among(model.segment, Customer.objects.filter(pk=customer.pk)).exists():
            return model
    return next((model for model in published if model.segment is None), None)


def _published_with_parts() -> list[ScoringModel]:
    """Return the published models in the order of precedence, with weights, event types and factors. Two queries.

    Models come joined to their factors, of which each has one at least: `versions.refuse_unfit` publishes no other.
    """
    rows = Factor.objects.filter(model__status=Status.PUBLISHED).select_related("model__segment")
    models: dict[int, ScoringModel] = {}
    factors = defaultdict[int, list[Factor]](list)
    for factor in rows.order_by("model__precedence", "model", "pk"):
        factor.model = models.setdefault(factor.model_id, factor.model)
        factors[factor.model_id].append(factor)
    for pk, model in models.items():
        # What prefetch_related does after its own query; Django has no public way to hand it rows.
        loaded = model.factors.all()
        loaded._result_cache = factors[pk]
        model._prefetched_objects_cache = {"factors": loaded}  # type: ignore[attr-defined]
    prefetch_related_objects([*models.values()], Prefetch("weights", Weight.objects.select_related("event_type")))
    return list(models.values())
