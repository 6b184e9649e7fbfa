"""Every page is valid HTML: the standard's parser has nothing to correct, and the validator nothing to complain of.

The parser says what a browser had to guess; the validator, what may stand in what, which attributes and values there
are, what needs a label, and which ids stand twice or lead nowhere.
"""

import html5lib
import pytest

from imports import lifecycle
from imports.jobs import work
from tests.access import validator
from tests.access.visits import visits
from tests.conftest import NOW
from tests.imports import steps
from tests.imports.files import csv_file

QUESTIONS = [
    "/customers/?q=o&health=red",
    "/customers/?renews_within=90&tag=x",
    "/customers/?heath=red",
    "/customers/?columns=tags&columns=health_trend&columns=health_change_7&columns=plan",
    "/search/?q=own",
    "/at-risk/?owner=none",
]
# Django's own templates say it so, and a copy of one would have to follow each of its releases: rule, whereabouts.
OF_DJANGO = [
    ("unique-landmark", "#changelist > div > nav"),  # the days above a list, a landmark without a name
    ("input-missing-label", "#user_form > input"),  # hidden by style: it tells password managers whose password it is
    ("no-implicit-close", "/password/"),  # a list inside a paragraph
    ("close-order", "/password/"),  # the end of that paragraph
    ("no-missing-references", "#id_password"),  # a password shown as a hash has its help elsewhere
]


def pages(someone, paths):
    """Return the HTML pages that somebody sees at these paths."""
    seen = {}
    for path in paths:
        response = someone.get(path)
        if not response.streaming and response.content and response["Content-Type"].startswith("text/html"):
            seen[path] = response.content.decode()
    return seen


def ours(examples):
    mails = "surveys:mail-preview"  # a mail is written for mail programs: tables, and styles in itself
    return [path for name, path in visits(examples) if not path.startswith("/admin/") and not name.startswith(mails)]


@pytest.mark.parametrize("role", ["admin", "csm", "viewer", "limited", "nobody"])
def test_every_page_is_valid_html(browser, examples, tmp_path, role):
    seen = pages(browser(role), ours(examples) + QUESTIONS)
    assert seen
    wrong = [f"{path}: {what}" for path, text in seen.items() for what in corrections(text)]
    wrong += validator.complaints(seen, tmp_path)
    assert not wrong, "\n".join(wrong)


def test_so_is_every_page_of_the_admin(browser, examples, tmp_path):
    seen = pages(browser("admin"), [path for _name, path in visits(examples) if path.startswith("/admin/")])
    assert "/admin/" in seen
    wrong = [
        what
        for what in validator.complaints(seen, tmp_path, validator.RULES_OF_THE_ADMIN)
        if not any(rule in what and element in what for rule, element in OF_DJANGO)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_so_it_is_in_other_languages(browser, examples, tmp_path, language):
    someone = browser("lead")
    someone.cookies["django_language"] = language
    seen = pages(someone, ours(examples))
    assert f'<html lang="{language}"' in seen["/at-risk/"]
    wrong = validator.complaints(seen, tmp_path)
    assert not wrong, "\n".join(wrong)


def test_the_pages_of_an_import_are_valid_in_all_its_states(browser, people, tmp_path):
    someone, seen = browser("admin"), {}

    def look(when, path):
        seen.update({f"{when}, {path}": text for path, text in pages(someone, [path]).items()})

    body = csv_file("Company id,Name,Churned on", "a,Ann,01/02/2026", "b,Bob,never", "c,Cem,02/01/2026")
    job = steps.upload("customers", body, people["lead"])
    at = f"/imports/{job.pk}/"
    look("uploaded", f"{at}columns/")
    lifecycle.check(job, job.mapping, history=False, chosen={})
    look("being checked", at)
    work.go_on(clock=lambda: NOW)
    look("checked", at)
    lifecycle.start(job)
    look("running", at)
    lifecycle.cancel(job, now=NOW)
    look("cancelled", at)
    steps.run(job)
    look("done", at)
    look("all", "/imports/")
    assert len(seen) == 7
    wrong = validator.complaints(seen, tmp_path)
    assert not wrong, "\n".join(wrong)


def corrections(text):
    """Return what the parser had to put right."""
    parser = html5lib.HTMLParser()
    parser.parse(text)
    return [f"line {line[0]}: {code} {about}" for line, code, about in parser.errors]


def test_the_parser_notices():
    assert corrections("<!DOCTYPE html><title>x</title><p><div></p>")


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('<p id="a"></p><p id="a"></p>', "no-dup-id"),
        ("<ul><div></div></ul>", "element-permitted-content"),
        ("<a href='/'><button type='button'>x</button></a>", "element-permitted-content"),
        ("<form><input name='x' type='text'><button type='submit'>x</button></form>", "input-missing-label"),
        ("<label for='nowhere'>x</label>", "no-missing-references"),
        ("<p dir='sideways'>x</p>", "attribute-allowed-values"),
        ("<img src='/x.png'>", "wcag/h37"),
    ],
)
def test_the_validator_notices(tmp_path, body, rule):
    page = f'<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>{body}</body></html>'
    assert f": {rule}: " in "\n".join(validator.complaints({"page": page}, tmp_path))
