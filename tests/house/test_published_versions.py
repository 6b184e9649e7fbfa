"""A published scoring model refuses every change in the database itself, whichever way it comes."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from events.models import EventType
from scoring.model_versions import versions
from scoring.models import Factor, FactorKind, ScoringModel, Status, Weight
from tests.conftest import NOW


@pytest.fixture
def draft(begun):
    return versions.draft_from(ScoringModel.objects.get(), now=NOW)


@pytest.fixture(params=[Status.PUBLISHED, Status.RETIRED])
def final(request, draft):
    """A version that was published, and one that was retired since."""
    versions.publish(draft, now=NOW, by=None)
    return ScoringModel.objects.get(status=request.param)


def saved(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def new_type():
    return EventType.objects.create(name="Dance", channel="web", created_at=NOW)


CHANGES = {
    "save": lambda model: saved(model, window=31),
    "update": lambda model: ScoringModel.objects.filter(pk=model.pk).update(window=31),
    "update of all": lambda model: ScoringModel.objects.update(note="x"),
    "renaming": lambda model: ScoringModel.objects.filter(pk=model.pk).update(name="x"),
    "back to draft": lambda model: ScoringModel.objects.filter(pk=model.pk).update(status=Status.DRAFT),
    "another day of publication": lambda model: ScoringModel.objects.filter(pk=model.pk).update(published_at=None),
    "bulk update": lambda model: ScoringModel.objects.bulk_update([_with(model, window=31)], ["window"]),
    "delete": lambda model: model.delete(),
    "delete of all": lambda model: ScoringModel.objects.filter(pk=model.pk).delete(),
    "raw delete": lambda model: ScoringModel.objects.filter(pk=model.pk)._raw_delete("default"),
    "raw SQL": lambda model: _run(f"UPDATE scoring_scoringmodel SET highly_to = 101 WHERE id = {model.pk}"),
    "weight saved": lambda model: saved(model.weights.first(), points=Decimal(9)),
    "weights updated": lambda model: model.weights.update(points=F("points") + 1),
    "weights bulk updated": lambda model: Weight.objects.bulk_update(
        [_with(weight, daily_cap=9) for weight in model.weights.all()], ["daily_cap"]
    ),
    "decay updated": lambda model: model.weights.update(decay=[1]),
    "weight added": lambda model: Weight.objects.create(model=model, event_type=new_type(), points=1),
    "weights added": lambda model: Weight.objects.bulk_create([Weight(model=model, event_type=new_type(), points=1)]),
    "weight moved out": lambda model: model.weights.update(model=ScoringModel.objects.create(name="x", created_at=NOW)),
    "weight moved in": lambda model: _moved_in(model),
    "weight deleted": lambda model: model.weights.first().delete(),
    "weights deleted": lambda model: model.weights.all().delete(),
    "factor saved": lambda model: saved(model.factors.first(), weight=1),
    "factors updated": lambda model: model.factors.update(worst=-1),
    "factors deleted": lambda model: model.factors.all().delete(),
    "factor added": lambda model: Factor.objects.create(
        model=model, kind=FactorKind.ENGAGEMENT, weight=1, worst=0, best=1
    ),
}


def _with(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def _run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _moved_in(model):
    other = ScoringModel.objects.create(name="x", created_at=NOW)
    Weight.objects.create(model=other, event_type=new_type(), points=1)
    other.weights.update(model=model)


def contents(model):
    rows = [ScoringModel.objects.filter(pk=model.pk), model.weights.order_by("pk"), model.factors.order_by("pk")]
    return [list(queryset.values()) for queryset in rows]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_published_version_refuses(final, change):
    before = contents(final)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(ScoringModel.objects.get(pk=final.pk))
    assert contents(final) == before


def test_a_retired_version_never_counts_again(draft):
    versions.publish(draft, now=NOW, by=None)
    retired = ScoringModel.objects.get(status=Status.RETIRED)
    ScoringModel.objects.filter(status=Status.PUBLISHED).update(status=Status.RETIRED)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoringModel.objects.filter(pk=retired.pk).update(status=Status.PUBLISHED)


def test_a_draft_can_be_changed_and_deleted(draft):
    draft.weights.update(points=1)
    draft.factors.first().delete()
    ScoringModel.objects.filter(pk=draft.pk).update(window=60)
    draft.delete()
    assert not Weight.objects.filter(model=draft.pk).exists()
