"""A draft edited on its own page, and two versions side by side."""

import re
from decimal import Decimal

import pytest

from scoring.model_versions import versions
from scoring.models import ScoringModel, Weight
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def ada(begun):
    return cast.colleague("Ada", Role.ADMIN)


@pytest.fixture
def draft(begun):
    """A draft of few weights: the page of all 41 takes a second to save."""
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    draft.weights.exclude(event_type__name__in=["Report created", "Meeting held", "Signed in", "Page viewed"]).delete()
    return draft


@pytest.fixture
def edit(client, ada, draft):
    """Fill in the page as a browser would, with some fields said otherwise, and send it."""
    client.force_login(ada)

    def send(shown=None, **said):
        form = (shown or client.get(f"/models/{draft.pk}/edit/")).context["form"]
        fields = {"seen": form.seen}
        for part in (form.settings, form.weights.management_form, *form.weights, form.factors.management_form):
            fields |= sent(part)
        for factor in form.factors:
            fields |= sent(factor)
        return client.post(f"/models/{draft.pk}/edit/", {**fields, **said})

    return send


def sent(form):
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def place(draft, name):
    """Return the prefix of the fields of an event type's weight."""
    ordered = draft.weights.order_by("event_type__channel", "event_type__name")
    return f"weights-{[weight.event_type.name for weight in ordered].index(name)}"


def text(answer):
    return " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())


def reports(draft):
    return draft.weights.get(event_type__name="Report created")


def test_what_is_said_is_saved_and_nothing_else_changes(edit, draft):
    before = {weight.pk: weight.points for weight in draft.weights.all()}
    factors = list(draft.factors.values())
    answer = edit(window="45", **{f"{place(draft, 'Report created')}-points": "7.5"})
    assert (answer.status_code, answer.url) == (302, f"/models/{draft.pk}/")
    draft.refresh_from_db()
    assert draft.window == 45
    after = {weight.pk: weight.points for weight in draft.weights.all()}
    assert after == {**before, reports(draft).pk: Decimal("7.50")}
    assert list(draft.factors.values()) == factors


def test_a_wrong_number_is_marked_and_the_right_ones_are_not_lost(edit, draft):
    answer = edit(window="45", **{f"{place(draft, 'Report created')}-points": "5000"})
    assert answer.status_code == 400
    page = text(answer)
    assert "Nothing was saved yet." in page
    assert "less than or equal to 1000" in page
    assert 'value="45"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.window == 30


def test_bands_out_of_order_are_refused_in_words(edit):
    assert "Each engagement band must begin above the one before it." in text(edit(disengaged_to="80"))


def test_weights_and_factors_are_taken_out_and_in(edit, draft):
    stock = {"kind": "purchases", "group": "finance", "weight": "5", "worst": "0", "best": "10"}
    new = {f"factors-{draft.factors.count()}-{name}": value for name, value in stock.items()}
    answer = edit(**{f"{place(draft, 'Report created')}-DELETE": "on", "factors-0-DELETE": "on"}, **new)
    assert answer.status_code == 302
    kinds = set(draft.factors.values_list("kind", flat=True))
    assert "engagement" not in kinds
    assert "purchases" in kinds
    assert not draft.weights.filter(event_type__name="Report created").exists()
    kind = Weight.objects.filter(event_type__name="Report created").first().event_type
    edit(event_types=[kind.pk])
    assert reports(draft).points == 0


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(client, edit, draft):
    shown = client.get(f"/models/{draft.pk}/edit/")
    draft.weights.filter(pk=reports(draft).pk).update(points=9)
    answer = edit(shown, window="45")
    assert answer.status_code == 400
    assert "A colleague changed the draft in the meantime. Save again to overwrite it." in text(answer)
    assert reports(draft).points == 9
    again = edit(answer)
    assert again.status_code == 302
    draft.refresh_from_db()
    assert draft.window == 45


def test_a_wrong_number_between_does_not_hide_what_somebody_else_saved(client, edit, draft):
    shown = client.get(f"/models/{draft.pk}/edit/")
    draft.weights.filter(pk=reports(draft).pk).update(points=9)
    wrong = edit(shown, window="0")
    assert "Nothing was saved yet." in text(wrong)
    assert "A colleague changed the draft in the meantime." in text(edit(wrong, window="45"))
    assert reports(draft).points == 9


def test_a_name_somebody_else_gave_meanwhile_is_not_overwritten_unseen(client, edit, draft):
    shown = client.get(f"/models/{draft.pk}/edit/")
    ScoringModel.objects.filter(pk=draft.pk).update(name="Theirs")
    assert "A colleague changed the draft in the meantime." in text(edit(shown, window="45"))
    draft.refresh_from_db()
    assert (draft.name, draft.window) == ("Theirs", 30)


def test_a_draft_published_meanwhile_is_not_there_to_be_edited(client, edit, ada, draft):
    versions.publish(draft, now=NOW, by=ada)
    assert client.get(f"/models/{draft.pk}/edit/").status_code == 404
    assert client.post(f"/models/{draft.pk}/edit/", {}).status_code == 404


@pytest.mark.parametrize("said", [{}, {"weights-TOTAL_FORMS": "x"}, {"window": "\x00"}])
def test_rubbish_is_refused(client, ada, draft, said):
    client.force_login(ada)
    answer = client.post(f"/models/{draft.pk}/edit/", said)
    assert answer.status_code == 400
    assert "Nothing was saved yet." in text(answer)


def test_a_page_of_twice_the_weights_asks_as_often(client, ada, draft, django_assert_num_queries):
    client.force_login(ada)
    reports(draft).delete()
    few = versions.draft_from(draft, now=NOW)
    few.weights.exclude(pk__in=few.weights.values("pk")[:5]).delete()
    client.get(f"/models/{draft.pk}/edit/")
    for one in (few, draft):
        with django_assert_num_queries(13):  # the last is the bell's
            client.get(f"/models/{one.pk}/edit/")


def test_two_versions_are_compared_in_words(client, maya, draft):
    client.force_login(maya)
    current = ScoringModel.objects.current()
    draft.weights.filter(pk=reports(draft).pk).update(points=9)
    page = text(client.get(f"/models/{draft.pk}/compare/"))
    assert f"Differences of {draft} from {current}" in page
    assert "Report created, points:" in page
    assert "→ 9.00" in page
    other = versions.draft_from(draft, now=NOW)
    assert "No differences." in text(client.get(f"/models/{draft.pk}/compare/?with={other.pk}"))
    assert client.get(f"/models/{draft.pk}/compare/?with=99999").status_code == 404
