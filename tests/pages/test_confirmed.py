"""Acts on versions say beforehand what they will do; asking does nothing."""

import re
from decimal import Decimal

import pytest

from customers.models import Segment
from scoring.model_versions import model_templates, versions
from scoring.models import CurrentScore, ScoringModel, Status
from scoring.runs import run
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.test_models import LATER, portfolio  # noqa: F401


@pytest.fixture
def ada(begun, client):
    ada = cast.colleague("Ada", Role.ADMIN)
    client.force_login(ada)
    return ada


@pytest.fixture
def draft(begun):
    return versions.draft_from(ScoringModel.objects.current(), now=NOW)


def text(answer):
    return " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())


def test_a_draft_is_deleted_after_a_question(client, ada, draft):
    assert "deleted for good" in text(client.get(f"/models/{draft.pk}/delete/"))
    assert ScoringModel.objects.drafts().get() == draft
    answer = client.post(f"/models/{draft.pk}/delete/", follow=True)
    assert f"{draft} is deleted." in text(answer)
    assert not ScoringModel.objects.drafts().exists()


def test_what_was_published_is_never_deleted(client, ada, draft):
    current = ScoringModel.objects.current()
    assert client.post(f"/models/{current.pk}/delete/").status_code == 404
    versions.publish(draft, now=NOW, by=ada)
    assert not versions.delete(draft)  # as it stood on a page opened before
    assert ScoringModel.objects.filter(pk=draft.pk).exists()


def test_whoever_is_no_admin_is_asked_nothing(client, ada, draft):
    client.force_login(cast.colleague("Lea", Role.LEAD))
    for act in ("delete", "calibrate", "end"):
        assert client.post(f"/models/{draft.pk}/{act}/").status_code == 403
    assert ScoringModel.objects.drafts().get() == draft


def test_calibrating_shows_the_factor_and_the_points_before_and_after_and_writes_nothing(client, ada, portfolio):  # noqa: F811
    plain = model_templates.draft(model_templates.PLAIN, now=NOW)
    # 2 points a report: the ninth of ten customers stands at 18, so points grow by 100/18.
    page = text(client.get(f"/models/{plain.pk}/calibrate/"))
    assert "Nine of ten customers score 18.00 or below with this draft." in page
    assert "All points are multiplied by 5.5556" in page
    assert "Report created 2.00 11.11" in page
    weight = plain.weights.get(event_type__name="Report created")
    assert weight.points == 2
    client.post(f"/models/{plain.pk}/calibrate/")
    weight.refresh_from_db()
    assert weight.points == Decimal("11.11")


def test_what_cannot_be_calibrated_is_said_before_the_question(client, ada, draft):
    answer = client.get(f"/models/{draft.pk}/calibrate/", follow=True)
    assert answer.redirect_chain == [(f"/models/{draft.pk}/", 302)]
    assert "No customer has data on the last closed day" in text(answer)


def test_ending_a_segments_model_says_how_many_customers_move(client, ada, draft, portfolio):  # noqa: F811
    cast.Customer.objects.filter(pk__in=portfolio[:2]).update(owner=ada)
    draft.segment = Segment.objects.create(
        name="North", query={"owner": str(ada.pk)}, owner=ada, is_shared=True, created_at=NOW
    )
    draft.save()
    versions.publish(draft, now=LATER, by=ada)
    run.score_everyone(now=LATER)
    page = text(client.get(f"/models/{draft.pk}/end/"))
    assert CurrentScore.objects.filter(model=draft).count() == 2
    assert "2 customers of “North” are scored by it now." in page
    assert ScoringModel.objects.get(pk=draft.pk).status == Status.PUBLISHED
    client.post(f"/models/{draft.pk}/end/")
    assert ScoringModel.objects.get(pk=draft.pk).status == Status.RETIRED
