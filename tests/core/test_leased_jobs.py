"""Leased jobs: each step's writing is there once, whoever dies, comes back late or is told to stop."""

import os
from datetime import date, timedelta

import pytest
from celery.signals import worker_shutting_down

import engagement_site.celery  # noqa: F401 (listens to what workers are told)
from core.jobs import leased, stopping
from scoring.models import BackTest, BackTestPart
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
STEPS = 4
AFTER_LEASE = NOW + BackTest.lease_time + timedelta(seconds=1)


class Killed(BaseException):
    """What ends a worker: no clean-up of ours runs."""


def ask(**fields):
    return BackTest.objects.create(
        model_name="M", outcome="churned", horizon=7, days=[date(2026, 6, 1)], judged="health", calls=1,
        created_at=NOW, last_whole_day=NOW.date(), **fields,
    )  # fmt: skip


def steps(job, clock, *, dies_in=None, dies_after_writing=False):
    while job.at_step < STEPS:
        with leased.step(job, clock) as held:
            if job.at_step == dies_in and not dies_after_writing:
                raise Killed
            BackTestPart.objects.create(of=held, step=held.at_step, body=b"")
            if job.at_step == dies_in:
                raise Killed
            held.at_step += 1
        yield
    with leased.step(job, clock) as held:
        held.state, held.finished_at, held.lease = "done", clock(), None
    yield


def work(*, now=NOW, do=steps):
    return leased.work_a_round(BackTest, do, clock=lambda: now)


def written(job):
    return list(BackTestPart.objects.filter(of=job).order_by("step").values_list("step", flat=True))


@pytest.mark.parametrize("dies_in", range(STEPS))
@pytest.mark.parametrize("dies_after_writing", [False, True])
def test_another_worker_goes_on_when_the_lease_has_run_out_and_each_step_is_written_once(dies_in, dies_after_writing):
    job, other = ask(), ask(state="failed")
    with pytest.raises(Killed):
        work(do=lambda job, clock: steps(job, clock, dies_in=dies_in, dies_after_writing=dies_after_writing))
    assert (written(job), work()) == (list(range(dies_in)), 0), "the dead worker's lease still runs"
    assert work(now=AFTER_LEASE) == STEPS - dies_in + 1
    job.refresh_from_db()
    assert (job.state, job.lease, written(job), written(other)) == ("done", None, [*range(STEPS)], [])


def test_a_worker_that_wakes_up_after_its_lease_writes_nothing():
    job = ask()
    late = leased.claim(BackTest, now=NOW)
    assert leased.claim(BackTest, now=NOW) is None
    assert leased.claim(BackTest, now=AFTER_LEASE).lease != late.lease
    assert leased.work_on(late, steps, clock=lambda: AFTER_LEASE, is_over=lambda: False) == 0
    assert written(job) == []


def test_a_job_that_was_moved_on_under_the_same_lease_is_lost_too():
    ask()
    job = leased.claim(BackTest, now=NOW)
    BackTest.objects.update(at_step=2)
    with pytest.raises(leased.Lost), leased.step(job, lambda: NOW):
        pass


def test_a_round_ends_after_the_step_in_which_its_time_was_over_and_frees_the_job():
    job, ticks = ask(), iter(NOW + timedelta(seconds=n * 20) for n in range(99))
    assert leased.work_a_round(BackTest, steps, clock=lambda: next(ticks)) == 1, "at least one, however short the round"
    job.refresh_from_db()
    assert (job.at_step, job.lease, job.tries) == (1, None, 0)


def test_the_oldest_job_is_first_and_the_next_one_in_the_same_round():
    first, second = ask(), ask()
    assert leased.claim(BackTest, now=NOW).pk == first.pk
    assert leased.claim(BackTest, now=NOW).pk == second.pk
    assert work(now=AFTER_LEASE) == 2 * (STEPS + 1)


