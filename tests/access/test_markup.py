"""Pages are valid HTML in other languages and in states that no address shows; and both judges notice what is wrong."""

import pytest

from desk.list.list_columns import ALL
from imports import lifecycle
from imports.jobs import work
from tests.access import markup
from tests.conftest import NOW
from tests.imports import steps
from tests.imports.files import csv_file
from tests.sizes import sizes


@pytest.mark.parametrize("language", sizes("ru", "fr"))
def test_so_it_is_in_other_languages(browser, examples, tmp_path, language):
    someone = browser("lead")
    someone.cookies["django_language"] = language
    seen = markup.pages(someone, markup.ours(examples))
    assert f'<html lang="{language}"' in seen["/at-risk/"]
    wrong = markup.complaints(seen, tmp_path)
    assert not wrong, "\n".join(wrong)


def test_the_list_is_valid_in_groups_and_with_every_column(browser, customers, tmp_path):
    columns = "&".join(f"columns={column.name}" for column in ALL)
    paths = ["/customers/?group=owner", "/customers/?group=plan&stage=all", f"/customers/?stage=all&{columns}"]
    seen = markup.pages(browser("lead"), paths)
    assert len(seen) == 3
    wrong = markup.complaints(seen, tmp_path)
    assert not wrong, "\n".join(wrong)


def test_the_pages_of_an_import_are_valid_in_all_its_states(browser, people, tmp_path):
    someone, seen = browser("admin"), {}

    def look(when, path):
        seen.update({f"{when}, {path}": text for path, text in markup.pages(someone, [path]).items()})

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
    wrong = markup.complaints(seen, tmp_path)
    assert not wrong, "\n".join(wrong)


def test_the_parser_notices():
    assert markup.corrections("<!DOCTYPE html><title>x</title><p><div></p>")


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
    assert f": {rule}: " in "\n".join(markup.complaints({"page": page}, tmp_path))
