"""Links and anchors of the documentation lead somewhere, and each page is in an index."""

import os
import re

import pytest

from tests.docs import pages

LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(
    r"(?:bench|core|customers|deploy|desk|engagement_site|events|imports|playbooks|records|samples|scoring|staff|static|"
    r"surveys|templates|tests)/[\w./-]*"
)
INDEXES = ("docs/README.md", "docs/decisions/README.md")


def targets(page):
    """Return the file and the anchor of each link to another place in this repository."""
    links = [link for link in LINK.findall("\n".join(pages.prose(page.read_text()))) if "://" not in link]
    for link in links:
        path, _hash, anchor = link.partition("#")
        yield (page if not path else page.parent / path), anchor


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name_of)
def test_links_and_anchors_lead_somewhere(page):
    for target, anchor in targets(page):
        assert target.exists(), target
        assert not anchor or anchor in pages.anchors(target.read_text()), f"{target}#{anchor}"


def test_each_page_is_in_an_index():
    listed = {
        os.path.relpath(target.resolve(), pages.ROOT)
        for index in INDEXES
        for target, _anchor in targets(pages.ROOT / index)
    }
    expected = {pages.name_of(page) for page in pages.PAGES if pages.name_of(page).startswith("docs/")}
    assert expected - {"docs/README.md"} - listed == set()


def test_the_readme_leads_to_the_index_and_to_the_other_pages_of_the_root():
    linked = {os.path.relpath(target.resolve(), pages.ROOT) for target, _ in targets(pages.ROOT / "README.md")}
    assert {"docs/README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"} <= linked


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name_of)
def test_files_and_folders_named_in_code_spans_are_there(page):
    spans = re.findall(r"`([^`\s]+)`", "\n".join(pages.prose(page.read_text())))
    named = [span for span in spans if PATH.fullmatch(span)]
    assert [name for name in named if not (pages.ROOT / name).exists()] == []
