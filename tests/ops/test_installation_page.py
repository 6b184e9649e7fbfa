"""docs/operate/install-debian.md, followed line by line in a fresh folder, but for what needs systemd or apt."""

import os
import pwd
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from engagement_site.backup import clients
from tests.docs import pages
from tests.ops.databases import Database
from tests.ops.programs import needs

pytestmark = [pytest.mark.database, needs("git", "openssl")]
PAGE = "docs/operate/install-debian.md"
NAME = f"rapport_debian_{os.getpid()}"
ME = pwd.getpwuid(os.geteuid()).pw_name
STEPS = re.compile(r"^## (\d+)\. ", re.M)


@pytest.fixture(scope="module")
def database(django_db_setup):
    made = Database(NAME)
    made.drop()
    yield made
    made.drop()
    made._on_server(f"DROP ROLE IF EXISTS {NAME}")


@pytest.fixture(scope="module")
def place(database):
    """A fresh folder in the place of /opt, /etc, /var and /usr/local, with psql for PostgreSQL's superuser."""
    folder = Path(tempfile.mkdtemp(prefix="rapport-debian-"))
    for name in ("bin", "opt", "etc", "var"):
        (folder / name).mkdir()
    psql = folder / "bin" / "psql"
    [(server,)] = Database(urlsplit(database.server).path.strip("/")).ask(
        "SELECT current_setting('server_version_num')::int / 10000"
    )
    names = f"--set role={NAME} --set database={NAME}"
    program = shlex.quote(str(clients.program("psql", server)))
    psql.write_text(f'#!/bin/sh\nexec {program} --no-psqlrc {names} "$@" "{database.server}"\n')
    psql.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_here(text, place, database):
    """Return the commands with this machine's places and names: nothing outside of the folder is touched."""
    given = urlsplit(database.server)
    host = given.netloc.rpartition("@")[2]
    changes = {
        "ADDRESS": shlex.quote(f"file://{settings.BASE_DIR}"),
        "VERSION": "HEAD",
        "postgres://rapport:$PASSWORD@127.0.0.1:5432/rapport": f"postgres://{NAME}:$PASSWORD@{host}/{NAME}",
        "redis://127.0.0.1:6379/0": os.environ["REDIS_URL"],
        "ALTER ROLE rapport": f"ALTER ROLE {NAME}",
        "runuser -u postgres -- psql": "psql",
        "--owner rapport": f"--owner {ME}",
        "/opt/rapport": f"{place}/opt/rapport",
        "/etc/rapport.env": f"{place}/etc/rapport.env",
        "/var/lib/rapport-data": f"{place}/var/data",
        "/usr/local/bin/rapport": f"{place}/bin/rapport",
    }
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def run(script, place):
    environment = {
        "PATH": f"{place}/bin:{os.environ['PATH']}", "HOME": str(place), "LANG": "C.UTF-8",
        "RAPPORT_ENV": f"{place}/etc/rapport.env", "RAPPORT_USER": ME,
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
    }  # fmt: skip
    return subprocess.run(
        ["sh", "-eu"],
        input=script,
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def set_up(place):
    """Stand in for `make setup`, and lay what is not committed yet over the clone."""
    clone = place / "opt" / "rapport"
    for name in (".venv", "node_modules", "build"):
        (clone / name).symlink_to(settings.BASE_DIR / name)
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--modified", "--others", "--exclude-standard"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (settings.BASE_DIR / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(settings.BASE_DIR / name, clone / name)


@pytest.fixture(scope="module")
def said(place, database):
    """What the page's commands say, in one shell, up to the first that fails."""
    blocks = [as_here(block.text, place, database) for block in pages.blocks(pages.read(PAGE)) if block.info == "sh"]
    assert len(blocks) >= 6
    first = run(blocks[0], place)
    assert first.returncode == 0, first.stderr
    set_up(place)
    rest = run("\n".join([f"cd {place}/opt/rapport", *blocks[1:]]), place)
    assert rest.returncode == 0, rest.stdout + rest.stderr
    return rest.stdout


def test_each_step_says_what_the_page_promises(said):
    promised = (
        "System check identified no issues",
        "Superuser created successfully.",
        "Sign in as ada@example.com with ",
    )
    page = pages.read(PAGE)
    for words in (*promised, "0 differences"):
        assert words in page
        assert words in said


def test_what_is_made_is_private_and_in_its_place(said, place, database):
    assert (place / "etc" / "rapport.env").stat().st_mode & 0o777 == 0o600
    assert (place / "var" / "data").stat().st_mode & 0o777 == 0o700
    assert len(list((place / "var" / "data" / "backups").glob("*.dump"))) == 1
    assert not (place / "opt" / "rapport" / "var").exists()
    own = Database(NAME)
    assert own.ask("SELECT email, role FROM staff_user") == [("ada@example.com", "admin")]
    owners = own.ask("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'")
    assert owners == [(NAME,)]


def test_a_wrong_line_in_the_settings_is_named_by_every_command(said, place):
    file = place / "etc" / "rapport.env"
    whole = file.read_text()
    file.write_text(f"{whole}EMAIL_FROM=Rapport <rapport@example.com>\n")
    try:
        done = run("rapport health", place)
    finally:
        file.write_text(whole)
    assert done.returncode == 1
    assert f"line {whole.count(chr(10)) + 1} of " in done.stderr


def test_the_steps_are_numbered_and_each_says_what_one_should_see():
    page = pages.read(PAGE)
    assert [int(number) for number in STEPS.findall(page)] == list(range(1, 11))
    sections = re.split(r"^## ", page, flags=re.M)[1:]
    steps = [section for section in sections if section[0].isdigit()]
    assert [section.splitlines()[0] for section in steps[:-1] if "You should see" not in section] == []
    undone = {
        int(number)
        for line in re.findall(r"# ([\d to]+|[\d and]+)$", page, re.M)
        for number in re.findall(r"\d+", line)
    }
    assert {1, 2, 3, 4, 5, 7, 8, 9} <= undone


def test_what_is_not_run_here_needs_what_a_test_cannot_have():
    reasons = [block.info.partition(": ")[2] for block in pages.blocks(pages.read(PAGE)) if "not-run" in block.info]
    needs = ("needs root", "needs systemd", "restarts the machine's", "downloads from PyPI", "deletes the installation")
    assert [reason for reason in reasons if not reason.startswith(needs)] == []
