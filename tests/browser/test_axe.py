"""Every page by somebody of each role, in both themes and on a phone: axe and the browser complain of nothing.

A new page: add its address to PAGES, with who looks at it.
"""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Contact, Segment
from imports import lifecycle
from imports.jobs import work
from imports.reading import upload
from scoring.model_versions import versions
from scoring.models import ScoringModel
from staff.models import Role, User
from surveys import lifecycle as making
from surveys.answering import direct_answers
from surveys.models import Theme, Via
from tests.browser.axe import violations
from tests.browser.conftest import PASSWORD
from tests.imports.files import sheets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# address → roles; {customer} and {view} are filled in
PAGES = {
    "/at-risk/": ("admin", "csm", "viewer"),
    "/customers/": ("admin", "csm", "viewer"),
    "/customers/?q=fading&owner=none&renews_within=90": ("csm",),
    "/customers/?health=purple": ("csm",),
    "/customers/?columns=tags&columns=health_trend&columns=health_change_7&columns=plan": ("csm",),
    "/customers/?group=owner&stage=all": ("csm",),
    "/customers/{customer}/in-row/tags/": ("csm",),
    "/customers/totals/": ("csm",),
    "/customers/values/": ("csm",),
    "/customers/views/": ("csm", "viewer"),
    "/customers/views/{view}/": ("admin",),
    "/customers/{customer}/": ("admin", "csm", "viewer"),
    "/customers/{customer}/timeline/": ("csm", "viewer"),
    "/customers/{customer}/timeline/?q=nobody": ("csm",),
    "/customers/{customer}/?channel=x": ("csm",),
    "/customers/{customer}/tasks/": ("csm", "viewer"),
    "/customers/{customer}/tasks/?state=x": ("csm",),
    "/customers/{customer}/edit/": ("csm",),
    "/customers/{customer}/notes/": ("csm", "viewer"),
    "/customers/{customer}/log/": ("csm", "lead"),
    "/playbooks/": ("csm", "viewer"),
    "/playbooks/?due=soon": ("csm",),
    "/playbooks/tasks/new/": ("csm",),
    "/playbooks/tasks/new/?customer={customer}": ("csm",),
    "/playbooks/checklists/": ("csm", "lead"),
    "/playbooks/checklists/start/?customer={customer}": ("csm",),
    "/playbooks/checklists/templates/new/": ("lead",),
    "/playbooks/texts/": ("lead",),
    "/playbooks/texts/new/": ("lead",),
    "/playbooks/calendar/": ("csm",),
    "/customers/{customer}/contacts/new/": ("csm",),
    "/customers/{customer}/contracts/new/": ("csm",),
    "/customers/new/": ("csm",),
    "/contacts/": ("admin", "viewer"),
    "/contacts/?q=nobody&not_scored=yes": ("csm",),
    "/contacts/?sort=rank": ("csm",),
    "/contacts/{contact}/": ("csm", "viewer"),
    "/duplicates/customers/": ("csm", "viewer"),
    "/duplicates/contacts/": ("csm",),
    "/duplicates/customers/dismissed/": ("csm",),
    "/today/": ("admin", "csm", "viewer"),
    "/today/?show=team": ("csm",),
    "/today/upcoming/": ("csm",),
    "/today/past/": ("csm",),
    "/today/{customer}/": ("csm", "viewer"),
    "/portfolio/": ("admin", "csm", "viewer"),
    "/portfolio/shares/": ("csm",),
    "/portfolio/renewals/": ("csm", "viewer"),
    "/portfolio/contacts/": ("csm",),
    "/portfolio/tasks/": ("csm",),
    "/portfolio/reassign/": ("lead",),
    "/customers/conditions/": ("csm",),
    "/customers/views/compare/": ("csm",),
    "/customers/views/{view}/over-time/": ("csm",),
    "/notices/": ("csm", "viewer"),
    "/notices/kinds/": ("csm",),
    "/at-risk/resting/": ("csm", "viewer"),
    "/at-risk/snooze/?customers={customer}": ("csm",),
    "/at-risk/handle/?customers={customer}": ("csm",),
    "/at-risk/assign/?customers={customer}": ("csm",),
    "/customers/{customer}/score/": ("admin", "viewer"),
    "/customers/{customer}/score/?against=30": ("lead",),
    "/customers/{customer}/score/?as_of=2999-01-01": ("csm",),
    "/customers/{customer}/override/": ("csm",),
    "/settings/": ("admin", "lead", "viewer"),
    "/settings/company/": ("admin",),
    "/settings/get-started/": ("admin", "lead", "viewer"),
    "/time-zone/": ("viewer",),
    "/models/": ("admin", "lead", "viewer"),
    "/models/{published}/": ("admin", "lead"),
    "/models/{draft}/": ("admin", "lead"),
    "/models/{draft}/edit/": ("admin",),
    "/models/{draft}/compare/": ("admin", "viewer"),
    "/models/{draft}/publish/": ("admin",),
    "/models/{draft}/calibrate/": ("admin",),
    "/models/{draft}/delete/": ("admin",),
    "/models/{draft}/what-if/": ("admin", "lead", "viewer"),
    "/models/{draft}/back-test/": ("admin", "lead"),
    "/surveys/": ("csm",),
    "/surveys/new/": ("lead",),
    "/surveys/{survey}/": ("admin", "viewer"),
    "/surveys/{survey}/edit/": ("lead",),
    "/surveys/{survey}/close/": ("lead",),
    "/surveys/{survey}/preview/?language=fr": ("viewer",),
    "/surveys/{survey}/send/": ("lead",),
    "/surveys/{survey}/send/?rule=drip&days=3": ("csm",),
    "/surveys/{survey}/results/": ("csm",),
    "/surveys/{survey}/results/?per=day": ("csm",),
    "/surveys/{survey}/results/by/plan/": ("csm",),
    "/surveys/{survey}/comments/": ("csm", "viewer"),
    "/surveys/inbox/": ("csm",),
    "/surveys/answers/{customer}/{answer}/close/": ("csm",),
    "/surveys/voice/": ("csm",),
    "/customers/{customer}/answers/": ("csm",),
    "/surveys/{survey_draft}/": ("lead",),
    "/surveys/{survey_draft}/edit/": ("lead",),
    "/surveys/{survey_draft}/start/": ("lead",),
    "/search/": ("csm",),
    "/search/?q=fadng": ("csm",),
    "/search/?q=nobody+at+all": ("viewer",),
    "/no/such/page/": ("csm",),
    "/password/": ("viewer",),
    "/sign-in/": ("nobody",),
    "/password/forgotten/": ("nobody",),
    "/password/forgotten/sent/": ("nobody",),
    "/password/choose/used-up/": ("nobody",),
}
# What is only there when it was opened: page, role, what to press or click
OPENED = {
    "palette": ("/customers/", "csm", "Control+k"),
    "menu": ("/customers/", "csm", ".top button"),
    "more filters": ("/customers/", "csm", ".more > summary"),
    "columns": ("/customers/", "csm", ".tools .box:last-child > summary"),
    "a form in a row": ("/customers/", "csm", "tbody tr:first-child a.edit"),
    "save view": ("/customers/?q=b", "csm", ".tools .box:has([name=query]) > summary"),
}
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # the only rules of axe's that a theme can break
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"
EDGES = "(all) => all.map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.right, box.width])"


