"""Health asks the front where `make run` started it, whatever PORT says in the shell of the one who asks."""

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from engagement_site.embedded import locks
from engagement_site.health import machine
from engagement_site.running import address


class Lives(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_words):
        pass


@pytest.fixture
def running(tmp_path, settings):
    """A data folder in which something runs."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "running").mkdir()
    held = locks.try_to_hold(tmp_path / "running" / "run.lock", shared=False)
    yield tmp_path
    os.close(held)


def test_it_is_asked_where_it_was_started(running):
    with HTTPServer(("127.0.0.1", 0), Lives) as server:
        threading.Thread(target=server.handle_request).start()
        address.note(address.Address("127.0.0.1", server.server_port), running)
        assert machine.front_state() == machine.ANSWERS
        port = server.server_port
    assert address.noted(running) == address.Address("127.0.0.1", port)
    assert machine.front_state() == machine.REFUSES


def test_a_note_that_cannot_be_read_is_none(running):
    assert address.noted(running) is None
    (running / "running" / address.NOTED).write_text("half a")
    assert address.noted(running) is None
