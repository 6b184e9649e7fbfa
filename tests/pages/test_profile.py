"""The profile: a score that adds up before the reader's eyes, and what happened."""

import re
from datetime import timedelta
from decimal import Decimal

from core import pagination
from customers.models import Contact, InputLog
from events.models import ActiveDay, Channel, EventType, Flag
from scoring.models import HealthBand
from tests.conftest import NOW
from tests.pages import cast


def at(customer, tab=""):
    return f"/customers/{customer.pk}/{tab}"


def test_the_head_says_who_they_are(page, maya):
    acme = cast.customer("Acme", owner=maya, plan="Business", mrr=Decimal(1250), domain="acme.example", stage="trial")
    seen = page(at(acme))
    for said in ("Acme", "Trial", "Maya", "Business", "€1,250", "acme.example"):
        assert said in seen


def test_contributions_add_up_to_the_score(page):
    acme = cast.customer("Acme")
    cast.counted(acme, "Order completed", 0, count=2)  # 2 × 10.00
    cast.counted(acme, "Signed in", 15)  # 1 × 0.50, halved after 15 days
    cast.counted(acme, "Payment failed", 0)  # 1 × −6.00
    seen = page(at(acme, "score/"))
    apart = seen[seen.index("What adds up to the engagement score") :]
    cells = re.findall(r'<td class="number">(−?\d+\.\d\d)</td> </tr>', apart[: apart.index("<tfoot>")])
    assert cells == ["20.00", "−6.00", "0.25"]
    assert re.search(r"Engagement score</th>.*?14\.25</td>", seen)
    assert "Very disengaged" in seen
    assert "As of 15 Jun 2026, by Starter model" in seen


def test_what_the_cap_left_out_is_said(page):
    acme = cast.customer("Acme")
    cast.counted(acme, "Order completed", 0, count=8)
    assert '8 <span class="under">5 counted</span>' in page(at(acme, "score/"))


def test_events_nobody_weighs_yet_are_listed_apart(page):
    acme = cast.customer("Acme")
    EventType.objects.create(name="Rocket launched", channel=Channel.SOCIAL, created_at=NOW)
    cast.counted(acme, "Rocket launched", 1, 2, count=3)
    seen = page(at(acme, "score/"))
    apart = seen[seen.index("Not weighed yet") :]
    assert "Rocket launched" in apart
    assert "Social media · 6" in apart


def test_health_shows_its_factors_and_what_it_rests_on(page):
    acme = cast.customer("Acme")
    cast.counted(acme, "Order completed", 0, count=5)
    ActiveDay.objects.create(
        customer=acme,
        contact=Contact.objects.create(customer=acme, created_at=NOW),
        day=cast.TODAY,
        known_on=cast.TODAY,
    )
    seen = page(at(acme, "score/"))
    # Known are engagement, key actions and days since activity: 30 + 10 + 10 of a weight of 120.
    assert re.findall(r"Coverage: (\S+) of the weight", seen) == ["41%"]
    # (30 × 50 + 10 × 33.33 + 10 × 100) / 50
    assert re.search(r"Health</th>(?: <td></td>)* <td[^>]*>56\.67</td>", seen)
    assert 'max="10000" value="5000"' in seen


def test_an_input_says_when_it_was_recorded_and_of_a_share_what_was(page):
    acme = cast.customer("Acme")
    cast.counted(acme, "Order completed", 0)
    earlier = cast.TODAY - timedelta(days=3)
    for name, number in (("contacts", 4_000), ("overdue", 100_000)):
        InputLog.objects.create(customer=acme, name=name, known_on=earlier, number=number)
    seen = page(at(acme, "score/"))
    assert re.search(r"Share of active contacts <span[^>]*> 0% · number of contacts recorded on 12 Jun 2026 <", seen)
    assert re.search(r"Overdue invoices <span[^>]*> €100 · last recorded on 12 Jun 2026 <", seen)


