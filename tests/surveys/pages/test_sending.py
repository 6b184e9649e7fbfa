"""Nobody is asked before a colleague has seen how many it would be, and who would be left out and why."""

import pytest

from core.jobs import rederiving
from customers.models import Contact, Segment
from events.models import EventType
from surveys import lifecycle
from surveys.models import AddressGuard, Wave
from surveys.sending import recipients
from tests.conftest import NOW
from tests.surveys.conftest import company, people, running
from tests.surveys.pages.conftest import text


@pytest.fixture
def survey(colleagues):
    return running()


def send(survey):
    return f"/surveys/{survey.pk}/send/"


def test_the_forecast_says_how_many_and_why_not(as_lead, survey):
    kims = people(8)
    Contact.objects.filter(pk=kims[0].pk).update(survey_opt_out=True)
    Contact.objects.filter(pk=kims[1].pk).update(email="")
    rederiving.rederive(Contact.objects.all())
    AddressGuard.objects.create(address=kims[2].address, asked_at=NOW)
    page = text(as_lead.get(send(survey), {"rule": "once"}))
    assert "5 contacts would be asked" in page and "3 not asked:" in page
    for words in ("1 opted out of surveys", "1 no e-mail address", "1 asked recently"):
        assert words in page
    assert not Wave.objects.exists(), "a GET begins nothing"


def test_what_was_seen_is_what_begins(as_lead, survey, colleagues):
    people(3, customer=company("Pro", plan="pro"))
    people(2, customer=company("Free", plan="free"), start=10)
    path = f"{send(survey)}?rule=drip&days=3&plan=pro&role="
    assert "3 contacts would be asked" in text(as_lead.get(path)) and "about 1 a day" in text(as_lead.get(path))
    assert "Sending. E-mails leave within a minute" in text(as_lead.post(path, follow=True))
    wave = Wave.objects.get()
    assert (wave.rule, wave.days, wave.query, wave.by, wave.starts_at) == (
        "drip", 3, {"plan": "pro"}, colleagues["lead"], NOW,
    )  # fmt: skip
    assert recipients.contacts(wave).count() == 3


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ({"rule": "ticket", "delay_hours": "48"}, {"delay_hours": 48}),
        ({"rule": "renewal", "before_days": "30"}, {"before_days": 30}),
        ({"rule": "once", "role": "admin"}, {"role": "admin"}),
    ],
)
def test_each_rule_keeps_what_it_needs(as_lead, survey, entered, kept):
    query = "&".join(f"{name}={value}" for name, value in entered.items())
    page = text(as_lead.get(f"{send(survey)}?{query}"))
    assert ("It continues until you end it" in page) == (entered["rule"] != "once")
    as_lead.post(f"{send(survey)}?{query}")
    wave = Wave.objects.get()
    assert {name: getattr(wave, name) for name in kept} == kept


def test_after_an_event_the_event_is_named(as_lead, survey):
    assert "Please fill this in." in text(as_lead.get(send(survey), {"rule": "event", "delay_hours": "1"}), 400)
    kind = EventType.objects.get(name="Meeting held")
    as_lead.post(f"{send(survey)}?rule=event&delay_hours=1&event_type={kind.pk}")
    assert Wave.objects.get().event_type == kind


@pytest.mark.parametrize(
    "query",
    [
        "rule=never",
        "rule=drip&days=0",
        "rule=drip",
        "rule=ticket&delay_hours=x",
        "rule=once&view=999999",
        "rule=once&view=x",
        "rule=once&health=purple",
        "rule=once&stage=churned",
        "rule=once&plan=%00",
        "rule=once&role=%00",
        "rule=event&event_type=" + "9" * 30,
    ],
)
def test_a_bad_question_asks_nobody(as_lead, survey, query):
    people(2)
    assert as_lead.get(f"{send(survey)}?{query}").status_code == 400
    assert as_lead.post(f"{send(survey)}?{query}").status_code == 400
    assert not Wave.objects.exists()


def test_a_saved_view_or_a_filter_not_both(as_lead, survey, colleagues):
    view = Segment.objects.create(
        name="Pro", query={"plan": "pro", "sort": "mrr"}, owner=colleagues["lead"], created_at=NOW
    )
    page = text(as_lead.get(send(survey), {"rule": "once", "view": view.pk, "plan": "free"}), 400)
    assert "Choose a segment or a filter, not both." in page
    people(1, customer=company("Pro", plan="pro"))
    as_lead.post(f"{send(survey)}?rule=once&view={view.pk}")
    assert Wave.objects.get().segment == view and Wave.objects.get().query == {}


def test_a_csm_asks_their_own_customers_only(client, colleagues, survey):
    people(2, customer=company("Mine", owner_id=colleagues["csm"].pk, plan="pro"))
    people(3, customer=company("Theirs", owner_id=colleagues["lead"].pk, plan="pro"), start=10)
    view = Segment.objects.create(
        name="Pro", query={"plan": "pro"}, owner=colleagues["lead"], is_shared=True, created_at=NOW
    )
    client.force_login(colleagues["csm"])
    for query in ("rule=once", f"rule=once&view={view.pk}", f"rule=once&owner={colleagues['lead'].pk}"):
        assert "2 contacts would be asked" in text(client.get(f"{send(survey)}?{query}"))
        client.post(f"{send(survey)}?{query}")
        assert recipients.contacts(Wave.objects.latest("pk")).count() == 2
    view.query = {"owner": str(colleagues["lead"].pk)}
    view.save()
    page = client.get(f"{send(survey)}?rule=once&view={view.pk}")
    assert "This segment is of a colleague’s customers" in text(page, 400)


def test_a_view_of_somebody_elses_own_is_none_to_choose(client, colleagues, survey):
    view = Segment.objects.create(name="Own", query={}, owner=colleagues["lead"], created_at=NOW)
    client.force_login(colleagues["csm"])
    assert client.post(f"{send(survey)}?rule=once&view={view.pk}").status_code == 400


def test_viewers_send_nothing_and_what_does_not_run_is_not_sent(client, colleagues, survey):
    client.force_login(colleagues["viewer"])
    assert client.get(send(survey)).status_code == 403
    client.force_login(colleagues["lead"])
    lifecycle.close(survey, now=NOW)
    assert client.post(f"{send(survey)}?rule=once").status_code == 404


def test_without_a_mail_server_it_is_said(as_lead, survey, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert "No mail server is set up" in text(as_lead.get(send(survey)))
