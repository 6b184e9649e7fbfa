"""A segment over time, and two beside each other, as pages, file and API show them."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from customers.models import Segment, SegmentDay, SegmentMember
from scoring.models import CurrentScore
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.queries import page_queries

TODAY = cast.TODAY
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def vips(maya):
    return Segment.objects.create(name="VIPs", query={"plan": "pro"}, owner=maya, is_shared=True, created_at=NOW)


def in_it(segment, customer, since, left=None):
    day = lambda ago: TODAY - timedelta(days=ago)  # noqa: E731
    SegmentMember.objects.create(segment=segment, customer=customer, entered_on=day(since), left_on=left and day(left))


@pytest.fixture
def three_days(vips, maya):
    for ago in (3, 2, 1):
        SegmentDay.objects.create(segment=vips, day=TODAY - timedelta(days=ago), is_start=ago == 3)
    in_it(vips, cast.customer("Old", owner=maya), 3)
    in_it(vips, cast.customer("Gone"), 3, 1)
    in_it(vips, cast.customer("Fresh"), 1)


def test_the_page_shows_sizes_and_who_entered_and_left(page, vips, three_days):
    seen = page(f"/customers/views/{vips.pk}/over-time/")
    assert "Customers in the segment: 2 at the close of" in seen
    assert "It cannot be recomputed" in seen
    assert "<polyline" in seen
    entered, left = seen.split("Left on")[0].split("Entered on")[1], seen.split("Left on")[1]
    assert "Fresh" in entered
    assert "Gone" not in entered
    assert "Gone" in left
    assert "First day of this filter" in seen


@pytest.mark.parametrize("day", ["2020-01-01", "soon", "2026-06-12T"])
def test_a_day_that_is_not_written_is_not_found(page, vips, three_days, day):
    page(f"/customers/views/{vips.pk}/over-time/", status=404, day=day)


def test_a_limited_colleague_sees_their_own(client, vips, three_days):
    client.force_login(cast.colleague("Lim", Role.CSM, is_limited=True))
    seen = client.get(f"/customers/views/{vips.pk}/over-time/").content.decode()
    assert "Customers in the segment: 0 at the close of" in seen
    assert not any(name in seen for name in ("Old", "Gone", "Fresh"))


def test_the_file_has_a_row_for_each_day(client, maya, vips, three_days):
    client.force_login(maya)
    lines = b"".join(client.get(f"/customers/views/{vips.pk}/over-time.csv")).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["2026-06-12,2,,,yes", "2026-06-13,2,0,0,", "2026-06-14,2,1,1,"]


def test_before_the_first_close_the_page_says_so(page, vips):
    assert "Nothing is written yet" in page(f"/customers/views/{vips.pk}/over-time/")


def test_a_private_segment_stays_private(client, vips, three_days):
    Segment.objects.update(is_shared=False)
    client.force_login(cast.colleague("Jonas", Role.ADMIN))
    assert client.get(f"/customers/views/{vips.pk}/over-time/").status_code == 404
    assert client.get(f"/customers/views/{vips.pk}/over-time.csv").status_code == 404
    assert client.get("/customers/views/compare/", {"first": vips.pk, "second": vips.pk}).status_code == 404


@pytest.fixture
def two(maya, vips):
    """24 VIPs of health 80 to 103 hundredths apart, 24 others of health 40; one in both; engagement alike."""
    other = Segment.objects.create(name="Others", query={"industry": "steel"}, owner=maya, created_at=NOW)
    for n in range(24):
        for plan, industry, health in (("pro", "", 8_000), ("", "steel", 4_000)):
            made = cast.customer(f"{plan}{industry} {n}", plan=plan, industry=industry)
            cast.score(made, health=health + n, engagement=5_000 + n)
    both = cast.customer("Both of them", plan="pro", industry="steel")
    cast.score(both, health=100)
    return {"first": vips.pk, "second": other.pk}


def test_two_segments_are_compared_and_only_certain_differences_called_so(page, two):
    seen = page("/customers/views/compare/", **two)
    assert (
        "Certain differences: 1 of 3 comparisons" in seen
    )  # health; engagement and at risk do not differ, money is unknown
    assert "Different" in seen.split(">Health</th>")[1].split("</tr>")[0]
    engagement = seen.split(">Engagement</th>")[1].split("</tr>")[0]
    assert "No certain difference" in engagement
    assert "1 customer is in both, and left out of the comparison" in seen
    assert "Both of them" in seen


def test_of_too_few_nothing_is_said(page, two):
    CurrentScore.objects.filter(health__lt=4_010).delete()
    assert "Too few, or all alike: at least 20 known on each side are needed" in page(
        "/customers/views/compare/", **two
    )


def test_pages_ask_as_often_for_many_customers_and_templates_ask_nothing(client, maya, two, three_days, vips):
    client.force_login(maya)
    paths = [f"/customers/views/{vips.pk}/over-time/", f"/customers/views/compare/?{urlencode(two)}"]
    rule = '{"all":[{"kind":"event","parameters":{"event":"Signed in","how":"never"}}]}'
    paths += [f"/customers/conditions/?{urlencode({'rule': rule})}", f"/customers/?{urlencode({'rule': rule})}"]
    before = [page_queries(client, path) for path in paths]
    for n in range(30):
        made = cast.customer(f"More {n}", plan="pro" if n % 2 else "", industry="" if n % 2 else "steel")
        cast.score(made)
        in_it(vips, made, 1)
    assert [page_queries(client, path) for path in paths] == before
    assert [queries.template for queries in before] == [0, 0, 0, 0]
    assert [queries.view for queries in before] == [12, 18, 15, 11]


def test_one_segment_is_not_compared_with_itself(page, vips):
    seen = page("/customers/views/compare/", first=vips.pk, second=vips.pk)
    assert "Choose two different segments." in seen
