"""Models of segments: who is scored by which, in the stated order; and versions that go forwards only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import lifecycle, segments
from customers.models import Customer
from scoring.model_versions import assigned, versions
from scoring.models import CurrentScore, ScoreHistory, ScoringModel, Status
from scoring.runs import history, run
from scoring.verify import check
from scoring.what_if.swap import load_swap
from tests.conftest import NOW


@pytest.fixture
def people(begun):
    rows = [
        {"company_id": name, "name": name, "plan": plan} for name, plan in (("A", "pro"), ("B", "free"), ("C", "pro"))
    ]
    return lifecycle.upsert(rows, now=NOW)


def of_segment(ada, query, *, precedence=10, name="S"):
    segment = segments.save(name, query, is_shared=True, by=ada, now=NOW)
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    draft.segment, draft.precedence = segment, precedence
    draft.save()
    return draft


def scored_by():
    return dict(CurrentScore.objects.values_list("customer", "model"))


def test_a_segments_customers_are_scored_by_its_model_and_the_others_by_everybodys(people, ada):
    everybody = ScoringModel.objects.current()
    pro = versions.publish(of_segment(ada, {"plan": "pro"}), now=NOW, by=ada)
    assert ScoringModel.objects.current() == everybody, "a segment's model takes nobody else's place"
    run.score_everyone(now=NOW)
    assert scored_by() == {people["A"]: pro.pk, people["B"]: everybody.pk, people["C"]: pro.pk}


def test_whoever_is_in_two_segments_gets_the_model_that_comes_first(people, ada):
    late = versions.publish(of_segment(ada, {"plan": "pro"}, precedence=20), now=NOW, by=ada)
    first = versions.publish(of_segment(ada, {"q": "A"}, precedence=5, name="T"), now=NOW, by=ada)
    run.score_everyone(now=NOW)
    assert scored_by()[people["A"]] == first.pk
    assert scored_by()[people["C"]] == late.pk


def test_an_ended_model_leaves_its_customers_to_everybodys(people, ada):
    pro = versions.publish(of_segment(ada, {"plan": "pro"}), now=NOW, by=ada)
    versions.retire(pro, now=NOW)
    run.score_everyone(now=NOW)
    assert set(scored_by().values()) == {ScoringModel.objects.current().pk}


def test_a_segment_that_asks_for_scores_can_have_no_model(people, ada):
    with pytest.raises(versions.CannotPublish, match="fields and contracts only"):
        versions.publish(of_segment(ada, {"health": "red"}), now=NOW, by=ada)


@pytest.mark.django_db(transaction=True)
def test_closed_days_name_the_version_of_each_and_verify(source, ada):
    rows = [{"company_id": name, "name": name, "plan": plan} for name, plan in (("A", "pro"), ("B", "free"))]
    people = lifecycle.upsert(rows, now=NOW)
    pro = versions.publish(of_segment(ada, {"plan": "pro"}), now=NOW, by=ada)
    history.close_days(now=NOW.replace(day=17))
    stored = dict(ScoreHistory.objects.values_list("customer", "model").distinct())
    assert stored == {people["A"]: pro.pk, people["B"]: ScoringModel.objects.current().pk}
    while run.score_changed(now=NOW.replace(day=17)):
        pass
    assert check().differences == 0


def test_rolling_back_publishes_the_earlier_numbers_as_a_new_version(begun, ada):
    first = ScoringModel.objects.current()
    draft = versions.draft_from(first, now=NOW)
    draft.weights.update(points=1)
    second = versions.publish(draft, now=NOW, by=ada, note="All alike")
    third = versions.roll_back(ScoringModel.objects.get(pk=first.pk), now=NOW, by=ada, note="Back to the first")
    assert [one.pk for one in ScoringModel.objects.order_by("pk")] == [first.pk, second.pk, third.pk]
    assert (third.status, third.note, third.copied_from) == (Status.PUBLISHED, "Back to the first", first.pk)
    assert versions.load(third).weights == versions.load(ScoringModel.objects.get(pk=first.pk)).weights
    assert ScoringModel.objects.get(pk=second.pk).status == Status.RETIRED


def test_without_segments_models_nobody_is_asked_about(begun, django_assert_num_queries):
    models = assigned.load()
    with django_assert_num_queries(0):
        assert [part for _, part in models.parts([3, 1, 2])] == [[1, 2, 3]]


def test_a_segment_with_a_model_cannot_be_deleted_and_says_why(people, ada, client):
    pro = of_segment(ada, {"plan": "pro"})
    client.force_login(ada)
    answer = client.post(f"/customers/views/{pro.segment.pk}/", {"act": "delete"}, follow=True)
    assert f"“S” cannot be deleted: {pro} uses it." in answer.content.decode()
    assert ScoringModel.objects.get(pk=pro.pk).segment == pro.segment


def test_a_rule_that_comes_to_ask_for_scores_chooses_nobody(people, ada):
    pro = versions.publish(of_segment(ada, {"plan": "pro"}), now=NOW, by=ada)
    segments.save("S", {"health": "red"}, is_shared=True, by=ada, now=NOW)
    run.score_everyone(now=NOW)
    assert pro.pk not in scored_by().values()
    everybody = ScoringModel.objects.current()
    assert assigned.model_of(Customer.objects.get(pk=people["A"])) == everybody
    what_if = load_swap(versions.draft_from(everybody, now=NOW), NOW.date())
    assert pro.pk not in what_if.was.versions


def test_ending_a_model_twice_ends_it_once(people, ada):
    pro = versions.publish(of_segment(ada, {"plan": "pro"}), now=NOW, by=ada)
    versions.end(pro, now=NOW)
    versions.end(pro, now=NOW.replace(hour=20))
    assert ScoringModel.objects.get(pk=pro.pk).retired_at == NOW


def test_the_model_of_a_customer_comes_with_its_own_parts(people, ada):
    everybody = ScoringModel.objects.current()
    draft = of_segment(ada, {"plan": "pro"})
    draft.weights.update(points=7)
    draft.factors.update(weight=9)
    pro = versions.publish(draft, now=NOW, by=ada)
    versions.draft_from(pro, now=NOW)  # a draft scores nobody
    for name, model in (("A", pro), ("B", everybody)):
        customer = Customer.objects.get(pk=people[name])
        with CaptureQueriesContext(connection) as queries:
            loaded = assigned.model_of(customer)
            parts = versions.load(loaded)
            names = {weight.event_type.name for weight in loaded.weights.all()}
        assert len([query for query in queries if 'FROM "scoring_' in query["sql"]]) == 2
        assert loaded == model
        assert parts == versions.load(ScoringModel.objects.get(pk=model.pk)), "nothing of the other model"
        assert "Signed in" in names
