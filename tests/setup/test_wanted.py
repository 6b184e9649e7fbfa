"""Only a command that needs a database waits for one, and only `run` makes one unasked."""

import socket

import pytest

from engagement_site.embedded import may_be_made_by, wanted_by


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.delenv("RAPPORT_EMBEDDED", raising=False)


@pytest.mark.parametrize(
    "words", ["", "help", "--version", "migrate --help", "collectstatic --noinput", "makemessages -l fr", "check"]
)
def test_no_servers_for(words):
    assert not wanted_by(["manage.py", *words.split()])


@pytest.mark.parametrize("words", ["migrate", "check --database default", "makemigrations --check", "load_sample x"])
def test_servers_for(words):
    assert wanted_by(["manage.py", *words.split()])


def test_none_are_wanted_when_both_are_configured(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://db/rapport")
    assert wanted_by(["manage.py", "migrate"])
    monkeypatch.setenv("REDIS_URL", "redis://bell/0")
    assert not wanted_by(["manage.py", "migrate"])


def test_a_run_whose_port_is_taken_wants_none(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        assert not wanted_by(["manage.py", "run"])


def test_only_a_run_or_an_explicit_setting_makes_them(monkeypatch):
    assert may_be_made_by(["manage.py", "run", "--with-parent"])
    assert not may_be_made_by(["manage.py", "prepare"])
    assert not may_be_made_by(["manage.py"])
    monkeypatch.setenv("RAPPORT_EMBEDDED", "on")
    assert may_be_made_by(["manage.py", "prepare"])
    monkeypatch.setenv("RAPPORT_EMBEDDED", "off")
    assert not may_be_made_by(["manage.py", "prepare"])