def unhappy_answer(survey, customers):
    """Write answers of two months, the first of them an unhappy one; return its id."""
    now, customer = timezone.now(), next(iter(customers))
    Theme.objects.create(name="Weather")
    given = [
        direct_answers.IncomingAnswer(
            {"score": score, "wrong": "Slow"}, now - timedelta(days=20 * i), customer_id=customer
        )
        for i, score in enumerate((2, 10, 8))
    ]
    return direct_answers.record(survey, given, via=Via.LINK, now=now, history=True)[0].id


@pytest.fixture
def look(portfolio, open_page, complaints):
    """Open an address as somebody of a role, in a theme and width."""
    ada = User.objects.get(email="ada@example.com")
    people = {"admin": ada}
    for role in (Role.LEAD, Role.CSM, Role.VIEWER):
        people[role.value] = User.objects.create_user(f"{role}@example.com", PASSWORD, name=role.label, role=role)
    view = Segment.objects.create(
        name="Faded", query={"q": "fading"}, owner=ada, is_shared=True, created_at="2026-01-01T00:00Z"
    )
    published = ScoringModel.objects.get()
    draft = versions.draft_from(published, now=timezone.now())
    survey_draft = making.create("onboarding", now=timezone.now(), by=ada)
    survey = making.start(making.create("nps", now=timezone.now(), by=ada), now=timezone.now())
    places = {"customer": next(iter(portfolio)), "view": view.pk, "published": published.pk, "draft": draft.pk}
    zoe = Contact.objects.create(
        customer_id=places["customer"], name="Zoe", email="zoe@example.com", traits={"a": 1}, created_at=timezone.now()
    )
    places["contact"] = zoe.pk
    places |= {"survey": survey.pk, "survey_draft": survey_draft.pk, "answer": unhappy_answer(survey, portfolio)}

    def visit(path, role, scheme, width=1440):
        page = open_page("/sign-in/", color_scheme=scheme, width=width)
        origin = page.url.removesuffix("/sign-in/")
        if role != "nobody":
            page.get_by_label("E-mail").fill(people[role].email)
            page.get_by_label("Password").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url("**/today/")

        def go(path):
            page.goto(origin + path.format(**places))
            # What a page loads once it is there. Not "networkidle": that is half a second more for each page.
            expect(page.locator(".htmx-request")).to_have_count(0)
            return page

        return go(path), go

    return visit


