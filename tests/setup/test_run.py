"""`manage.py run`, the real one: from an empty folder to a page, and back to silence."""

import signal
import socket
import stat
import urllib.request
from pathlib import Path

import pytest

from engagement_site.embedded import valkey
from tests.setup.installation import PATIENCE


def test_an_empty_folder_becomes_a_page_and_stops_quietly(installation):
    process, said = installation.run()
    running, sign_in, stop = said[-3:]
    address = running.removeprefix("Rapport is running at ")
    with urllib.request.urlopen(address, timeout=PATIENCE) as page:
        assert page.status == 200
    note = installation.folder / "sign-in.txt"
    assert f"Sign in: {note.read_text().strip()}" == sign_in
    assert sign_in.startswith("Sign in: admin@rapport.example / ")
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert stop == "Stop with Ctrl-C."

    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert process.stdout.read() == ""
    assert installation.processes() == []

    process, said_again = installation.run()
    assert said_again[-2] == sign_in
    installation.kill_outright(process)
    assert installation.falls_quiet()


def test_a_dead_worker_is_started_again(prepared_installation):
    installation = prepared_installation
    process, _ = installation.run()
    pid = int((installation.folder / "running" / "worker.alive").read_text().split()[0])
    next(one for one in installation.processes() if one.pid == pid).send_signal(signal.SIGKILL)
    log = installation.folder / "logs" / "worker.log"
    assert process.stdout.readline() == f"The worker process ended and starts again in 1 s; its log: {log}\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0


def test_a_port_in_use_is_named_before_anything_starts(installation):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = installation.finish("manage.py", "run", PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        f"Port {port} on 127.0.0.1 is already in use, perhaps by another Rapport. "
        f"Choose another port: make run PORT={port + 1}"
    )
    assert not (installation.folder / "postgresql").exists()


@pytest.mark.parametrize("inside", [".", "below"])
def test_a_data_folder_that_cannot_be_written_is_named(installation, inside):
    Path(installation.folder).write_text("a file where a folder should be")
    folder = (installation.folder / inside).resolve()
    refused = installation.finish("manage.py", "run", RAPPORT_DATA=str(folder), PORT=str(valkey.free_port()))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"The data folder {folder} cannot be written (")
    assert refused.stderr.count("\n") == 1


def test_a_database_that_is_not_there_is_named(installation):
    refused = installation.finish(
        "manage.py", "run", DATABASE_URL="postgres://me:secret@127.0.0.1:1/x", PORT=str(valkey.free_port())
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith("The database named by DATABASE_URL (127.0.0.1:1/x) cannot be used: ")
    assert "secret" not in refused.stderr
    assert refused.stderr.strip().count("\n") == 0
