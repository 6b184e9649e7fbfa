"""A year of history day by day, then Sundays."""

from datetime import timedelta

import pytest

from customers import lifecycle
from scoring.models import ScoreHistory, ScoringModel
from scoring.runs import history, thinning
from scoring.verify import check
from tests.conftest import NOW
from tests.pages import cast
from tests.sizes import sizes

TODAY = NOW.date()


def test_after_a_year_only_sundays_stay(begun):
    acme, model = cast.customer("Acme"), ScoringModel.objects.get()
    for ago in range(360, 400):
        day = TODAY - timedelta(days=ago)
        ScoreHistory.objects.create(customer=acme, day=day, model=model, coverage=0, inputs_digest=b"\1" * 16)
    gone = thinning.thin(now=NOW)
    left = set(ScoreHistory.objects.values_list("day", flat=True))
    # 15 June 2026 is a Monday, and 365 days before it was a Sunday: of the 34 days before that one, four are.
    assert gone == 34 - 4
    assert {(TODAY - day).days for day in left if day < TODAY - thinning.KEPT_DAILY} == {372, 379, 386, 393}
    assert thinning.thin(now=NOW) == 0


@pytest.mark.parametrize("kept", sizes(timedelta(days=30), thinning.KEPT_DAILY))
def test_what_was_thinned_is_not_missing(source, transactional_db, monkeypatch, kept):
    monkeypatch.setattr(thinning, "KEPT_DAILY", kept)
    lifecycle.create({"name": "Acme"}, now=NOW, by=None)
    now = NOW + kept + timedelta(days=36)  # so that no day beside the limit is a Sunday, which is kept anyway
    for n in range(1, kept.days + 35, 7):  # days are closed in order, however late
        history.close_days(now=NOW + timedelta(days=n))
    history.close_days(now=now)
    before = ScoreHistory.objects.count()
    assert thinning.thin(now=now) > 20
    assert ScoreHistory.objects.count() < before
    assert not [difference for difference in check().unexplained if difference.what == "History"]
