"""The admin's pages in both themes, for an admin (nobody else may enter): axe finds nothing, nor does the browser."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from core.jobs import periodic
from core.models import CurrencyRate
from core.outbox import queue
from customers.models import AttributeDefinition, FieldSource, FieldTrait, WrongId
from events import rejected, write_keys
from events.models import Channel, EventType, Source
from scoring.model_versions import versions
from scoring.models import ScoringModel, Status
from staff.models import ApiKey, Team, User
from surveys import lifecycle
from surveys.models import Hook, Refused, Theme, Wave
from tests.browser.axe import violations
from tests.browser.test_first_pages import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Made by Django's own templates and scripts: copies of those would have to follow each of its releases.
BUT = {
    "empty-table-header": ".inline-group th",  # above the name of a row, and above no tick for deleting
    "aria-prohibited-attr": ".search-label-icon",  # beside the box that narrows a list of choices, which has a label
    "label-title-only": "#searchbar",  # its label is a picture with a text
}
ADDED = {
    CurrencyRate,
    EventType,
    Team,
    User,
    ApiKey,
    Hook,
    Theme,
    WrongId,
    FieldTrait,
    FieldSource,
}  # the others come from elsewhere


@pytest.fixture
def one_of_each(portfolio):
    """At least one object of every model; the newest scoring model is a draft, whose weights can be edited."""
    now = timezone.now()
    Team.objects.create(name="North")
    CurrencyRate.objects.create(currency="USD", day=date(2026, 1, 1), rate=1)
    rejected.keep([rejected.Refused(Source.objects.get().pk, {}, "No name")], now=now)
    write_keys.create("Website", [ApiKey.EVENTS_WRITE], channel=Channel.WEB, now=now)
    hook = Hook.objects.create(name="Tool", survey=lifecycle.create("nps", now=now, by=None), created_at=now)
    Refused.objects.create(hook=hook, received_at=now, reason="No score", body="{}", digest=b"")
    Wave.objects.create(survey=hook.survey, starts_at=now)
    Theme.objects.create(name="Speed", words=["slow"])
    WrongId.objects.create(value="kiosk-1", added_at=now)
    FieldTrait.objects.create(trait="size", field="seats")
    AttributeDefinition.objects.create(key="size", label="Size", type="option", options=["Small", "Large"])
    FieldSource.objects.create(field="plan", origin="server")
    queue.put("survey", "survey:1", {}, now=now)
    periodic.plan("history", "2026-06-14")
    versions.draft_from(ScoringModel.objects.get(), now=now)


def addresses():
    """Yield where the admin's pages are, of the newest object of each model."""
    yield reverse("admin:index")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        newest = model._default_manager.order_by("pk").last()
        assert newest, model
        yield reverse(f"{name}changelist")
        yield reverse(f"{name}change", args=[newest.pk])
        if model in ADDED:
            yield reverse(f"{name}add")
    team, key, draft = Team.objects.get(), ApiKey.objects.get(), ScoringModel.objects.get(status=Status.DRAFT)
    yield reverse("admin:staff_apikey_rotate", args=[key.pk])
    yield reverse("admin:surveys_hook_renew", args=[Hook.objects.get().pk])
    yield reverse("admin:auth_user_password_change", args=[User.objects.get().pk])
    yield from (reverse(f"admin:staff_team_{page}", args=[team.pk]) for page in ("history", "delete"))  # all look alike
    yield from (reverse(f"admin:scoring_scoringmodel_{page}", args=[draft.pk]) for page in ("copy", "event-types"))


def test_every_page_of_the_admin_passes_axe_in_both_themes(open_page, one_of_each):
    page = open_page("/sign-in/")
    sign_in(page)
    origin, found = page.url.removesuffix("/at-risk/"), []
    for path in addresses():
        page.emulate_media(color_scheme="light")
        assert page.goto(origin + path).status == 200, path
        # With preload, axe would write imported style sheets into the page, which the policy forbids.
        found += violations(page, BUT, preload=False)
        page.emulate_media(color_scheme="dark")
        page.evaluate("document.getAnimations().forEach((fading) => fading.finish())")
        found += violations(page, runOnly=["color-contrast"], preload=False)
    assert not found, "\n".join(found)


def test_its_dark_theme_is_dark(open_page, portfolio):
    page = open_page("/sign-in/", color_scheme="dark")
    sign_in(page)
    page.goto(page.url.replace("/at-risk/", "/admin/"))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 18, 18)"
