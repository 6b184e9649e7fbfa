"""Mail scanners against invitations, then people: what opens every link leaves no trace; each press of the button one.

    .venv/bin/python -m bench.scanner [--invitations 1000]

Each invitation is sent and its mail read. Every link in it (each number, unsubscribe) gets a HEAD and five GETs. Then
one person each presses the button, twice at once. tests/surveys/public/test_scanners.py does the same with a hundred,
and tests/browser/test_answering.py with a browser that runs all scripts.
"""

import argparse
import html
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from bench.scratch import database, timed

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

_ADDRESS = re.compile(r"https?://[^/\s\"'<>]+(/[^\s\"'<>]*)")
GETS = 5
AT_ONCE = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--invitations", type=int, default=1_000)
    args = parser.parse_args()
    with database("rapport_bench_scanner"):
        from django.conf import settings
        from django.core import mail
        from django.test.utils import setup_test_environment
        from django.utils import timezone

        setup_test_environment()  # mail is kept in memory
        settings.SURVEY_REQUESTS_PER_MINUTE = 1_000_000_000
        times: dict[str, float] = {}
        with timed("invitations written and sent", times):
            send(args.invitations, clock=timezone.now)
        links = [addresses(one) for one in mail.outbox]
        with timed("a HEAD and five GETs on each link", times):
            requests = scan(chain.from_iterable(links))
        print(f"{requests:>9,} requests by scanners: {traces()}")
        with timed("one press each, twice at once", times):
            press([own[0].partition("?")[0] for own in links])
        print(f"{len(links):>9,} people pressed the button twice: {traces()}")


def send(invitations: int, *, clock: Callable[[], datetime]) -> None:
    """Ask so many people of one customer by mail, and send it."""
    from core import days
    from core.outbox import queue
    from customers import lifecycle
    from customers.models import Contact
    from surveys import lifecycle as making
    from surveys.models import Via
    from surveys.sending import invitations as inviting

    now = clock()
    days.begin(now)
    survey = making.start(making.create("nps", now=now, by=None), now=now)
    customer = lifecycle.create({"name": "Scanned"}, now=now, by=None)
    asked = Contact.objects.bulk_create(
        Contact(customer_id=customer, name=f"Kim {i}", email=f"kim{i}@scanned.example", created_at=now)
        for i in range(invitations)
    )
    inviting.invite(survey, asked, via=Via.EMAIL, now=now)
    queue.send(clock=clock)


def addresses(message: "EmailMessage") -> list[str]:
    """Return every address in a mail once, as paths here: of its HTML, its text, and its headers."""
    parts = [str(message.body), *(html.unescape(str(part)) for part, _kind in getattr(message, "alternatives", []))]
    parts += [str(value) for value in message.extra_headers.values()]
    return list(dict.fromkeys(_ADDRESS.findall("\n".join(parts))))


def scan(paths: Any) -> int:
    """Open each path as scanners do; return the number of requests. Every answer is a page."""
    from django.test import Client

    scanner, count = Client(), 0
    for path in paths:
        for method in (scanner.head, *[scanner.get] * GETS):
            assert method(path).status_code == 200, path
            count += 1
    return count


def press(paths: Sequence[str], *, times: int = 2) -> None:
    """Send the form behind each path, several times at once."""
    from django.db import connection
    from django.test import Client

    def one(numbered: tuple[int, str]) -> int:
        number, path = numbered
        try:
            return Client().post(path, {"score": str(number % 11)}).status_code
        finally:
            connection.close()

    presses = [press for press in enumerate(paths) for _time in range(times)]
    with ThreadPoolExecutor(AT_ONCE) as people:
        assert set(people.map(one, presses)) <= {303}


def traces() -> dict[str, int]:
    """Count what was written because somebody came."""
    from customers.models import Contact
    from events.models import Event
    from surveys.models import Answer, Invitation, Revision

    return {
        "answers": Answer.objects.count(),
        "events": Event.objects.filter(event_type__name="Survey answered").count(),
        "revisions": Revision.objects.count(),
        "started": Invitation.objects.exclude(started_at=None).count(),
        "opt-outs": Contact.objects.filter(survey_opt_out=True).count(),
    }


if __name__ == "__main__":
    main()
