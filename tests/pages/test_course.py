"""The course of health over 90 days: whether it falls, what happened, and never more than is known."""

import re
from datetime import timedelta

import pytest

from customers.models import Contact
from desk.profile import course
from records.models import Contract, Note, Ticket
from scoring import overrides
from scoring.model_versions import versions
from scoring.models import CurrentScore, Override, ScoreHistory, ScoringModel
from tests.conftest import NOW
from tests.pages import cast

TODAY = cast.TODAY


def ago(days):
    return TODAY - timedelta(days=days)


def stored(customer, healths, model=None):
    """Write {days ago: health, None where unknown}; 0 is today, by the current score."""
    model = model or ScoringModel.objects.current()
    for days, health in healths.items():
        band = None if health is None else "green" if health >= 75 else "yellow" if health >= 50 else "red"
        fields = {"model": model, "health": None if health is None else health * 100, "health_band": band}
        if days:
            row = {"customer": customer, "day": ago(days), "coverage": 10_000, "inputs_digest": b""}
            ScoreHistory.objects.create(**row, **fields)
        else:
            cast.score(customer, **fields)


def loaded(customer):
    customer.refresh_from_db()
    return course.load(customer, getattr(customer, "score", None), today=TODAY)


@pytest.mark.parametrize(
    ("healths", "upshot", "difference"),
    [
        ({90: 78, 14: 60, 0: 54}, "Health fell: 78 → 54 since 17 Mar, −6 in the last 14 days", -2_400),
        ({90: 50, 14: 81, 0: 80}, "Health rose: 50 → 80 since 17 Mar, −1 in the last 14 days", 3_000),
        ({30: 62, 0: 61}, "Health is steady: 62 → 61 since 16 May", -100),
        ({30: 62, 0: None}, "Health is unknown now; it was 62 on 16 May.", None),
        ({30: None, 0: 61}, "Health is 61; there is no earlier day to compare with.", None),
        ({30: None, 0: None}, "Health is unknown.", None),
        ({}, "Health is unknown.", None),
        ({91: 20, 0: 61}, "Health is 61; there is no earlier day to compare with.", None),
    ],
)
def test_the_upshot_says_what_is_known_and_no_more(acme, healths, upshot, difference):
    stored(acme, healths)
    found = loaded(acme)
    assert (found.upshot, found.difference) == (upshot, difference)
    assert (found.chart is None) == (not any(health is not None and days <= 90 for days, health in healths.items()))


def test_an_unknown_day_is_a_gap_and_a_new_version_begins_a_line(acme):
    stored(acme, {6: 80, 5: 80, 3: 70}, model=versions.draft_from(ScoringModel.objects.current(), now=NOW))
    stored(acme, {2: 40, 1: 40, 0: 41})
    found = loaded(acme)
    assert [line.count(",") for line in found.chart["lines"]] == [2, 1, 3]
    assert found.upshot == "Health 40 → 41 since the model changed on 13 Jun"
    [mark] = found.marks
    assert (mark.day, mark.label) == (
        ago(2),
        f"The model changed: version {ScoringModel.objects.current().pk} scores from here on",
    )
    assert mark.href == f"/customers/{acme.pk}/score/?as_of=2026-06-13&against=1"


def test_all_that_records_know_is_marked_the_newest_first(acme, maya):
    other = cast.customer("Other")
    for customer in (acme, other):
        name = "" if customer == acme else "not here "
        at = {"customer": customer, "author": maya}
        Note.objects.create(**at, kind="call", text=f"{name}They miss a report", at=NOW - timedelta(days=2))
        Note.objects.create(**at, kind="call", text="Again", at=NOW - timedelta(days=2, minutes=1))
        Note.objects.create(**at, kind="meeting", text=f"{name}Kick-off", at=NOW - timedelta(days=91))
        Ticket.objects.create(
            customer=customer, subject=f"{name}Totals", priority="urgent", opened_at=NOW - timedelta(days=9),
            escalated_at=NOW - timedelta(days=8),
        )  # fmt: skip
        Ticket.objects.create(customer=customer, subject="Small", priority="low", opened_at=NOW - timedelta(days=7))
        contract = {"customer": customer, "starts_on": ago(400), "currency": "EUR"}
        Contract.objects.create(**contract, name=f"{name}Annual", renews_on=ago(30))
        Contract.objects.create(**contract, name="Ended before", renews_on=ago(30), ends_on=ago(31))
        Contract.objects.create(**contract, name="To come", renews_on=ago(-5))
    found = loaded(acme)
    assert [(mark.day, mark.label, mark.tone) for mark in found.marks] == [
        (ago(2), "Call ×2: They miss a report", ""),
        (ago(8), "Ticket escalated: Totals", "danger"),
        (ago(9), "Ticket of high priority opened: Totals", "danger"),
        (ago(30), "Renewal: Annual", ""),
    ]
    assert found.marks[0].href == f"/customers/{acme.pk}/timeline/?since=2026-06-13&until=2026-06-13"


def test_a_touch_that_another_system_told_is_marked_unless_a_note_tells_it(acme, maya):
    cast.counted(acme, "Meeting held", 3, 5)
    Note.objects.create(customer=acme, author=maya, kind="meeting", text="Kick-off", at=NOW - timedelta(days=3))
    assert [(mark.day, mark.label) for mark in loaded(acme).marks] == [
        (ago(3), "Meeting: Kick-off"),
        (ago(5), "Meeting held"),
    ]


def test_an_override_is_marked_where_it_begins_and_ends(acme, maya):
    for days, health, reason in ((20, 80, "They signed"), (15, 60, "They did not")):
        at = NOW - timedelta(days=days)
        overrides.put(acme, health=health, until=ago(10), reason=reason, now=at, by=maya)
    assert [(mark.day, mark.label) for mark in loaded(acme).marks] == [
        (ago(9), "Override ended"),
        (ago(15), "Health overridden: They did not"),
        (ago(20), "Health overridden: They signed"),
    ]
    Override.objects.filter(health=60).update(ended_at=NOW - timedelta(days=12))
    assert [mark.day for mark in loaded(acme).marks] == [ago(12), ago(15), ago(20)]


def test_the_page_says_in_words_what_the_drawing_shows(page, acme, maya):
    stored(acme, {90: 78, 14: 60, 0: 54})
    for days in range(1, 10):
        Note.objects.create(customer=acme, author=maya, text=f"<b>no {days}", at=NOW - timedelta(days=days))
    seen = page(f"/customers/{acme.pk}/")
    card = seen[seen.index('id="course"') :]
    card = card[: card.index("</section>")]
    assert card.count("Health fell: 78 → 54 since 17 Mar") == 2  # the words, and the drawing's name
    assert card.count("<title>") == 9
    assert re.findall(r"<bdi>Note: &lt;b&gt;no (\d)</bdi>", card) == [str(n) for n in range(1, 10)]
    assert card.index("no 6</bdi>") < card.index("3 more") < card.index("no 7</bdi>")
    assert "<b>" not in card


def test_the_course_costs_three_queries(acme, django_assert_num_queries):
    stored(acme, {90: 78, 0: 54})
    Contact.objects.create(customer=acme, created_at=NOW)
    score = CurrentScore.objects.get()
    with django_assert_num_queries(3):
        course.load(acme, score, today=TODAY)