def test_without_data_nothing_is_made_up(page):
    acme = cast.customer("Acme")
    expected = {
        "": ("not scored yet", "No contacts yet", "Health is unknown.", "Nothing is recorded in this time"),
        "score/": (
            "No data",
            "there is no health, rather than a doubtful number",
        ),
        "timeline/": ("No events yet",),
        "notes/": ("No notes yet",),
        "answers/": ("No answers yet",),
        "tasks/": ("No task fits",),
    }
    for tab, words in expected.items():
        seen = page(at(acme, tab))
        assert [one for one in words if one not in seen] == [], tab
        assert "None" not in seen, tab


def test_without_a_model_the_profile_still_shows_the_rest(client, db):
    client.force_login(cast.colleague("Maya"))
    seen = client.get(at(cast.customer("Acme"))).content.decode()
    assert "An admin has to publish a scoring model first." in seen
    assert "Timeline" in seen


def test_a_customer_at_risk_says_why_at_the_top(page):
    acme = cast.at_risk("Acme", health_before=7_000, health_band=HealthBand.RED)
    seen = page(at(acme))
    assert "Why this customer is at risk" in seen
    assert "health 70 → 20 in 14 days" in seen


def test_contacts_are_listed_the_active_ones_first(page):
    acme = cast.customer("Acme")
    for name in ("Ann", "Zoe"):
        Contact.objects.create(customer=acme, name=name, email=f"{name}@acme.example", role="CFO", created_at=NOW)
    zoe = Contact.objects.get(name="Zoe")
    ActiveDay.objects.create(customer=acme, contact=zoe, day=cast.TODAY - timedelta(days=3), known_on=cast.TODAY)
    seen = page(at(acme))
    assert seen.index("Zoe") < seen.index("Ann")
    assert "3 days ago" in seen
    assert "not active this past year" in seen


def test_the_timeline_says_what_happened_newest_first(page):
    acme = cast.customer("Acme")
    ann = Contact.objects.create(customer=acme, name="Ann Li", created_at=NOW)
    cast.happened(acme, "Page viewed", NOW - timedelta(hours=3), ann, properties={"name": "Pricing", "path": "/p"})
    cast.happened(
        acme,
        "Order completed",
        NOW - timedelta(hours=1),
        value=1_249_500,
        properties={"total": 1249.5, "currency": "EUR", "coupon": "SPRING", "items": [1]},
    )
    cast.happened(acme, "Feature used", NOW - timedelta(days=2), flags=Flag.FUTURE | Flag.NO_RATE)
    seen = page(at(acme, "timeline/"))
    seen = seen[seen.index("Time zone: UTC") :]
    order, view, used = (seen.index(name) for name in ("Order completed", "Page viewed", "Feature used"))
    assert order < view < used
    for said in ("Monday, 15 June 2026", "Saturday, 13 June 2026", "Ann Li", "Pricing", "€1,250", "coupon: SPRING"):
        assert said in seen
    assert "Its time was in the future" in seen
    assert "No exchange rate" in seen
    assert "items" not in seen


def test_what_people_send_is_text_not_markup_and_long_texts_are_cut(page):
    acme = cast.customer("Acme")
    cast.happened(acme, "Feature used", NOW, properties={"<b>": "<i>", "long": "x" * 500})
    seen = page(at(acme, "timeline/"))
    assert "&lt;b&gt;: &lt;i&gt;" in seen
    assert "x" * 80 not in seen


def test_older_walks_the_whole_timeline_once(page, monkeypatch):
    monkeypatch.setattr(pagination.page, "__defaults__", (4,))
    acme = cast.customer("Acme")
    for i in range(11):
        cast.happened(acme, "Feature used", NOW - timedelta(hours=i // 3), properties={"n": f"no. {i}!"})
    seen, query, found = page(at(acme, "timeline/")), None, []
    while True:
        found += re.findall(r"no\. (\d+)!", seen)
        query = re.search(r'rel="next" href="([^"]*)"', seen)
        if query is None:
            break
        seen = page(at(acme, "timeline/") + query.group(1).replace("&amp;", "&"))
    assert sorted(map(int, found)) == list(range(11))
    assert "Newest" in seen


def test_a_made_up_cursor_is_refused_kindly(page):
    assert "This address does not work" in page(at(cast.customer("Acme"), "timeline/"), 400, cursor="x")
