"""The composition root. Celery's app is loaded when it is asked for: most processes have no use for it."""

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "celery_app":
        from engagement_site.celery import app

        return app
    raise AttributeError(name)
