"""A web server that is started as `make run` starts it, over a database with something to attack.

python -m bench.attack_site    # fills the database that DATABASE_URL names, and prints what attackers know
"""

import asyncio
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.attackers import Site

ROOT = Path(__file__).resolve().parent.parent
LARGE, CUSTOMERS = 12_000, 600  # bytes of each customer: the export is larger than what systems hold for slow readers
START_SECONDS = 120  # on a busy machine
_LOCKS = {
    "a person": "SELECT 1 FROM customers_identity WHERE value = 'held' FOR UPDATE",
    "a daily count": """
        SELECT 1 FROM events_dailycount WHERE customer_id = (
            SELECT coalesce(identity.customer_id, contact.customer_id) FROM customers_identity AS identity
            LEFT JOIN customers_contact AS contact ON contact.id = identity.contact_id WHERE identity.value = 'held')
        FOR UPDATE""",
    "colleagues": "LOCK TABLE staff_user",
}


def fill() -> dict[str, str]:
    """Return a write key and the session of a colleague who sees everything. Django is set up."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from customers.models import Customer
    from events import write_keys
    from events.models import Channel
    from staff.models import User

    now = timezone.now()
    colleague = User.objects.create_superuser("lead@example.com", "right horse battery", name="Lead")
    Customer.objects.bulk_create(
        Customer(name=f"Customer {i}", attributes={"note": "x" * LARGE}, created_at=now) for i in range(CUSTOMERS)
    )
    session = SessionStore()
    session[SESSION_KEY] = str(colleague.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = colleague.get_session_auth_hash()
    session.create()
    key = write_keys.create("Bench", ["events:write"], channel=Channel.PRODUCT, now=now)
    return {"key": key, "session": str(session.session_key)}


@contextmanager
def started(**environment: str) -> Iterator[int]:
    """Run the web server; yield its port."""
    from engagement_site.running import programs
    from engagement_site.running.address import Address

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    program = programs.web(Address("127.0.0.1", port))
    process = subprocess.Popen(program.command, cwd=ROOT, env={**os.environ, **program.environment, **environment})
    try:
        asyncio.run(_until_it_answers(Site(port, "", "")))
        yield port
    finally:
        process.terminate()
        process.wait(30)


async def _until_it_answers(site: Site) -> None:
    """Wait until both processes have answered a page, which loads what the first one needs."""
    give_up_at = time.monotonic() + START_SECONDS
    answered = 0
    while answered < 10:
        try:
            status, _, _ = await site.ask("GET", "/sign-in/")
            answered += status == 200
        except OSError:
            await asyncio.sleep(0.2)
        if time.monotonic() > give_up_at:
            raise TimeoutError("The web server did not start.")


@contextmanager
def held(what: str, database: str) -> Iterator[None]:
    """Hold a lock in a transaction that is left open: of `a person`, `a daily count` or all `colleagues`."""
    with psycopg.connect(database) as connection:
        connection.execute(_LOCKS[what])
        yield
        connection.rollback()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    import django

    django.setup()
    print(json.dumps(fill()))
