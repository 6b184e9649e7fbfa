"""What a survey found by the API: the numbers of the page, and nothing of fewer than five in confidence."""

from datetime import timedelta

import pytest

from customers.models import Segment
from staff.models import Role
from surveys import lifecycle
from surveys.answering import direct_answers
from surveys.answering.direct_answers import IncomingAnswer
from surveys.models import Via
from tests.conftest import NOW
from tests.pages import cast
from tests.surveys.conftest import company, invited, people, running

DAY = timedelta(days=1)


def answered(survey, *scores, at=NOW, **marks):
    acme = company("Acme")
    given = [IncomingAnswer({"score": score, **marks}, at, customer_id=acme.pk) for score in scores]
    return direct_answers.record(survey, given, via=Via.API, now=at)


def test_the_score_comes_with_its_interval_distribution_and_questions(api, begun):
    survey = running("support-effort")
    answered(survey, 7, 7, 6, 2, waiting=3)
    found = api.get(f"surveys/{survey.pk}/results/").json()
    assert (found["n"], found["score"]["value"], found["score"]["n"]) == (4, 5.5, 4)
    assert found["score"]["low"] < 5.5 < found["score"]["high"]
    assert found["easy"]["value"] == 0.75
    assert found["distribution"] == [{"value": v, "count": c} for v, c in ((2, 1), (6, 1), (7, 2))]
    waiting = next(one for one in found["questions"] if one["key"] == "waiting")
    assert (waiting["n"], waiting["counts"], waiting["mean"]["value"]) == (4, [{"value": 3, "count": 4}], 3)


def test_nps_of_ten_answers(api, begun):
    survey = running()
    answered(survey, *[10] * 5, *[7] * 3, *[0] * 2)
    found = api.get(f"surveys/{survey.pk}/results/").json()
    assert (found["kind"], found["score"]["value"], found["easy"]) == ("nps", 30, None)
    assert [(one["n"], one["score"]["value"]) for one in found["course"]] == [(10, 30)]


def test_the_funnel_says_who_was_reached(api, begun):
    survey = running()
    people(2)
    people(1, start=5, survey_opt_out=True)
    invited(survey, by=cast.colleague("Lea", Role.LEAD))
    answered(survey, 9)
    funnel = api.get(f"surveys/{survey.pk}/results/").json()["funnel"]
    assert (funnel["dropped"], funnel["answered"], funnel["replied"]) == ({"opted_out": 1}, 1, 0)


def test_days_and_versions_are_chosen_as_on_the_page(api, begun):
    survey = running(now=NOW - 9 * DAY)
    answered(survey, 10, at=NOW - 9 * DAY)
    newer = lifecycle.start(lifecycle.new_version(survey, now=NOW - DAY, by=None), now=NOW - DAY)
    answered(newer, 0, 0)
    path = f"surveys/{newer.pk}/results/"
    asked = {"": 2, "?versions=all": 3, f"?until={(NOW - 2 * DAY).date()}": 0, f"?since={NOW.date()}&per=month": 2}
    assert {query: api.get(f"{path}{query}").json()["n"] for query in asked} == asked
    for bad in ("?since=x", "?sinse=2026-01-01", "?per=day", "?since=2026-06-02&until=2026-06-01"):
        assert api.get(f"{path}{bad}").status_code == 400


def test_nothing_said_is_null_and_not_zero(api, begun):
    found = api.get(f"surveys/{running().pk}/results/").json()
    assert (found["n"], found["score"], found["response_rate"], found["moved"]) == (0, None, None, None)
    assert (found["distribution"], found["course"], found["first"]) == ([], [], None)


def test_a_change_between_periods_is_one_only_when_its_interval_leaves_0_out(api, begun):
    survey = running(now=NOW - 9 * DAY)
    answered(survey, *[0] * 20, at=NOW - 8 * DAY)
    answered(survey, *[10] * 20)
    moved = api.get(f"surveys/{survey.pk}/results/?per=week").json()["moved"]
    assert (moved["value"], moved["is_change"]) == (200, True)


@pytest.mark.parametrize(("count", "n"), [(4, 0), (5, 5)])
def test_in_confidence_fewer_than_five_say_nothing(api, begun, count, n):
    survey = running(is_confidential=True, now=NOW - 9 * DAY)
    answered(survey, *[9] * count, at=NOW - DAY)
    found = api.get(f"surveys/{survey.pk}/results/").json()
    assert (found["n"] if n else found["score"], len(found["distribution"])) == ((n, 1) if n else (None, 0))
    assert sum(len(one["counts"]) for one in found["questions"]) == 0


def test_the_figure_is_split_by_plan_owner_and_segment_of_the_customers_one_sees(api, make_key, lou, begun):
    survey = running()
    for plan, scores, owner in (("Pro", (10, 10), None), ("Free", (0,), lou)):
        customer = company(plan, plan=plan, owner_id=owner and owner.pk)
        given = [IncomingAnswer({"score": score}, NOW, customer_id=customer.pk) for score in scores]
        direct_answers.record(survey, given, via=Via.API, now=NOW)
    Segment.objects.create(name="All", owner=lou, is_shared=True, query={"stage": "active"}, created_at=NOW)

    def by(what, key=api):
        found = key.get(f"surveys/{survey.pk}/results/by/{what}/").json()
        return {row["name"]: (row["n"], row["score"]["value"]) for row in found["groups"]}

    assert by("plan") == {"Pro": (2, 100), "Free": (1, -100)}
    assert by("owner") == {"": (2, 100), "Lou": (1, -100)}
    assert by("segment") == {"All": (3, pytest.approx(100 / 3))}
    assert by("plan", make_key(colleague=lou)) == {"Free": (1, -100)}
    assert api.get(f"surveys/{survey.pk}/results/by/mood/").status_code == 404
    assert api.get(f"surveys/{survey.pk}/results/by/plan/?sinse=x").status_code == 400


def test_the_voice_has_three_parts_and_no_index_while_one_is_missing(api, begun):
    answered(running(), 10, 10)
    found = api.get("voice/").json()
    assert (found["loyalty"]["value"], found["satisfaction"], found["index"]) == (100, None, None)
    answered(running("csat"), 5, 1)
    people(2)
    found = api.get("voice/").json()
    assert (found["satisfaction"]["value"], found["awareness"]["value"]) == (0.5, 0)
    assert found["index"] == 0.5
    assert api.get("voice/?day=1").status_code == 400
