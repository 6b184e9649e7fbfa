"""A back-test from asking to its report, with numbers done by hand (tests/scoring/backtest/story.py)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.jobs import leased
from core.jobs.leased import InvalidState
from scoring.backtest import lifecycle, run, work
from scoring.backtest.outcomes import Kind, Outcome
from scoring.model_versions import versions
from scoring.models import BackTest, BackTestPart, ScoringModel
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.scoring.backtest import story

pytestmark = pytest.mark.django_db
State = BackTest.State


@pytest.fixture
def told(begun):
    return story.tell()


def done(job, after_step=lambda job: None):
    work.whole(job, clock=lambda: NOW, after_step=after_step)
    return job


def result(**options):
    job = done(story.start(options.pop("model", None) or story.draft(), **options))
    assert (job.state, job.problem) == (State.DONE, "")
    return job.result


def of(found, who):
    return next(one for one in found["contenders"] if one["who"] == who)


def test_who_stood_where_is_known_as_it_was_then(told):
    found = result()
    days = [(one["role"], one["customers"], one["outcomes"]) for one in found["days"]]
    assert days == [("fit", 300, 60), ("judge", 240, 70), ("immature", 170, 0)]
    assert found["left_out"] == {"lost": 0, "unknown": 0, "unknown_outcomes": 0, "immature": 170, "immature_days": 1}
    assert (found["rows"], found["outcomes"], found["base"][0]) == (240, 70, pytest.approx(70 / 240))


def test_the_score_is_made_of_what_was_known_and_ranks_as_by_hand(told):
    # On 1 May 120 stand at −5.73 (60 leave), the other 120 at 0 (10 leave): what was known later is not in it.
    # Pairs: 60 × (60/2 + 110) rightly among those who failed, 10 × (0 + 110/2) among the others, of 70 × 170.
    found = result()
    assert of(found, "tested")["auc"][0] == pytest.approx((60 * 140 + 10 * 55) / (70 * 170))
    assert (found["calls"]["called"], found["calls"]["found"], found["calls"]["by_chance"]) == (120, 60, 35)
    bands = {one["band"]: (one["rows"], one["outcomes"], one["expected"]) for one in found["bands"]}
    assert bands["churn_risk"][:2] == (120, 60) and bands["churn_risk"][2][0] == 0.5
    assert bands["gone_quiet"][:2] == (120, 10) and bands["gone_quiet"][2][0] == 0
    assert sum(tenth[2] for tenth in found["lift"]) == pytest.approx(70)
    assert found["lift"][0][3] == pytest.approx(0.5 / (70 / 240))


def test_a_copy_of_the_current_version_has_no_lead_over_it_and_plain_rules_see_nothing_here(told):
    found = result()
    assert of(found, "current")["lead"] == [0, 0, 0]
    assert of(found, "rule_quiet")["auc"][0] == of(found, "rule_events")["auc"][0] == 0.5
    assert of(found, "rule_events")["lead"][1] > 0


def test_the_current_version_itself_is_compared_with_the_rules_alone(told):
    found = result(model=ScoringModel.objects.current())
    assert {one["who"] for one in found["contenders"]} == {
        "tested", "tested_other", "rule_quiet", "rule_events", "suggested",
    }  # fmt: skip


def test_weights_are_suggested_from_the_earlier_day_alone_and_become_a_draft_when_asked(told):
    job = done(story.start(story.draft()))
    weights = {one["name"]: one for one in job.result["suggestion"]["weights"]}
    failed = weights["Payment failed"]
    assert failed["high"] < 0 and job.result["suggestion"]["outcomes"] == 60
    assert weights["Signed in"]["idle"] and weights["Signed in"]["points"] == 0
    made = lifecycle.make_draft(job, now=NOW)
    assert made.weights.get(event_type__name="Payment failed").points == Decimal(str(failed["points"]))
    assert (made.half_life or 0) == job.result["suggestion"]["half_life"]
    assert made.status == "draft" and ScoringModel.objects.current().pk == ScoringModel.objects.first().pk - 2


def test_of_a_large_portfolio_a_sample_of_those_who_stayed_suggests_nearly_the_same(told, monkeypatch):
    whole = result()["suggestion"]
    monkeypatch.setattr("scoring.backtest.setup.MOST_FIT_ROWS", 150)  # half of the 300
    sample = result()["suggestion"]
    assert whole["used"] == whole["rows"] == sample["rows"] == 300
    assert 60 + 90 < sample["used"] < 60 + 150 and sample["outcomes"] == 60

    def failed(found):
        return next(one["points"] for one in found["weights"] if one["name"] == "Payment failed")

    assert failed(sample) == pytest.approx(failed(whole), rel=0.15)


def test_a_limit_on_a_sign_is_kept(told):
    model = story.draft()
    failed = model.weights.get(event_type__name="Payment failed").event_type_id
    found = result(model=model, signs={failed: 1})
    weight = next(one for one in found["suggestion"]["weights"] if one["event_type"] == failed)
    assert weight["points"] == 0 and weight["held"] and weight["low"] is None


def test_below_fifty_outcomes_nothing_is_said_but_why(told):
    InputLog = told[0]._meta.apps.get_model("customers", "InputLog")
    InputLog.objects.filter(text="churned", customer__in=[one.pk for one in told[129:180]]).delete()
    found = result()  # 9 + 10 are left
    assert (found["refused"], found["outcomes"]) == ("few", 19)
    assert "contenders" not in found and found["suggestion"] == {"refused": "not judged"}


def test_days_that_are_all_immature_say_nothing(told):
    found = result(days=[story.TOO_LATE])
    assert (found["refused"], found["left_out"]["immature"]) == ("nobody", 170)


def test_silence_is_an_outcome_of_those_who_were_active_once(told):
    # Nobody did anything after 5 January: on any later day, everybody goes silent.
    found = result(outcome=Outcome(Kind.QUIET, 30, 30), days=[story.LATER])
    assert (found["refused"], found["days"][0]["outcomes"]) == ("all", 240)


def test_revenue_that_fell_counts_as_does_who_left(told):
    story.pays(told, date(2026, 1, 1), 100)
    story.pays(told[180:200], date(2026, 5, 20), 85)
    story.pays(told[200:230], date(2026, 5, 20), 90)
    story.pays(told[230:], date(2026, 6, 2), 1)  # after the horizon
    fell = result(outcome=Outcome(Kind.REVENUE_FELL, 30, least_fall=15), days=[story.LATER])
    assert fell["outcomes"] == 70 + 20
    assert result(outcome=Outcome(Kind.REVENUE_FELL, 30), days=[story.LATER])["outcomes"] == 70 + 20 + 30


def test_customers_who_come_while_it_runs_do_not_move_its_steps(told, monkeypatch):
    monkeypatch.setattr("scoring.runs.shards.SIZE", 10**9)
    whole, broken = done(story.start(story.draft())), story.start(story.draft())
    next(run.steps(leased.claim(BackTest, now=NOW), lambda: NOW))
    type(told[0]).objects.create(pk=10**9 + 5, name="Late", created_at=NOW)
    work.whole(broken, clock=lambda: NOW + timedelta(hours=1), after_step=lambda job: None)
    assert broken.total_steps == whole.total_steps == 6  # three days, a fit, one day with what was suggested, a report
    assert broken.result["days"] == whole.result["days"]


def test_who_came_lately_can_be_left_out(told):
    assert result(least_days=121, days=[story.LATER])["days"][0]["customers"] == 0  # since 1 January: the 121st day
    assert result(least_days=120, days=[story.LATER])["days"][0]["customers"] == 240


def test_a_back_test_that_is_cancelled_ends_after_its_step_and_leaves_only_what_was_asked(told):
    job = story.start(story.draft())
    done(job, after_step=lambda mine: lifecycle.cancel(mine, now=NOW) if mine.at_step == 1 else None)
    assert (job.state, job.at_step, job.result) == (State.CANCELLED, 1, {})
    assert not BackTestPart.objects.exists()
    with pytest.raises(InvalidState):
        lifecycle.cancel(job, now=NOW)


def test_one_that_nobody_works_on_is_cancelled_at_once(told):
    job = story.start(story.draft())
    lifecycle.cancel(job, now=NOW)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert work.go_on(clock=lambda: NOW) == 0


def test_another_worker_goes_on_where_the_first_one_died_and_finds_the_same(told):
    model = story.draft()
    whole, broken = done(story.start(model)), story.start(model)
    steps = run.steps(leased.claim(BackTest, now=NOW), lambda: NOW)
    next(steps), next(steps)
    assert leased.claim(BackTest, now=NOW) is None  # the lease keeps others out
    later = NOW + timedelta(hours=1)
    work.whole(broken, clock=lambda: later, after_step=lambda job: None)
    assert broken.state == State.DONE
    assert broken.result == whole.result
    with pytest.raises(leased.Lost):
        next(steps)


def test_one_that_dies_again_and_again_is_given_up(told):
    job = story.start(story.draft())
    for attempt in range(leased.MOST_TRIES):
        assert leased.claim(BackTest, now=NOW + timedelta(hours=attempt)) is not None
    assert leased.claim(BackTest, now=NOW + timedelta(hours=9)) is None
    job.refresh_from_db()
    assert (job.state, job.problem) == (State.FAILED, "stopped")


def test_a_draft_that_is_edited_before_the_next_worker_goes_on_is_told_and_not_mixed(told):
    job = story.start(story.draft())
    next(run.steps(leased.claim(BackTest, now=NOW), lambda: NOW))
    job.model.weights.filter(event_type__name="Payment failed").update(points=-1)
    work.whole(job, clock=lambda: NOW + timedelta(hours=1), after_step=lambda job: None)
    assert (job.state, job.problem) == (State.FAILED, "changed")


@pytest.fixture
def ada(begun):
    return cast.colleague("Ada", Role.ADMIN)


def test_a_segments_version_is_tested_on_the_segments_customers_alone(told, ada):
    job = done(story.start(story.segment_draft(told, ada)))
    days = [(one["role"], one["customers"], one["outcomes"]) for one in job.result["days"]]
    assert days == [("fit", 180, 0), ("judge", 180, 70), ("immature", 110, 0)]
    # Of those who failed to pay 60 of 120 leave, of the others 10 of 60; 110 stay: 60 × (60/2 + 50) + 10 × (50/2).
    assert of(job.result, "tested")["auc"][0] == pytest.approx((60 * 80 + 10 * 25) / (70 * 110))
    assert job.inputs["segment"]["name"] == "Pro plans"
    assert job.inputs["customers"] == 180


def test_it_is_compared_with_the_model_for_everybody_while_the_segment_has_none(told, ada):
    everybody = ScoringModel.objects.current()
    job = done(story.start(story.segment_draft(told, ada)))
    assert job.inputs["versions"]["current"]["version"] == everybody.pk
    assert of(job.result, "current")["lead"][0] == 0, "a copy of it"


def test_it_is_compared_with_the_segments_own_model_once_it_has_one(told, ada):
    tested, upside_down = story.segment_draft(told, ada), story.draft()
    upside_down.weights.filter(event_type__name="Payment failed").update(points=6)
    upside_down.segment = tested.segment
    upside_down.save()
    own = versions.publish(upside_down, now=NOW, by=ada)
    job = done(story.start(tested))
    assert job.inputs["versions"]["current"]["version"] == own.pk
    assert of(job.result, "current")["auc"][0] == pytest.approx(1 - of(job.result, "tested")["auc"][0])


def test_a_version_for_everybody_is_tested_on_everybody_whatever_segments_have(told, ada):
    versions.publish(story.segment_draft(told, ada), now=NOW, by=ada)
    job = done(story.start(story.draft()))
    assert [one["customers"] for one in job.result["days"]] == [300, 240, 170]
    assert job.inputs["segment"] is None


def test_a_segment_that_is_edited_before_the_next_worker_goes_on_is_told_and_not_mixed(told, ada):
    job = story.start(story.segment_draft(told, ada))
    next(run.steps(leased.claim(BackTest, now=NOW), lambda: NOW))
    job.model.segment.query = {"plan": "free"}
    job.model.segment.save()
    job = BackTest.objects.get(pk=job.pk)
    work.whole(job, clock=lambda: NOW + timedelta(hours=1), after_step=lambda job: None)
    assert (job.state, job.problem) == (State.FAILED, "changed")


def test_a_segment_that_filters_by_todays_scores_cannot_be_tested(told, ada):
    job = done(story.start(story.segment_draft(told, ada, query={"health": "red"})))
    assert (job.state, job.problem) == (State.FAILED, "segment scores")


def test_what_was_tested_is_kept_when_its_draft_is_deleted(told):
    model = story.draft()
    job = done(story.start(model))
    versions.ScoringModel.objects.get(pk=model.pk).delete()
    job = BackTest.objects.get(pk=job.pk)
    assert job.model is None and job.model_name == f"Starter model (v{model.pk})"
    said = {one["name"]: one["points"] for one in job.inputs["versions"]["tested"]["weights"]}
    assert said["Payment failed"] == "-6.00"


def test_the_usual_days_end_where_the_horizon_is_over_and_begin_when_a_window_is_full(told):
    days = lifecycle.usual_days(ScoringModel.objects.current(), 30, NOW.date())
    assert days[-1] == date(2026, 5, 15)  # 30 days on is yesterday
    assert days[0] == date(2026, 2, 14)  # counting began on 5 January; 30 days of it are whole on 3 February
