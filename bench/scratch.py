"""A database of the bench's own, made empty and dropped afterwards, beside whatever DATABASE_URL names."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

from engagement_site import embedded

NAME = "rapport_bench"


@contextmanager
def database(name: str = NAME) -> Iterator[str]:
    """Yield the address of an empty, prepared database; Django is set up to use it.

    BENCH_PREFIX stands before its name, so that two benches can run on one server; BENCH_TEMPLATE names a prepared
    database to copy, which takes a fifth of the time of making one.
    """
    name = os.environ.get("BENCH_PREFIX", "") + name
    template = os.environ.get("BENCH_TEMPLATE", "template1")
    with embedded.servers():
        given = os.environ["DATABASE_URL"]
        parts = urlsplit(given)
        ours = urlunsplit(parts._replace(path=f"/{name}"))
        with psycopg.connect(given, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        os.environ["DATABASE_URL"] = ours
        try:
            _set_up()
            yield ours
        finally:
            from django.db import connections

            connections.close_all()
            os.environ["DATABASE_URL"] = given
            with psycopg.connect(given, autocommit=True) as admin:
                admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("prepare")


@contextmanager
def timed(what: str, times: dict[str, float]) -> Iterator[None]:
    """Note the seconds of a step and print them."""
    start = time.perf_counter()
    yield
    times[what] = time.perf_counter() - start
    print(f"{times[what]:>9.2f} s  {what}", flush=True)
