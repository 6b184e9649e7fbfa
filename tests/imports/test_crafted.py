"""Files made to harm their reader, through the real door: a clear sentence or rows, and nobody dies or grows."""

import random
import re
from pathlib import Path

import psutil
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from imports import lifecycle, reading
from imports.jobs import work
from imports.models import Import, State
from imports.problems import FILE, ROW, Unreadable
from tests.conftest import NOW
from tests.imports.crafted import FILES, GOOD, WORKBOOKS
from tests.imports.test_pages import seen

MOST_GROWTH = 150_000  # kB that a file of at most 20 MB may cost whoever takes it, the file itself not counted
KILLERS = ("spaces round the equals sign", "lower case place", "sheet stored elsewhere")

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client, lea):
    client.force_login(lea)
    return client


@pytest.fixture
def stays_small():
    """Fail when this process has grown, at any time since it was asked, by more than it may."""

    def begin():
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before = peak()
        return lambda: peak() - before

    return begin


def peak():
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1])


def sentences(page):
    """Return the problems of files that a page tells, by their names."""
    patterns = {code: ".+".join(map(re.escape, re.split(r"%\(\w+\)s", str(text)))) for code, text in FILE.items()}
    return [code for code, pattern in patterns.items() if re.search(pattern, page)]


@pytest.mark.parametrize("name", FILES)
def test_it_is_refused_with_a_sentence_or_read_and_leaves_no_process(lead, stays_small, name):
    body = FILES[name]()
    growth = stays_small()
    answer = lead.post("/imports/new/", {"kind": "customers", "file": SimpleUploadedFile("book.xlsx", body)})
    if answer.status_code == 302:
        job = Import.objects.get()
        lifecycle.check(job, ["company_id", *[""] * (len(job.headers) - 1)], history=False, chosen={})
        work.go_on(clock=lambda: NOW)
        job.refresh_from_db()
        page = seen(lead.get(f"/imports/{job.pk}/"))
        if job.state == State.FAILED:
            assert sentences(page) == [job.problem["code"]]
        else:
            assert job.state == State.CHECKED and sum(job.found.values()) > 0
            assert "Check results" in page
    else:
        assert len(sentences(seen(answer, 400))) == 1
        assert not Import.objects.exists()
    # The form's own copies of the file in memory: of the client, the request and the upload.
    assert growth() < MOST_GROWTH + 4 * len(body) // 1_000
    assert psutil.Process().children() == []


@pytest.mark.parametrize("name", KILLERS)
def test_what_killed_a_web_server_is_refused(name):
    with pytest.raises(Unreadable) as refused:
        reading.inspect([WORKBOOKS[name]()])
    assert refused.value.code == "heavy workbook"


def test_no_file_of_this_machine_is_read_or_written():
    for name in ("external entity", "relation out of the archive"):
        with pytest.raises(Unreadable):
            reading.inspect([WORKBOOKS[name]()])
    for name in ("names that climb", "absolute name", "symbolic link"):
        assert reading.inspect([WORKBOOKS[name]()]).samples == [["acme", "Acme"]]
    assert not Path("/tmp/climbed").exists()


@pytest.mark.parametrize("seed", [*range(10), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(10, 40))])
def test_a_workbook_with_bytes_that_flipped_is_refused_or_read(seed):
    flipped, dice = bytearray(GOOD), random.Random(seed)
    for _ in range(dice.randint(1, 5)):
        flipped[dice.randrange(4, len(flipped))] ^= dice.randint(1, 255)
    try:
        rows = len(reading.inspect([bytes(flipped)]).samples)
    except Unreadable as refusal:
        assert str(refusal)
    else:
        assert rows == 1


def test_there_are_as_many_as_promised_and_the_good_one_is_good():
    assert len(WORKBOOKS) >= 30
    assert reading.inspect([GOOD]).headers == ["Company id", "Name"]
    assert {"heavy workbook", "busy"} <= set(FILE) and "many cells" in ROW
