"""Results, breakdowns, comments and the inbox, as a colleague sees them."""

from datetime import timedelta

import pytest

from customers.models import Segment
from staff.models import Role
from surveys.answering import direct_answers, follow_up
from surveys.models import Answer, Theme, Via
from surveys.results import pairs
from tests.conftest import NOW
from tests.pages import cast
from tests.queries import page_queries
from tests.surveys.conftest import company, people, running
from tests.surveys.results.conftest import answered


def test_the_number_its_range_and_the_verdict_are_said(page, survey):
    answered(survey, *[0] * 30, ago=40)
    answered(survey, *[10] * 30, ago=2, start=100)
    seen = page(f"/surveys/{survey.pk}/results/", per="month")
    assert "From 60 answers. 95% interval: " in seen
    assert "Up by 200 points" in seen
    assert "Since Jun 2026: 100 (30 answers). From May 2026 until then: −100 (30 answers)." in seen


def test_what_is_no_change_is_not_called_one(page, survey):
    answered(survey, 0, 10, ago=40)
    answered(survey, 10, 10, ago=2, start=100)
    seen = page(f"/surveys/{survey.pk}/results/")
    assert "No significant change" in seen
    assert "Few answers: read the comments rather than the number." in seen


@pytest.mark.parametrize("template", ["nps", "csat", "effort", "support-effort", "cxi", "onboarding", "free"])
def test_every_kind_has_a_page_with_answers_and_without(page, begun, template):
    survey = running(template)
    assert "No answers yet" in page(f"/surveys/{survey.pk}/results/")
    marks = {
        q["key"]: {"rating": 5, "text": "Hm", "choice": "1", "choices": ["1"]}[q["type"]] for q in survey.questions
    }
    answered(survey, marks, marks)
    answered(survey, marks, marks, ago=70, start=50)
    seen = page(f"/surveys/{survey.pk}/results/")
    assert "4 answers" in seen or ">4<" in seen
    assert "Comments" in seen


@pytest.mark.parametrize(
    "question", ["since=2026-13-01", "since=2026-06-02&until=2026-06-01", "per=year", "x=1", "since=1"]
)
def test_a_bad_question_gets_a_reason(page, survey, question):
    answered(survey, 10)
    assert "This filter is not valid" in page(f"/surveys/{survey.pk}/results/?{question}")
    assert "This filter is not valid" in page(f"/surveys/{survey.pk}/results/by/plan/?{question}")


def test_a_range_counts_its_days(page, survey):
    answered(survey, 10, 10, ago=40)
    answered(survey, 0, 0, 0, ago=2, start=100)
    assert "From 3 answers." in page(f"/surveys/{survey.pk}/results/", since="2026-06-01", until="2026-06-30")


def test_the_page_asks_as_often_for_ten_answers_as_for_a_thousand(client, maya, survey):
    client.force_login(maya)
    path = f"/surveys/{survey.pk}/results/"
    answered(survey, *[0] * 10)
    assert sum(page_queries(client, path)) == 7
    answered(survey, *[i % 11 for i in range(990)], start=10)
    assert sum(page_queries(client, path)) == 7


def test_groups_are_told_apart_by_what_is_asked(page, survey, maya):
    answered(survey, 10, 10, customer=company("A", plan="Gold", owner_id=maya.pk))
    answered(survey, 0, customer=company("B", plan="Silver"), start=50)
    assert '<bdi>Gold</bdi></th> <td class="number">2</td> <td class="number">100</td>' in page(
        f"/surveys/{survey.pk}/results/by/plan/"
    )
    assert "<bdi>Maya</bdi>" in page(f"/surveys/{survey.pk}/results/by/owner/")
    assert "<bdi>No owner</bdi>" in page(f"/surveys/{survey.pk}/results/by/owner/")
    assert "<bdi>API</bdi>" in page(f"/surveys/{survey.pk}/results/by/channel/")
    page(f"/surveys/{survey.pk}/results/by/height/", status=404)


def test_a_saved_view_is_a_group(page, survey, maya):
    Segment.objects.create(name="The golden", query={"plan": "Gold"}, owner=maya, created_at=NOW)
    Segment.objects.create(name="Of Lou", query={"plan": "Gold"}, owner=cast.colleague("Lou"), created_at=NOW)
    answered(survey, 10, 10, customer=company("A", plan="Gold"))
    answered(survey, 0, customer=company("B"), start=50)
    seen = page(f"/surveys/{survey.pk}/results/by/segment/")
    assert '<bdi>The golden</bdi></th> <td class="number">2</td>' in seen
    assert "Of Lou" not in seen


