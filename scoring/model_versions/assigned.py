"""Which published model scores whom: a segment's own, in the stated order, else the one for everybody.

Once customers are scored, `CurrentScore.model` names the version of each: queries of many customers join that.
"""

from collections.abc import Iterable, Iterator, Sequence

from customers import segments
from customers.models import Customer
from scoring.model_versions import versions
from scoring.models import ScoringModel
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

    Three queries, one more for each segment that has a model.
    """
    published = list(ScoringModel.objects.with_parts().published())
    for model in choosing(published):
        assert model.segment is not None
        if segments.among(model.segment, Customer.objects.filter(pk=customer.pk)).exists():
            return model
    return next((model for model in published if model.segment is None), None)
