"""Mails and public pages, rendered to be looked at: each template in each language, on a phone and a desktop.

    .venv/bin/python -m bench.mails [--to build/mails]

Writes each mail as .html and .txt, and pictures of it and of the page it leads to, light and dark; pictures need a
Chromium (CHROMIUM names its file).
"""

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from bench.scratch import database

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

    from surveys.models import Survey

ORIGIN = "http://rapport.example"
WIDTHS = (390, 700)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--to", type=Path, default=Path("build/mails"))
    parser.add_argument("--without-pictures", action="store_true")
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    with database("rapport_bench_mails"):
        from django.conf import settings

        settings.PUBLIC_ADDRESS = ORIGIN
        settings.ALLOWED_HOSTS = ["*"]
        surveys = list(_surveys())
        mails = [name for survey in surveys for name in _mails(survey, args.to)]
        with nullcontext() if args.without_pictures else _chromium() as browser:
            if browser is None:
                print(f"{len(mails)} mails are in {args.to}/, without pictures.")
                return
            for name in mails:
                _pictures(browser, (args.to / f"{name}.html").read_text(), args.to / name)
            for survey in surveys:
                _pictures(browser, f"{ORIGIN}/s/to/{survey.link}/", args.to / f"page-{survey.name}")
    print(f"{len(mails)} mails of {len(surveys)} surveys are in {args.to}/")


def _surveys() -> Iterator["Survey"]:
    from django.utils import timezone

    from surveys import lifecycle
    from surveys.questionnaire import templates

    for name in templates.TEMPLATES:
        draft = lifecycle.create(name, name=name, now=timezone.now(), by=None)
        yield lifecycle.start(draft, now=timezone.now())


def _mails(survey: "Survey", folder: Path) -> Iterator[str]:
    """Write a survey's mails; yield their names."""
    from surveys.sending import mails

    for language in survey.languages:
        for kind in ("invitation", "reminder"):
            message = mails.message(survey, "kim@example.com", language, "TOKEN", f"surveys/mail/{kind}")
            name = f"mail-{survey.name}-{kind}-{language}"
            (folder / f"{name}.html").write_text(str(message.alternatives[0][0]))
            (folder / f"{name}.txt").write_text(f"{message.subject}\n\n{message.body}")
            yield name


@contextmanager
def _chromium() -> Iterator["Browser | None"]:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        yield None
        return
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _pictures(browser: "Browser", source: str, to: Path) -> None:
    """Take pictures of a page: its address, or its HTML."""
    for scheme in ("light", "dark"):
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 500}, color_scheme=scheme)
            page.route("**/*", _served)
            if source.startswith(ORIGIN):
                page.goto(source)
            else:
                page.set_content(source)
            page.screenshot(path=f"{to}-{width}-{scheme}.png", full_page=True)
            page.close()


def _served(route: "Route") -> None:
    """Answer the browser without a server."""
    from django.test import Client

    answer = Client().get(route.request.url.removeprefix(ORIGIN))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    route.fulfill(status=answer.status_code, body=body, content_type=answer.headers.get("Content-Type", ""))


if __name__ == "__main__":
    main()
