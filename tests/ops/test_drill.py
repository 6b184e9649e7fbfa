"""The restore drill, a short one: it holds, and it can fail."""

import pytest

from engagement_site.drill import scratch, story
from engagement_site.drill.scratch import DrillFailed


def test_a_backup_taken_under_load_can_be_restored(monkeypatch):
    monkeypatch.setenv("WEB_PROCESSES", "1")
    monkeypatch.setenv("WORKER_PROCESSES", "1")
    said = []
    with scratch.folder() as folder:
        story.run(folder, customers=5, days=60, clients=1, then_run=False, say=said.append)
    assert not folder.exists()
    told = "\n".join(said)
    assert "events were acknowledged while the backup ran" in told
    assert "rows are exactly as in the dump's snapshot" in told
    assert "Equal, row by row: " in told
    assert "events acknowledged before the backup are there" in told


def test_a_lost_event_fails_the_drill():
    with pytest.raises(DrillFailed, match="1 events that were acknowledged before the backup are not in it"):
        story.compare_events({1, 2}, {1, 3}, range(9), print)


def test_an_event_nobody_sent_fails_the_drill():
    with pytest.raises(DrillFailed, match="1 events are in the backup that were never sent"):
        story.compare_events({1}, {1, 9}, range(9), print)


def test_what_goes_wrong_in_the_drill_is_told(tmp_path):
    with pytest.raises(DrillFailed, match="unrecognized arguments: --nonsense"):
        scratch.Scratch(tmp_path / "data").manage("findstatic", "x", "--nonsense")
