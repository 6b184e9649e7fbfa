"""The ASGI application of the web server."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from engagement_site.front import sockets
from engagement_site.health import processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")

sockets.allow_many()
processes.count_together(settings.METRICS_DIR)
django = get_wsgi_application()

from engagement_site.front import made  # noqa: E402 (models need Django set up)

application = made.front(django, made.pool, started=sockets.give_up_unread)


def _spare_the_collector() -> None:
    """Leave code out of the search for garbage, and search less often: one batch makes tens of thousands of objects.

    A fifth of what storing events takes in Python was spent on it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(25_000, 20, 50)


_spare_the_collector()
