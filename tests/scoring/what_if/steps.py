"""Drafts changed, prepared, published, and what then differs."""

from datetime import timedelta

from scoring.model_versions import assigned, versions
from scoring.models import ScoreHistory, Weight
from scoring.runs import history
from scoring.what_if import prepare
from scoring.what_if.ask import Try, answer
from scoring.what_if.comparison import NAMES
from scoring.what_if.swap import load_swap
from tests.conftest import NOW
from tests.scoring import portfolios

DAY = NOW.date() - timedelta(days=1)  # the last closed day of an installation that began on NOW's
BANDS = tuple(NAMES)
TYPES = ("Report created", "Signed in", "Payment failed", "Meeting held", "Order completed", "Feature used")


def made(customers):
    return portfolios.make(customers, portfolios.types(TYPES))


def weight(draft, event):
    return Weight.objects.get(model=draft, event_type__name=event)


def set_weight(draft, event, **fields):
    Weight.objects.filter(model=draft, event_type__name=event).update(**fields)


def prepared(draft, admin):
    asked = load_swap(draft, DAY)
    made = prepare.start(asked, now=NOW, by=admin)
    while prepare.work(clock=lambda: NOW):
        pass
    made.refresh_from_db()
    return made


def listed(draft, admin, tried=None):
    """Return customer → (bands before, bands after), of who changes."""
    comparison = answer(draft, tried or Try(), day=DAY, now=NOW, user=admin).comparison
    assert comparison is not None
    places = comparison.changes()
    customers = comparison.judged.customers[places].tolist()
    before, after = (
        zip(*(words(getattr(side, kind)[places], kind) for kind in BANDS), strict=True)
        for side in (comparison.judged.before, comparison.judged.after)
    )
    return {pk: sides for pk, *sides in zip(customers, before, after, strict=True)}


def words(indices, kind):
    return [None if i < 0 else NAMES[kind][i] for i in indices.tolist()]


def published(customers):
    """Score the day with what is published now, and return customer → bands."""
    ScoreHistory.objects.all().delete()
    history.write_shard(assigned.load(), DAY, customers)
    return {pk: bands for pk, *bands in ScoreHistory.objects.filter(day=DAY).values_list("customer", *BANDS)}


def publish_and_compare(draft, customers):
    """Return what publishing the draft changes on the day, by the stored scores before and after."""
    before = published(customers)
    versions.publish(draft, now=NOW, by=None)
    after = published(customers)
    assert before.keys() == after.keys()
    return {
        pk: [tuple(before[pk]), tuple(after[pk])] for pk in before if before[pk] != after[pk]
    }  # fmt: skip
