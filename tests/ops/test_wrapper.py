"""`rapport COMMAND` runs manage.py with the settings of one file and as one user, or says what is missing."""

import json
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.ops.deployed import DEPLOY

SHOW = """#!/usr/bin/env python3
import json, os, pwd, sys
print(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd(), pwd.getpwuid(os.geteuid()).pw_name]))
"""
SETTINGS = """# Settings
SECRET_KEY='a b$c#d'
DATABASE_URL=postgres://rapport:x@127.0.0.1:5432/rapport
  # an indented comment
RAPPORT_DATA=/nowhere/data
EMAIL_FROM="Rapport <rapport@example.com>"

LOG_LEVEL=
"""
ME = pwd.getpwuid(os.geteuid()).pw_name
is_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def installed():
    """A folder like /opt/rapport, whose Python shows how it was called; every user can enter it."""
    folder = Path(tempfile.mkdtemp(prefix="rapport tests "))
    folder.chmod(0o755)
    for name in ("deploy", ".venv/bin"):
        (folder / name).mkdir(parents=True)
    shutil.copy(DEPLOY / "rapport", folder / "deploy" / "rapport")
    python = folder / ".venv" / "bin" / "python"
    python.write_text(SHOW)
    python.chmod(0o755)
    command = folder / "rapport"
    command.symlink_to(folder / "deploy" / "rapport")  # as /usr/local/bin/rapport is
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def run(installed):
    """Run the wrapper with a file of settings; None for the text: there is no file."""

    def run(*words, text=SETTINGS, user=ME, **more):
        file = installed / "rapport.env"
        if text is not None:
            file.write_text(text)
            file.chmod(0o600)
        environment = {"PATH": os.environ["PATH"], "RAPPORT_ENV": str(file), "RAPPORT_USER": user} | more
        return subprocess.run(
            [installed / "rapport", *words], env=environment, capture_output=True, text=True, check=False, cwd="/"
        )

    return run


def shown(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(done, *says):
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("rapport: ") and done.stderr.count("\n") == 1
    assert [part for part in says if part not in done.stderr] == []
    return True


def test_it_hands_over_the_words_and_the_settings_as_they_stand(run, installed):
    words, environment, folder, user = shown(run("backup", "/a folder", "--keep", "14"))
    assert words == ["manage.py", "backup", "/a folder", "--keep", "14"]
    assert (Path(folder).resolve(), user) == (installed.resolve(), ME)
    assert environment["SECRET_KEY"] == "a b$c#d"
    assert environment["EMAIL_FROM"] == "Rapport <rapport@example.com>"
    assert environment["LOG_LEVEL"] == ""
    assert environment["HOME"] == environment["RAPPORT_DATA"] == "/nowhere/data"


def test_what_the_caller_had_set_does_not_reach_the_command(run):
    theirs = {
        "DATABASE_URL": "postgres://other/database", "REDIS_URL": "redis://other", "DEBUG": "on", "PGHOST": "other",
        "DJANGO_SETTINGS_MODULE": "other", "LANG": "C.UTF-8", "DJANGO_SUPERUSER_PASSWORD": "for createsuperuser",
    }  # fmt: skip
    _, environment, _, _ = shown(run("health", **theirs))
    assert environment["DATABASE_URL"] == "postgres://rapport:x@127.0.0.1:5432/rapport"
    assert not {"REDIS_URL", "DEBUG", "PGHOST", "DJANGO_SETTINGS_MODULE", "RAPPORT_ENV"} & set(environment)
    assert environment["DJANGO_SUPERUSER_PASSWORD"] == "for createsuperuser"
    assert environment["LANG"] == "C.UTF-8"


@is_root
def test_root_becomes_the_user_who_cannot_read_the_file(run):
    words, environment, _, user = shown(run("prepare", user="nobody"))
    assert (words, user) == (["manage.py", "prepare"], "nobody")
    assert environment["SECRET_KEY"] == "a b$c#d"


def as_nobody(installed, **more):
    environment = {"PATH": os.environ["PATH"], "RAPPORT_ENV": str(installed / "rapport.env"), **more}
    return subprocess.run(
        ["runuser", "-u", "nobody", "--", str(installed / "rapport"), "health"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@is_root
def test_somebody_who_may_not_read_the_file_is_told_to_use_sudo(run, installed):
    run("health")
    assert refused(as_nobody(installed), "nobody may not read ", "Run it as root: sudo rapport health")


@is_root
def test_somebody_else_who_may_read_it_is_told_too(run, installed):
    run("health")
    (installed / "rapport.env").chmod(0o644)
    assert refused(as_nobody(installed), "run it as root, or as the user rapport: sudo rapport health")


@is_root
def test_a_user_who_is_not_there_is_named(run):
    assert refused(run("health", user="rapport-of-nowhere"), "there is no user rapport-of-nowhere on this machine")


def test_a_file_that_is_not_there_is_named_with_what_to_do(run, installed):
    assert refused(run("health", text=None), f"there is no file {installed}/rapport.env", "deploy/env.example")


@pytest.mark.parametrize("name", ["DATABASE_URL", "RAPPORT_DATA"])
@pytest.mark.parametrize("how", ["# ", "left out", "empty"])
def test_without_a_database_or_a_folder_nothing_runs(run, name, how):
    lines = SETTINGS.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(f"{name}="))
    lines[place] = {"# ": f"# {lines[place]}", "left out": "", "empty": f"{name}="}[how]
    done = run("prepare", text="\n".join(lines), **{name: "of the caller"})
    assert refused(done, f"{name} is not set in ", f"Example: {name}=")


REFUSED = (
    "A=b c",
    "A=Rapport <rapport@example.com>",
    "A=$HOME",
    'A="$HOME"',
    "A=`id`",
    'A="`id`"',
    "A=b&c",
    "A=b;c",
    "A=b#c",
    "A=b # c",
    "A=~/b",
    "A=b:~/c",
    "A=b\\c",
    'A="b\\c"',
    "A=b\\",
    "A='b''c'",
    "A='b'c",
    "A='b",
    "A =b",
    "A= b",
    "export A=b",
    "A",
    "1A=b",
    "; a comment of systemd alone",
    ". /etc/other.env",
    "A=b\r",
)


@pytest.mark.parametrize("line", REFUSED)
def test_a_line_that_a_shell_and_systemd_may_read_differently_is_refused_and_not_shown(run, line):
    done = run("health", text=f"{SETTINGS}{line}\n")
    assert refused(done, "line 9 of ", "is not NAME=value")
    assert "Rapport <" not in done.stderr


def test_a_comment_that_ends_with_a_backslash_is_refused(run):
    """To systemd, it takes the next line in."""
    assert refused(run("health", text=f"# A folder: C:\\\n{SETTINGS}"), "a comment in ", "ends with a backslash")


def test_the_units_and_the_wrapper_read_the_same_file_and_use_the_same_folder():
    text = (DEPLOY / "rapport").read_text()
    assert "${RAPPORT_ENV:-/etc/rapport.env}" in text and "${RAPPORT_USER:-rapport}" in text
    for unit in (DEPLOY / "systemd").glob("*.service"):
        assert "\nUser=rapport\n" in unit.read_text()
        assert "\nEnvironmentFile=/etc/rapport.env\n" in unit.read_text()