def test_a_job_that_dies_in_the_same_place_again_and_again_is_given_up_and_the_others_go_on():
    job, other = ask(), ask()
    now = NOW
    for _ in range(1 + leased.MOST_TRIES):  # the first time it gets on, by two steps
        with pytest.raises(Killed):
            work(now=now, do=lambda job, clock: steps(job, clock, dies_in=2))
        now += BackTest.lease_time + timedelta(seconds=1)
        BackTest.objects.filter(pk=other.pk).update(lease=None, tries=0)
    assert work(now=now) == STEPS + 1, "the other one's"
    job.refresh_from_db()
    assert (job.state, job.problem, job.finished_at, written(job)) == ("failed", "stopped", now, [])


@pytest.fixture
def to_stop():
    """Tell this process, as Celery tells the first of a worker, that it is to stop."""
    worker_shutting_down.send(sender="worker", sig="SIGTERM", how="Warm", exitcode=0)
    yield
    stopping._asked[0] = 0


def test_a_worker_that_is_to_stop_gives_its_job_back_after_the_step(to_stop):
    job = ask()
    assert work() == 0, "it takes up no other"
    mine = leased.claim(BackTest, now=NOW)
    this_round = leased.Round(lambda: NOW, BackTest.round_time)
    assert leased.work_on(mine, steps, clock=lambda: NOW, is_over=lambda: this_round.is_over) == 1
    job.refresh_from_db()
    assert (job.state, job.lease, written(job)) == ("running", None, [0])


def test_the_processes_a_worker_forked_hear_it(to_stop):
    pid = os.fork()
    if pid == 0:
        os._exit(7 if stopping.is_asked() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_a_worker_that_did_no_step_for_long_is_named_quiet_since_then():
    job = ask()
    assert job.quiet_since(NOW) is None
    mine = leased.claim(BackTest, now=NOW)
    assert mine.quiet_since(NOW + leased.QUIET) is None
    assert mine.quiet_since(NOW + leased.QUIET + timedelta(seconds=1)) == NOW


def test_progress_forgives_earlier_failures():
    job = ask(tries=leased.MOST_TRIES - 1)
    mine = leased.claim(BackTest, now=NOW)
    next(steps(mine, lambda: NOW))
    job.refresh_from_db()
    assert job.tries == 0


def test_cancelling_a_job_that_nobody_works_on_ends_it_at_once():
    job = ask()
    leased.ask_to_cancel(job, now=NOW)
    job.refresh_from_db()
    assert (job.state, job.finished_at, work()) == ("cancelled", NOW, 0)


def test_cancelling_a_job_that_is_worked_on_ends_it_after_the_step():
    job = ask()
    mine = leased.claim(BackTest, now=NOW)
    running = steps(mine, lambda: NOW)
    next(running)
    leased.ask_to_cancel(BackTest.objects.get(pk=job.pk), now=NOW)
    assert leased.work_on(mine, lambda job, clock: running, clock=lambda: NOW, is_over=lambda: False) == 0
    job.refresh_from_db()
    assert (job.state, job.lease, written(job)) == ("cancelled", None, [])


def test_a_cancelled_job_whose_worker_died_ends_when_its_lease_has_run_out():
    job = ask()
    leased.claim(BackTest, now=NOW)
    leased.ask_to_cancel(BackTest.objects.get(pk=job.pk), now=NOW)
    assert work(now=AFTER_LEASE) == 0
    job.refresh_from_db()
    assert (job.state, job.finished_at) == ("cancelled", AFTER_LEASE)


def test_a_job_that_cannot_be_done_says_why_and_ends():
    def failing(job, clock):
        yield from ()
        raise leased.JobFailed("changed")

    job = ask()
    assert work(do=failing) == 0
    job.refresh_from_db()
    assert (job.state, job.problem, job.finished_at) == ("failed", "changed", NOW)


def test_done_here_and_now_it_is_refreshed_and_each_step_is_told():
    job, told = ask(), []
    leased.work_to_the_end(job, steps, clock=lambda: NOW, after_step=lambda job: told.append(job.at_step))
    assert (job.state, told) == ("done", [1, 2, 3, 4, 4])


def test_done_here_and_now_it_is_left_to_the_worker_that_has_it():
    job = ask()
    leased.claim(BackTest, now=NOW)
    leased.work_to_the_end(job, steps, clock=lambda: NOW, after_step=lambda job: None)
    assert (job.state, written(job)) == ("running", [])
