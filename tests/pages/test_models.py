"""Versions on pages: read by everybody, changed by admins; tried before they are published."""

import csv
import io
from decimal import Decimal

import pytest

from customers import lifecycle
from scoring.model_versions import calibrate, model_templates, versions
from scoring.models import ScoringModel, Status
from scoring.runs import history, run
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

LATER = NOW.replace(day=16)


@pytest.fixture
def ada(begun):
    return cast.colleague("Ada", Role.ADMIN)


@pytest.fixture
def portfolio(begun):
    """Ten customers with one to ten reports each, on a day that is closed."""
    rows = [{"company_id": f"c{n}", "name": f"Customer {n}", "mrr": 100} for n in range(1, 11)]
    made = lifecycle.upsert(rows, now=NOW)
    for n in range(1, 11):
        cast.counted(cast.Customer.objects.get(pk=made[f"c{n}"]), "Report created", *range(n))
    cast.known_for(60)
    history.close_days(now=LATER)
    return [made[f"c{n}"] for n in range(1, 11)]


@pytest.fixture
def draft(begun):
    return versions.draft_from(ScoringModel.objects.current(), now=NOW)


def text(answer):
    return " ".join(answer.content.decode().split())


def test_everybody_reads_what_a_version_says(client, maya, draft):
    client.force_login(maya)
    assert f"/models/{draft.pk}/" in text(client.get("/models/"))
    page = text(client.get(f"/models/{draft.pk}/"))
    assert "Report created" in page
    assert "at 0.00 points or fewer, health is at most 30.00" in page
    assert "No differences." in page
    assert "/publish/" not in page


def test_an_admin_changes_a_weight_sees_who_is_touched_and_publishes_with_a_note(client, ada, draft, portfolio):
    client.force_login(ada)
    asked = (
        f"/models/{draft.pk}/what-if/?points-{draft.weights.get(event_type__name='Report created').event_type_id}=20"
    )
    page = text(client.get(asked))
    assert "With the unsaved numbers below:" in page
    told = client.get(asked).context["comparison"].sum_of("")
    assert told.customers > 0
    client.post(f"/models/{draft.pk}/what-if/save/", dict(_query(asked)))
    assert draft.weights.get(event_type__name="Report created").points == 20
    assert "points: 2.00 → 20.00" in text(client.get(f"/models/{draft.pk}/publish/"))
    client.post(f"/models/{draft.pk}/publish/", {"note": "Reports matter"})
    published = ScoringModel.objects.current()
    assert (published.pk, published.note, published.published_by) == (draft.pk, "Reports matter", ada)


def _query(address):
    return [pair.split("=") for pair in address.partition("?")[2].split("&")]


