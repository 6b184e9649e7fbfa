"""The WSGI application. Gives chunked bodies a length, because Django reads nothing of a body without one."""

import io
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from engagement_site.health import processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")

MOST = 10 * 1024 * 1024
processes.count_together(settings.METRICS_DIR)
django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if not environ.get("CONTENT_LENGTH") and "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        body = environ["wsgi.input"].read(MOST + 1)
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
    return django(environ, start_response)