@pytest.mark.parametrize("role", ["admin", "lead", "csm", "viewer", "nobody"])
def test_every_page_passes_axe_in_both_themes_and_fits_a_phone(look, complaints, role):
    paths = [path for path, roles in PAGES.items() if role in roles]
    _page, go = look(paths[0], role, "light")
    found = []
    for path in paths:
        page = go(path)
        found += violations(page)
        found += [f"dark: {violation}" for violation in in_the_dark(page)]
        page.set_viewport_size({"width": 390, "height": 900})
        if page.evaluate(SIDEWAYS):
            found.append(f"{page.url}: it scrolls sideways")
        page.set_viewport_size({"width": 1440, "height": 900})
    complaints[:] = [text for text in complaints if "404" not in text]  # the page that is not there
    assert not found, "\n".join(found)


def in_the_dark(page):
    """Return what axe finds wrong with the colours of the dark theme; the page is light again afterwards."""
    change_theme(page, "dark")
    found = violations(page, runOnly=OF_COLOURS)
    change_theme(page, "light")
    return found


def change_theme(page, theme):
    page.emulate_media(color_scheme=theme)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.evaluate("document.getAnimations().forEach((fading) => fading.finish())")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_over_a_page_passes_axe(look, scheme):
    _page, go = look("/customers/", "csm", scheme)
    found = []
    for path, _role, act in OPENED.values():
        page = go(path)
        page.keyboard.press(act) if act.startswith("Control") else page.locator(act).first.click()
        page.wait_for_timeout(300)
        found += violations(page)
    assert not found, "\n".join(found)


def test_what_opens_stays_on_a_phone(look):
    _page, go = look("/customers/", "csm", "light", width=390)
    for path, _role, act in OPENED.values():
        if "summary" in act:
            page = go(path)
            page.locator(act).first.click()
            edges = page.locator("details[open] > :not(summary)").evaluate_all(EDGES)
            assert edges and all(left >= 0 and right <= 390 for left, right, width in edges if width), (act, edges)


@pytest.fixture
def import_states(portfolio):
    """Yield an address of the pages of an import, each once its import stands as the name says."""
    ada = User.objects.get(email="ada@example.com")
    table = [["Company id", "Name", "Churned on"], *([f"c{i}", f"Customer {i}", "01/02/2026"] for i in range(9))]
    table[3][2], table[5][0] = "never", ""
    book = SimpleUploadedFile("book.xlsx", sheets({"Customers": table, "Others": table}))

    def states():
        yield "upload", "/imports/new/"
        job = upload.receive(book, "customers", by=ada, now=timezone.now())
        yield "columns", f"/imports/{job.pk}/columns/"
        lifecycle.check(job, job.mapping, history=False, chosen={})
        yield "being checked", f"/imports/{job.pk}/"
        work.go_on(clock=timezone.now)
        yield "checked, with wrong rows", f"/imports/{job.pk}/"
        lifecycle.start(job)
        yield "running", f"/imports/{job.pk}/"
        lifecycle.cancel(job, now=timezone.now())
        yield "cancelled", f"/imports/{job.pk}/"
        lifecycle.start(job)
        work.go_on(clock=timezone.now)
        yield "done", f"/imports/{job.pk}/"
        yield "all", "/imports/"

    return states


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_import_passes_axe_in_every_state(look, import_states, scheme, width):
    _page, go = look("/imports/", "lead", scheme, width)
    found = []
    for state, path in import_states():
        page = go(path)
        found += [f"{state}: {violation}" for violation in violations(page)]
        if page.evaluate(SIDEWAYS):
            found.append(f"{state}: it scrolls sideways")
    assert not found, "\n".join(found)
