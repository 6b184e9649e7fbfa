"""A Django view that inserts one row and does nothing else: what a request costs before anybody looks at it."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

from bench.bare import table


def insert(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table.NAME} (body) VALUES (%s::jsonb)", [request.body.decode()])  # noqa: S608
    answer = JsonResponse({"success": True})
    answer["Content-Length"] = len(answer.content)
    return answer


urlpatterns = [path("v1/track", insert)]


def _database() -> dict[str, object]:
    import dj_database_url

    return {**dj_database_url.parse(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}


if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": _database()},
        MIDDLEWARE=[],
        ROOT_URLCONF=__name__,
        SECRET_KEY="bench",  # noqa: S106 (of a server that knows nothing)
        USE_TZ=True,
    )
    django.setup()

application = WSGIHandler()
