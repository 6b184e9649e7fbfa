"""Celery and its one schedule: beat only wakes the worker, and every task looks in PostgreSQL for what is due."""

import os
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import worker_shutting_down
from kombu import Connection

import engagement_site.logs.ids  # noqa: F401 (listens to Celery's signals)
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
app.conf.beat_schedule = {
    # `expires`: a message that no worker took in time is dropped; the next one finds the same work.
    "resettle": {"task": "events.tasks.resettle", "schedule": 2.0, "options": {"expires": 4}},
    "go-on-with-corrections": {
        "task": "events.tasks.go_on_with_corrections",
        "schedule": 2.0,
        "options": {"expires": 4},
    },
    "follow-rates": {"task": "events.tasks.follow_rates", "schedule": 10.0, "options": {"expires": 10}},
    "score-changed": {"task": "scoring.tasks.score_changed", "schedule": 2.0, "options": {"expires": 4}},
    "close-days": {"task": "scoring.tasks.close_days", "schedule": 15.0, "options": {"expires": 15}},
    "score-everyone": {"task": "scoring.tasks.score_everyone", "schedule": 3.0, "options": {"expires": 6}},
    "go-on-with-back-tests": {
        "task": "scoring.tasks.go_on_with_back_tests",
        "schedule": 3.0,
        "options": {"expires": 6},
    },
    "prepare-what-if": {"task": "scoring.tasks.prepare_what_if", "schedule": 2.0, "options": {"expires": 4}},
    "forget-prepared": {"task": "scoring.tasks.forget_prepared", "schedule": 3600.0, "options": {"expires": 3600}},
    "note-beat": {"task": "core.tasks.note_beat", "schedule": 10.0, "options": {"expires": 10}},
    "forget-answers": {"task": "core.tasks.forget_answers", "schedule": 3600.0, "options": {"expires": 3600}},
    "ask": {"task": "surveys.tasks.ask", "schedule": 15.0, "options": {"expires": 15}},
    "send-outgoing": {"task": "core.tasks.send_outgoing", "schedule": 2.0, "options": {"expires": 4}},
    "forget-outgoing": {"task": "core.tasks.forget_outgoing", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget-guesses": {"task": "staff.tasks.forget_guesses", "schedule": 3600.0, "options": {"expires": 3600}},
    "go-on-with-imports": {"task": "imports.tasks.go_on", "schedule": 2.0, "options": {"expires": 4}},
    "forget-old-imports": {"task": "imports.tasks.forget_old", "schedule": 3600.0, "options": {"expires": 3600}},
    "tell-due-records": {"task": "records.tasks.tell_due", "schedule": 300.0, "options": {"expires": 300}},
    "note-contacts": {"task": "customers.tasks.note_contacts", "schedule": 300.0, "options": {"expires": 300}},
    "thin-history": {"task": "scoring.tasks.thin_history", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget-rejected": {"task": "events.tasks.forget_rejected", "schedule": 3600.0, "options": {"expires": 3600}},
    "make-partitions": {
        "task": "events.tasks.make_partitions",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}


@worker_shutting_down.connect
def leave_jobs(**_details: object) -> None:
    stopping.ask()
