"""The page Health in the admin: what is wrong first, with what to do; for admins, and reading only."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from core.jobs import periodic
from engagement_site.health import judgement, words
from staff.models import Role
from tests.pages import cast

ADDRESS = "/admin/health/"


@pytest.fixture
def admin(begun):
    client = Client()
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    return client


def test_it_lists_every_check_and_what_to_do_about_the_wrong_ones(admin):
    periodic.mark("backup", now=timezone.now() - timedelta(hours=37))
    page = unescape(admin.get(ADDRESS).content.decode())
    for name in judgement.PROBLEMS:
        assert f"<code>{name}</code>" in page
    assert str(words.WHAT_TO_DO["backup_old"]) in page
    assert page.index("<code>backup_old</code>") < page.index("<code>writes_refused</code>")
    assert "Unknown" in page  # whether the front answers: it is answering


def test_what_cannot_be_read_is_unknown_not_well(admin, monkeypatch):
    from django.db import OperationalError

    def waits(**_):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("engagement_site.health.progress.read", waits)
    page = unescape(admin.get(ADDRESS).content.decode())
    assert page.count("Unknown") > 10
    assert "<strong>Wrong</strong>" in page[: page.index("<code>backup_old</code>")]


def test_only_admins_see_it_and_nobody_posts_to_it(admin, begun):
    assert admin.post(ADDRESS).status_code == 405
    other = Client()
    other.force_login(cast.colleague("Carl", Role.LEAD))
    assert other.get(ADDRESS).status_code == 403
    assert ADDRESS in admin.get("/admin/").content.decode()