def test_in_confidence_small_groups_stand_together_or_not_at_all(page, begun):
    survey = running(is_confidential=True)
    answered(survey, *[10] * 12, customer=company("A", plan="Gold"))
    answered(survey, *[0] * 3, customer=company("B", plan="Silver"), start=50)
    answered(survey, *[0] * 2, customer=company("C", plan="Bronze"), start=80)
    seen = page(f"/surveys/{survey.pk}/results/by/plan/")
    assert "Gold" in seen and "Silver" not in seen and "Bronze" not in seen
    assert '<bdi>All others together</bdi></th> <td class="number">5</td>' in seen


def test_in_confidence_what_is_left_over_is_not_told_by_the_rest(page, begun):
    survey = running(is_confidential=True)
    answered(survey, *[10] * 12, customer=company("A", plan="Gold"))
    answered(survey, *[0] * 3, customer=company("B", plan="Silver"), start=50)
    seen = page(f"/surveys/{survey.pk}/results/by/plan/")
    assert "Gold" not in seen and "Silver" not in seen
    assert '<bdi>All others together</bdi></th> <td class="number">15</td>' in seen


def test_the_same_people_are_compared_with_themselves(page, survey, django_assert_num_queries):
    kims = people(20)
    answered(survey, *[5] * 20, ago=100, contacts=kims)
    answered(survey, *[9] * 15, *[5] * 4, 0, ago=3, contacts=kims)
    answered(survey, 10, 10, start=50)
    found = pairs.compare(Answer.objects.filter(survey=survey), "nps")
    assert (found.n, found.better, found.same, found.worse) == (20, 15, 4, 1)
    assert (found.change.value, found.change.is_one) == (150, True)
    seen = page(f"/surveys/{survey.pk}/results/by/people/")
    assert "20 people answered twice or more" in seen and "Up by 150 points" in seen
    with django_assert_num_queries(1):
        pairs.compare(Answer.objects.filter(survey=survey), "nps")


def test_in_confidence_nobody_is_followed(page, begun):
    survey = running(is_confidential=True)
    kims = people(10)
    answered(survey, *[5] * 10, ago=100, contacts=kims)
    answered(survey, *[9] * 10, ago=3, contacts=kims)
    assert "do not compare a contact’s answers over time" in page(f"/surveys/{survey.pk}/results/by/people/")


def test_who_nobody_knows_is_not_to_be_called(page, survey):
    direct_answers.record(
        survey, [direct_answers.IncomingAnswer({"score": 0, "wrong": "Slow"}, NOW)], via=Via.LINK, now=NOW
    )
    assert "Nothing to follow up" in page("/surveys/inbox/")
    assert "Unknown person" in page(f"/surveys/{survey.pk}/comments/")


def test_a_limited_colleague_sees_groups_of_their_own_customers(client, survey):
    lou = cast.colleague("Lou", is_limited=True)
    answered(survey, 10, customer=company("A", plan="Gold", owner_id=lou.pk))
    answered(survey, 0, customer=company("B", plan="Silver"), start=50)
    client.force_login(lou)
    seen = client.get(f"/surveys/{survey.pk}/results/by/plan/").content.decode()
    assert "Gold" in seen and "Silver" not in seen


def test_comments_are_searched_and_lead_to_who_wrote_them(page, survey):
    answered(
        survey, {"score": 2, "wrong": "The export is slow"}, {"score": 10, "like": "Everybody is kind"}, {"score": 9}
    )
    path = f"/surveys/{survey.pk}/comments/"
    assert page(path).count('class="said"') == 2
    seen = page(path, q="exprt")
    assert "The export is slow" in seen and "kind" not in seen
    assert "<bdi>Acme 0</bdi>" in seen and "<bdi>Kim 0</bdi>" in seen
    assert "Everybody is kind" in page(path, group="promoter")
    assert "No comments match these filters." in page(path, owner="none", q="nobody wrote this")
    assert "This filter is not valid" in page(path, group="easy")


def test_a_theme_is_put_on_and_taken_off(client, page, survey):
    [answer] = answered(survey, {"score": 2, "wrong": "Too dear"})
    Theme.objects.create(name="Price", words=[])
    address = f"/surveys/answers/{answer.customer_id}/{answer.id}/theme/"
    assert client.post(address, {"theme": "Price", "next": "/surveys/inbox/"}).url == "/surveys/inbox/"
    assert "Too dear" in page(f"/surveys/{survey.pk}/comments/", theme="Price")
    assert client.post(address, {"theme": "Weather"}).status_code == 404
    client.post(address, {"remove": "Price"})
    assert Answer.objects.get().themes == []


def test_in_confidence_comments_have_no_names(page, client, begun):
    survey = running(is_confidential=True)
    answered(survey, *[{"score": 2, "wrong": f"Slow {i}"} for i in range(4)])
    path = f"/surveys/{survey.pk}/comments/"
    assert "Slow" not in page(path)
    answers = answered(survey, {"score": 2, "wrong": "Slow 4"}, start=50)
    seen = page(path)
    assert seen.count('class="said"') == 5
    assert "Kim" not in seen and "Acme" not in seen and str(answers[0].id) not in seen and "Detractor" not in seen
    for question in ("owner=none", "group=detractor", "since=2026-06-14"):
        assert "This filter is not valid" in page(f"{path}?{question}")
    client.force_login(cast.colleague("Lou", is_limited=True))
    assert "Slow" not in client.get(path).content.decode()


