"""What is valid HTML: the standard's parser has nothing to correct, and the validator nothing to complain of.

The parser says what a browser had to guess; the validator, what may stand in what, which attributes and values there
are, what needs a label, and which ids stand twice or lead nowhere.
"""

import html5lib

from tests.access.validator import RULES_OF_THE_ADMIN, complaints
from tests.access.visits import is_page, visits

__all__ = ["QUESTIONS", "complaints", "complaints_of_admin", "corrections", "ours", "pages"]

QUESTIONS = [
    "/customers/?q=o&health=red",
    "/customers/?renews_within=90&tag=x",
    "/customers/?heath=red",
    "/customers/?columns=tags&columns=health_trend&columns=health_change_7&columns=plan",
    "/search/?q=own",
    "/contacts/?q=example&no_surveys=no&sort=-last_active",
    "/contacts/?customer=x",
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
        if is_page(response):
            seen[path] = response.content.decode()
    return seen


def ours(examples):
    mails = "surveys:mail-preview"  # a mail is written for mail programs: tables, and styles in itself
    return [path for name, path in visits(examples) if not path.startswith("/admin/") and not name.startswith(mails)]


def corrections(text):
    """Return what the parser had to put right."""
    parser = html5lib.HTMLParser()
    parser.parse(text)
    return [f"line {line[0]}: {code} {about}" for line, code, about in parser.errors]


def complaints_of_admin(seen, folder):
    return [
        what
        for what in complaints(seen, folder, RULES_OF_THE_ADMIN)
        if not any(rule in what and element in what for rule, element in OF_DJANGO)
    ]
