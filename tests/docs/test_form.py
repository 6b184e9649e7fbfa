"""The form of the documentation: line length, README, and what becomes of each command on a page."""

import re

import pytest

from tests.docs import pages
from tests.docs.test_examples import RUN

LONGEST = 100
NOT_RUN = re.compile(r"sh not-run: \S.{5,}")


def is_exempt(line):
    """Tables cannot be wrapped; neither can one word, such as a link or code, that is too long by itself."""
    stripped = line.strip()
    return (
        stripped.startswith(("|", "![", "<"))
        or line.startswith("    ")
        or " " not in re.sub(r"\[[^\]]*\]\([^)]*\)|`[^`]*`", "x", stripped.lstrip("-*>0123456789. "))
    )


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name_of)
def test_prose_is_wrapped_at_100_characters(page):
    long = [line for line in pages.prose(page.read_text()) if len(line) > LONGEST and not is_exempt(line)]
    assert long == []


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name_of)
def test_each_shell_block_is_run_by_a_test_or_says_why_not(page):
    shell = [block for block in pages.blocks(page.read_text()) if block.language in ("sh", "bash", "shell", "console")]
    not_run = [block for block in shell if NOT_RUN.fullmatch(block.info)]
    assert {block.info for block in shell} - {block.info for block in not_run} <= {"sh"}
    if len(not_run) < len(shell):
        assert pages.name_of(page) in RUN, f"No test runs the sh blocks of {pages.name_of(page)}."


def test_the_readme_is_short_shows_a_picture_first_and_says_that_there_is_no_licence():
    lines = pages.read("README.md").splitlines()
    assert len(lines) <= 80
    picture = next(number for number, line in enumerate(lines) if line.startswith("!["))
    assert picture < next(number for number, line in enumerate(lines) if line.startswith("## "))
    assert "No licence has been chosen yet" in " ".join(lines)
    assert not any(path.name.upper().startswith(("LICENSE", "LICENCE")) for path in pages.ROOT.iterdir())


def test_the_readmes_list_of_what_is_there_has_nine_lines_of_at_most_12_words():
    section = pages.read("README.md").split("## What is there\n")[1].split("\nNot there yet")[0]
    items = [item for item in re.split(r"^- ", section, flags=re.MULTILINE) if item.strip()]
    assert len(items) == 9
    texts = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", item) for item in items]
    assert [text for text in texts if len(text.split()) > 13] == []  # 12 words after the name
