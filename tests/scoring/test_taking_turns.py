"""A worker that scores lets others have their turn while events keep coming in."""

from scoring import tasks
from scoring.runs import run


def rounds(monkeypatch, *found):
    """Return how many rounds the task does when they find so many changes, and then always some."""
    left, done = list(found), []

    def score_changed(now):
        done.append(now)
        return left.pop(0) if left else 5

    monkeypatch.setattr(run, "score_changed", score_changed)
    tasks.score_changed()
    return len(done)


def test_the_round_that_takes_all_there_is_is_the_last(monkeypatch):
    assert rounds(monkeypatch) == 1
    assert rounds(monkeypatch, 0) == 1
    assert rounds(monkeypatch, run.BATCH, run.BATCH, run.BATCH - 1) == 3


def test_a_long_queue_is_left_to_the_next_message(monkeypatch, settings):
    settings.WAKES_WORKERS = False
    assert rounds(monkeypatch, *[run.BATCH] * 100) == tasks.ROUNDS
