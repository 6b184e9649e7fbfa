"""Celery and its one schedule: beat only wakes the worker, and every task looks in PostgreSQL for what is due."""

import os
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import worker_shutting_down
from kombu import Connection

import engagement_site.logs.tasks  # noqa: F401 (listens to Celery's signals)
from core.jobs import stopping

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")

LONGEST_PAUSE = 4  # seconds


class PatientConnection(Connection):
    """Look again for a Redis that is gone every few seconds: by default the pauses grow to half a minute."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        return super().ensure_connection(*args, **{"interval_max": LONGEST_PAUSE, **options})


class Messaging(AMQP):
    Connection = PatientConnection


app = Celery("rapport", amqp=Messaging)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_serializer="json",
    accept_content=["json"],
    timezone="UTC",
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 3600,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "retry_on_timeout": True,
    },
    task_time_limit=1800,
    task_soft_time_limit=1700,
    worker_hijack_root_logger=False,
)
SWEEP = 20.0  # seconds: how late what nobody rang for is found at most (core/jobs/waking.py)
HOUR = 3600.0
# `expires`: a message that no worker took in time is dropped; the next one finds the same work.
app.conf.beat_schedule = {
    task.replace("_", "-"): {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for task, seconds in {
        "core.tasks.note_beat": 10.0,
        "scoring.tasks.close_days": 15.0,
        "scoring.tasks.score_changed": SWEEP,
        "scoring.tasks.score_everyone": SWEEP,
        "scoring.tasks.prepare_what_if": SWEEP,
        "scoring.tasks.make_past_days": SWEEP,
        "scoring.tasks.go_on_with_back_tests": SWEEP,
        "events.tasks.resettle": SWEEP,
        "events.tasks.go_on_with_corrections": SWEEP,
        "events.tasks.go_on_with_partings": SWEEP,
        "events.tasks.follow_rates": SWEEP,
        "imports.tasks.go_on": SWEEP,
        "core.tasks.send_outgoing": SWEEP,
        "surveys.tasks.ask": SWEEP,
        "records.tasks.tell_due": 300.0,
        "customers.tasks.note_contacts": 300.0,
        "customers.tasks.settle_consent": 300.0,
        "customers.tasks.find_shared_ids": 300.0,
        "events.tasks.make_partitions": HOUR,
        "events.tasks.forget_rejected": HOUR,
        "scoring.tasks.thin_history": HOUR,
        "scoring.tasks.forget_prepared": HOUR,
        "core.tasks.rederive": 300.0,
        "core.tasks.forget_answers": HOUR,
        "core.tasks.forget_outgoing": HOUR,
        "core.tasks.forget_notices": HOUR,
        "staff.tasks.forget_guesses": HOUR,
        "imports.tasks.forget_old": HOUR,
    }.items()
}


@worker_shutting_down.connect
def leave_jobs(**_details: object) -> None:
    stopping.ask()