def test_the_file_names_everybody_who_changes(client, ada, draft, portfolio):
    client.force_login(ada)
    draft.weights.filter(event_type__name="Report created").update(points=20)
    comparison = client.get(f"/models/{draft.pk}/what-if/").context["comparison"]
    body = client.get(f"/models/{draft.pk}/what-if.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert {int(row["customer_id"]) for row in rows} == set(comparison.judged.customers[comparison.changed].tolist())
    assert {row["monthly_value"] for row in rows} == {"100"}


def test_a_number_that_is_none_is_refused_beside_its_field(client, ada, draft, portfolio):
    client.force_login(ada)
    answer = client.get(f"/models/{draft.pk}/what-if/?yellow_from=abc")
    assert "Enter a number" in text(answer)
    assert "comparison" not in answer.context
    assert client.post(f"/models/{draft.pk}/what-if/save/", {"yellow_from": "90"}).status_code == 400


def test_an_earlier_version_is_published_again(client, ada, draft):
    first = ScoringModel.objects.current()
    versions.publish(draft, now=NOW, by=ada)
    client.force_login(ada)
    client.post(f"/models/{first.pk}/publish/", {"note": "Back"})
    current = ScoringModel.objects.current()
    assert (current.copied_from, current.note) == (first.pk, "Back")


@pytest.mark.parametrize("name", model_templates.NAMES)
def test_each_starter_becomes_a_draft_that_can_be_published(client, ada, name):
    client.force_login(ada)
    client.post("/models/new/", {"starter": name})
    made = ScoringModel.objects.drafts().get()
    versions.publish(made, now=NOW, by=ada)
    run.score_everyone(now=NOW)


def test_the_plain_sum_is_the_sum_of_what_happened(client, ada, portfolio):
    made = model_templates.draft(model_templates.PLAIN, now=NOW)
    versions.publish(made, now=LATER, by=ada)
    run.score_everyone(now=LATER)
    scores = cast.CurrentScore.objects.filter(customer__in=portfolio).order_by("customer")
    assert list(scores.values_list("engagement", flat=True)) == [n * 2_00 for n in range(1, 11)]


def test_calibrating_puts_nine_of_ten_customers_at_a_hundred_or_below(client, ada, portfolio):
    plain = model_templates.draft(model_templates.PLAIN, now=NOW)
    # 2 points a report: the ninth of ten customers stands at 18, so points grow by 100/18.
    done = calibrate.calibrate(plain)
    assert (done.percentile, done.factor) == (Decimal(18), Decimal("5.5556"))
    assert plain.weights.get(event_type__name="Report created").points == Decimal("11.11")
    client.force_login(ada)
    client.post(f"/models/{plain.pk}/calibrate/")
    assert plain.weights.get(event_type__name="Report created").points == Decimal("11.11")


def test_without_data_there_is_nothing_to_calibrate_by(draft):
    with pytest.raises(calibrate.CannotCalibrate, match="No customer has data"):
        calibrate.calibrate(draft)


def test_a_segments_model_is_ended(client, ada, draft):
    client.force_login(ada)
    assert client.post(f"/models/{ScoringModel.objects.current().pk}/end/").status_code == 404
    assert ScoringModel.objects.current().status == Status.PUBLISHED


def test_a_draft_somebody_changed_meanwhile_is_not_published_unseen(client, ada, draft):
    client.force_login(ada)
    seen = client.get(f"/models/{draft.pk}/publish/").context["seen"]
    draft.weights.filter(event_type__name="Report created").update(points=900)
    answer = client.post(f"/models/{draft.pk}/publish/", {"seen": seen}, follow=True)
    assert "A colleague changed the draft in the meantime" in text(answer)
    assert ScoringModel.objects.get(pk=draft.pk).status == Status.DRAFT
    seen = client.get(f"/models/{draft.pk}/publish/").context["seen"]
    client.post(f"/models/{draft.pk}/publish/", {"seen": seen})
    assert ScoringModel.objects.current().pk == draft.pk


def test_the_version_that_scores_now_is_not_published_again(client, ada):
    client.force_login(ada)
    current = ScoringModel.objects.current()
    assert client.post(f"/models/{current.pk}/publish/").status_code == 404
    assert ScoringModel.objects.count() == 1


def test_calibrating_refuses_what_would_take_a_weight_away_for_good(portfolio, ada):
    draft = model_templates.draft(model_templates.PLAIN, now=NOW)
    draft.weights.filter(event_type__name="Report created").update(points=1000)
    draft.weights.filter(event_type__name="Page viewed").update(points=Decimal("0.20"))
    # The ninth of ten customers stands at 9,000: 0.20 × 100 / 9,000 is less than half a hundredth.
    with pytest.raises(calibrate.CannotCalibrate, match="rounded to 0"):
        calibrate.calibrate(draft)
    assert draft.weights.get(event_type__name="Page viewed").points == Decimal("0.20")


def test_a_viewer_reads_what_if_and_takes_no_list_of_customers_home(client, draft, portfolio):
    client.force_login(cast.colleague("Vic", Role.VIEWER))
    page = text(client.get(f"/models/{draft.pk}/what-if/"))
    assert "what-if.csv" not in page
    assert client.get(f"/models/{draft.pk}/what-if.csv").status_code == 403


@pytest.mark.parametrize("page", ["0", "-1", "²", "x", "99999999999"])
def test_a_page_that_is_none_is_some_page(client, ada, draft, portfolio, page):
    client.force_login(ada)
    assert client.get(f"/models/{draft.pk}/what-if/", {"page": page}).status_code == 200


def test_numbers_tried_on_a_draft_published_meanwhile_are_not_lost_in_a_404(client, ada, draft):
    client.force_login(ada)
    versions.publish(draft, now=NOW, by=ada)
    answer = client.post(f"/models/{draft.pk}/what-if/save/", {"yellow_from": "40"}, follow=True)
    assert "published in the meantime" in text(answer)
    assert ScoringModel.objects.get(pk=draft.pk).yellow_from == 50
