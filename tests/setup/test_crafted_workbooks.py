"""Workbooks that killed a web server, uploaded to a real one: each is refused, and the same processes answer on."""

import re
import threading

import psutil
import pytest
import requests

from tests.imports.crafted import GOOD, WORKBOOKS
from tests.setup.installation import PATIENCE

KILLERS = (
    "spaces round the equals sign", "lower case place", "sheet stored elsewhere", "cell in the far corner",
    "row beyond the last", "bomb of empty rows",
)  # fmt: skip
SENTENCE = "Reading this workbook failed, or took too much memory or time."


@pytest.fixture
def web(prepared_installation):
    """A started Rapport: its address, a session that is signed in, and what tells which processes serve it."""
    installation = prepared_installation
    _, lines = installation.run()
    address = lines[-3].removeprefix("Rapport is running at ").rstrip("/")
    email, password = (installation.folder / "sign-in.txt").read_text().strip().split(" / ")
    session = requests.Session()
    session.trust_env = False
    post(session, f"{address}/sign-in/", {"username": email, "password": password})
    assert session.get(f"{address}/imports/", timeout=PATIENCE).status_code == 200

    def serving():
        found = {one.pid: one for one in installation.processes()}
        return sorted(pid for pid, one in found.items() if "granian" in " ".join(one.cmdline()))

    yield address, session, serving
    session.close()


def post(session, url, data, files=None):
    page = session.get(url, timeout=PATIENCE).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    return session.post(url, data={**data, "csrfmiddlewaretoken": token}, files=files, timeout=PATIENCE)


def upload(address, session, body):
    return post(session, f"{address}/imports/new/", {"kind": "customers"}, {"file": ("book.xlsx", body)})


def test_the_server_outlives_them_with_the_same_processes(web):
    address, session, serving = web
    before = serving()
    assert len(before) > 1
    for name in KILLERS:
        answer = upload(address, session, WORKBOOKS[name]())
        assert answer.status_code == (400 if name != "bomb of empty rows" else 200), name
        assert (SENTENCE in answer.text) == (answer.status_code == 400), name
    # Several at once, which left no web process at all
    body = WORKBOOKS["spaces round the equals sign"]()
    answers = []
    cookies = session.cookies.get_dict()

    def send():
        with requests.Session() as own:
            own.trust_env = False
            own.cookies.update(cookies)
            answers.append(upload(address, own, body).status_code)

    senders = [threading.Thread(target=send) for _ in range(6)]
    for one in senders:
        one.start()
    for one in senders:
        one.join(PATIENCE)
    assert answers == [400] * 6
    assert upload(address, session, GOOD).url.endswith("/columns/")
    assert serving() == before
    assert not [one for one in psutil.process_iter(["cmdline"]) if reads_for(one, before)]


def reads_for(process, servers):
    """Tell whether a process is one that reads a workbook for one of these."""
    try:
        return process.ppid() in servers and any("workbook_process" in word for word in process.info["cmdline"] or [])
    except psutil.NoSuchProcess:
        return False
