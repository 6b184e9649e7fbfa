"""What settings.LOGGING is made of."""

from typing import Any

FORMATS = {"plain": "engagement_site.logs.lines.Plain", "json": "engagement_site.logs.lines.Json"}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
QUIET = {"handlers": [], "level": "WARNING"}


def configuration(form: str, level: str) -> dict[str, Any]:
    """Return a configuration for logging.config.dictConfig; `form` is one of FORMATS."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMATS[form]}},
        "filters": {"redis is gone": {"()": "engagement_site.logs.lines.RedisIsGone"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would say it twice.
            "django": {"handlers": [], "level": level},
            # Otherwise a line for each task, several a second; failures are errors and stay.
            "celery": QUIET,
            "celery.beat": {"filters": ["redis is gone"]},
            "celery.worker.consumer.consumer": {"filters": ["redis is gone"]},
            # A line for each request is for a machine that collects them. Django says what failed, in either form.
            "engagement_site.requests": {"handlers": [], "level": level if form == "json" else "WARNING"},
        },
    }
