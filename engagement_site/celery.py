"""Celery, and the one schedule: beat only rings; every task looks in PostgreSQL for what is due."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")

app = Celery("rapport")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # `expires`: a bell nobody heard in time is dropped; the next one finds the same work.
    "score-touched": {"task": "scoring.tasks.score_touched", "schedule": 2.0, "options": {"expires": 4}},
    "close-days": {"task": "scoring.tasks.close_days", "schedule": 15.0, "options": {"expires": 15}},
    "score-everyone": {"task": "scoring.tasks.score_everyone", "schedule": 3.0, "options": {"expires": 6}},
    "make-partitions": {
        "task": "events.tasks.make_partitions",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
