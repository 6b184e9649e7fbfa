"""The first day: from an empty installation to a customer who stands in the list, weighed."""

import json
import re
from base64 import b64encode
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core import days
from scoring.model_versions import default_model
from scoring.models import CurrentScore, ScoringModel
from scoring.runs import run
from staff.models import Role, User
from tests.browser.hands import Keyboard, Mouse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BATCH = [
    {"type": "identify", "userId": "ann", "traits": {"name": "Ann Archer", "email": "ann@acme.example"}},
    {"type": "group", "userId": "ann", "groupId": "acme", "traits": {"name": "Acme"}},
    {"type": "track", "userId": "ann", "event": "Report exported"},
]
# What the journey presses, as each language says it
ENGLISH = {
    "started": "Get started",
    "make": "Make a key",
    "key": "Your new key",
    "waiting": "Waiting for it.",
    "lot": "A lot (8): Report exported",
    "weigh": "Publish these weights",
    "publish": "Publish",
    "done": "All types that came lately are weighed.",
    "customers": "Customers",
}
FRENCH = {
    "started": "Premiers pas",
    "make": "Créer une clé",
    "key": "Votre nouvelle clé",
    "waiting": "En attente.",
    "lot": "Beaucoup (8): Report exported",
    "weigh": "Publier ces pondérations",
    "publish": "Publier",
    "done": "Tous les types arrivés récemment sont pondérés.",
    "customers": "Clients",
}


@pytest.fixture
def empty(transactional_db):
    now = timezone.now()
    days.begin(now)
    default_model.ensure(now)
    User.objects.create_user("ada@example.com", "correct horse battery", name="Ada", role=Role.ADMIN)


@pytest.mark.parametrize(
    ("kind", "width", "locale", "words"),
    [(Mouse, 1440, "en-GB", ENGLISH), (Keyboard, 390, "fr-FR", FRENCH)],
    ids=["mouse-1440-en", "keyboard-390-fr"],
)
def test_a_newcomer_sees_the_first_customer_weighed(empty, open_page, served_front, kind, width, locale, words):
    hand = kind(open_page(width=width, locale=locale))
    page = hand.page
    main = page.locator("main")
    hand.write(page.locator("[name=username]"), "ada@example.com")
    hand.write(page.locator("[name=password]"), "correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today/")
    hand.press("link", words["started"], within=main)
    expect(main).to_contain_text(words["waiting"])
    hand.press("button", words["make"])
    key = page.get_by_label(words["key"]).input_value()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    send(served_front, key)
    expect(main).to_contain_text("Acme", timeout=15_000)  # nobody pressed anything: the page noticed
    expect(main).not_to_contain_text(words["waiting"])
    assert page.get_by_label(words["key"]).input_value() == key, "it stays until it is copied"
    hand.press("button", words["lot"])
    page.wait_for_url(re.compile("#not-weighed$"))
    hand.press("link", words["weigh"])
    expect(main).to_contain_text("Report exported")
    before = ScoringModel.objects.current()
    hand.press("button", words["publish"])
    expect(main).to_contain_text(words["done"])
    assert ScoringModel.objects.current() != before

    run.score_everyone(now=timezone.now())  # as its bell does every few seconds
    while run.score_changed(now=timezone.now()):
        pass
    assert CurrentScore.objects.get(customer__name="Acme").engagement == 800
    hand.press("link", words["customers"])
    expect(main.get_by_role("link", name="Acme").first).to_be_visible()
    expect(main).to_contain_text("8")


def send(address, key):
    """Send what a program sends, by HTTP."""
    headers = {"Authorization": f"Basic {b64encode(f'{key}:'.encode()).decode()}", "Content-Type": "application/json"}
    request = Request(f"{address}/v1/batch", json.dumps({"batch": BATCH}).encode(), headers)
    with urlopen(request) as answer:
        assert json.load(answer) == {"success": True}