def test_in_confidence_nothing_is_done_about_one_answer(client, maya, begun):
    survey = running(is_confidential=True)
    [answer] = answered(survey, 0)
    client.force_login(maya)
    assert client.get(f"/surveys/answers/{answer.customer_id}/{answer.id}/close/").status_code == 404


def test_unhappy_answers_stand_in_the_inbox_own_customers_first(page, survey, maya):
    answered(survey, {"score": 0, "wrong": "Of somebody else"}, customer=company("Other"))
    answered(survey, {"score": 3, "wrong": "Of Maya"}, ago=1, customer=company("Mine", owner_id=maya.pk), start=50)
    answered(survey, 10, customer=company("Happy"), start=80)
    seen = page("/surveys/inbox/")
    assert seen.index("Of Maya") < seen.index("Of somebody else")
    assert "Yesterday · not followed up" in seen and "Happy" not in seen
    assert "Of somebody else" not in page("/surveys/inbox/", owner=str(maya.pk))
    assert "Of Maya" in page("/surveys/inbox/", survey=str(survey.pk))
    assert "These customers have no answers to follow up." in page("/surveys/inbox/", survey=str(survey.pk + 1))
    assert "1 unhappy answer from your customers needs follow-up" in page("/at-risk/")


def test_a_follow_up_is_closed_with_a_note_and_opened_again(client, page, survey, maya):
    [answer] = answered(survey, {"score": 0, "wrong": "Slow"})
    path = f"/surveys/answers/{answer.customer_id}/{answer.id}/close/"
    assert "Slow" in page(path)
    assert client.post(path, {"note": "x" * 501}).status_code == 422
    assert client.post(path, {"note": "Called Kim", "next": "https://evil.example/"}).url == "/surveys/inbox/"
    assert "Nothing to follow up" in page("/surveys/inbox/")
    assert "Followed up by Maya" in page(f"/surveys/{survey.pk}/comments/")
    client.post(f"/surveys/answers/{answer.customer_id}/{answer.id}/reopen/")
    assert "Slow" in page("/surveys/inbox/")


def test_who_only_looks_closes_nothing(client, survey):
    [answer] = answered(survey, 0)
    client.force_login(cast.colleague("Vera", Role.VIEWER))
    for act in ("close", "reopen", "theme"):
        assert client.post(f"/surveys/answers/{answer.customer_id}/{answer.id}/{act}/").status_code == 403
    assert "Close follow-up" not in client.get("/surveys/inbox/").content.decode()


def test_a_customers_page_tells_what_they_said(page, survey, begun):
    acme = company("Acme")
    answered(survey, *[{"score": 9, "like": f"Good {i}"} for i in range(6)], customer=acme)
    answered(running(is_confidential=True), {"score": 0, "wrong": "Secret"}, customer=acme, start=50)
    seen = page(f"/customers/{acme.pk}/answers/")
    assert "Survey answers" in seen and seen.count('class="said"') == 6 and "Secret" not in seen
    kim = acme.contacts.get(name="Kim 3")
    seen = page(f"/customers/{acme.pk}/answers/", contact=str(kim.pk))
    assert "Good 3" in seen and "Good 2" not in seen
    assert "This filter is not valid" in page(f"/customers/{acme.pk}/answers/", contact="x")


def test_the_voice_says_what_is_not_known(page, survey):
    answered(survey, 10, 10)
    seen = page("/surveys/voice/")
    assert seen.count("not known yet") == 2


PAGES = {  # queries of (view, templates)
    "/surveys/inbox/": (4, 0),
    "/surveys/{pk}/comments/": (8, 0),
    "/surveys/{pk}/results/": (7, 0),
    "/surveys/{pk}/results/by/plan/": (5, 0),
    "/surveys/voice/": (4, 0),
}


def test_pages_make_as_many_queries_for_ten_answers_as_for_a_hundred(client, maya, survey):
    client.force_login(maya)
    paths = [path.format(pk=survey.pk) for path in PAGES]
    for start in (0, 100):
        for i in range(5 if start == 0 else 30):
            answered(survey, {"score": 0, "wrong": "Slow"}, {"score": 10, "like": "Good"}, start=start + 10 * i)
        assert {path: tuple(page_queries(client, path)) for path in paths} == dict(
            zip(paths, PAGES.values(), strict=True)
        )


def test_a_follow_up_is_closed_once(survey, maya):
    [answer] = answered(survey, 0)
    assert follow_up.close(answer, note="", by=maya, now=NOW)
    assert not follow_up.close(answer, note="", by=maya, now=NOW + timedelta(hours=1))
    assert people(1, start=999)
