"""A survey to many contacts, and the results of one with many answers, each beside a COUNT(*) of the same rows.

    .venv/bin/python -m bench.surveys [--contacts 100000] [--answers 1000000] [--rounds 10]

Asking is the real verb, set-based, with the memory of the process before and after. Answers are made set-based, with
the daily counts that the verbs would have written; then pages are asked for through Django's test client.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bench.pages import client
from bench.scratch import database, timed

if TYPE_CHECKING:
    from datetime import datetime

    from surveys.models import Survey

_CUSTOMERS = """
    INSERT INTO customers_customer
        (kind, name, domain, stage, plan, currency, industry, country, tags, attributes, set_at, provisional,
         created_at)
    SELECT 'company', 'Company ' || i, '', 'active', 'Plan ' || i %% 5, 'EUR', 'Industry ' || i %% 9, '', '{}', '{}',
           '{}', false, %s
    FROM generate_series(1, %s) AS i
"""
_CONTACTS = """
    INSERT INTO customers_contact
        (customer_id, name, email, role, locale, traits, set_at, survey_opt_out, stop_scoring, created_at)
    SELECT customer.id, 'Person', 'p' || customer.id || '-' || i || '@example.com', '', '', '{}', '{}',
           (customer.id + i) %% 50 = 0, false, %s
    FROM customers_customer AS customer, generate_series(1, 10) AS i
"""
_INVITED = """
    INSERT INTO surveys_invitation
        (customer_id, id, survey_id, contact_id, via, state, reason, created_at, sent_at, started_at, answered_at)
    SELECT contact.customer_id, gen_random_uuid(), %s, contact.id, 'email', 'sent', '', at, at, at, at
    FROM (SELECT i, %s - random() * interval '365 days' AS at FROM generate_series(1, %s) AS i) AS made
    JOIN (SELECT id, customer_id, row_number() OVER () AS nth FROM customers_contact) AS contact
      ON contact.nth = 1 + i %% (SELECT count(*) FROM customers_contact)
"""
_ANSWERED = """
    INSERT INTO surveys_answer
        (customer_id, id, survey_id, contact_id, kind, score, "group", marks, comment, themes, language, via,
         answered_at, is_hasty, needs_care, closed_note)
    SELECT customer_id, id, survey_id, contact_id, 'nps', score,
           CASE WHEN score >= 9 THEN 'promoter' WHEN score <= 6 THEN 'detractor' ELSE 'passive' END,
           jsonb_build_object('score', score), CASE WHEN score < 3 THEN 'It is too slow for us' ELSE '' END, '{}', 'en',
           'email', answered_at, false, score <= 6, ''
    FROM (SELECT *, floor(sqrt(random()) * 11)::int AS score FROM surveys_invitation WHERE survey_id = %s) AS said
"""
_COUNTED = """
    INSERT INTO surveys_tally (survey_id, day, name, value, count)
    SELECT survey_id, (answered_at AT TIME ZONE 'UTC')::date, name, score::text, count(*)
    FROM surveys_answer, unnest(ARRAY['score', 'q:score']) AS name WHERE survey_id = %s GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT survey_id, (answered_at AT TIME ZONE 'UTC')::date, 'step', step, count(*)
    FROM surveys_answer, unnest(ARRAY['sent', 'started', 'answered', 'replied']) AS step
    WHERE survey_id = %s GROUP BY 1, 2, 3, 4
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=10)
    args = parser.parse_args()
    with database():
        from django.utils import timezone

        now, times = timezone.now(), dict[str, float]()
        run("customers and contacts", times, (_CUSTOMERS, [now, args.contacts // 10]), (_CONTACTS, [now]))
        asking(now, times)
        reading(args.answers, args.rounds, now, times)


def run(what: str, times: dict[str, float], *statements: tuple[str, list[Any]]) -> None:
    from django.db import connection

    with timed(what, times), connection.cursor() as cursor:
        for statement, params in statements:
            cursor.execute(statement, params)
        cursor.execute("ANALYZE")


def running(name: str, now: "datetime") -> "Survey":
    from surveys import lifecycle

    return lifecycle.start(lifecycle.create("nps", name=name, now=now, by=None), now=now)


def asking(now: "datetime", times: dict[str, float]) -> None:
    """Ask everybody once."""
    from customers.models import Contact
    from surveys.models import Invitation, Wave
    from surveys.sending import dispatch as verbs

    survey = running("Everybody", now)
    wave = Wave.objects.create(survey=survey, rule="once", sees_all=True, starts_at=now)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with timed("ask everybody: invitations, links, mails", times):
        asked = verbs.ask(wave, now=now)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    with timed("COUNT(*) of the contacts", times):
        contacts = Contact.objects.count()
    with timed("COUNT(*) of the invitations", times):
        invitations = Invitation.objects.filter(survey=survey).count()
    print(f"{contacts:,} contacts: {invitations:,} invitations, {asked:,} of them to be sent; {grown:,} KB more memory")


def reading(answers: int, rounds: int, now: "datetime", times: dict[str, float]) -> None:
    """Open the results of one survey with many answers, and its breakdowns, which load apart."""
    from staff.models import Role, User
    from surveys.models import Answer

    survey = running("Many", now)
    of = survey.pk
    run("answers", times, (_INVITED, [of, now, answers]), (_ANSWERED, [of]), (_COUNTED, [of, of]))
    User.objects.create_user("bench@example.com", None, name="Admin", role=Role.ADMIN)
    ask = client()
    count = median(rounds, lambda: Answer.objects.filter(survey=survey).count())
    print(f"\n{'COUNT(*) of ' + f'{answers:,} answers':<44} {count:>9.1f} ms")
    for what in ("", *(f"by/{one}/" for one in ("plan", "industry", "owner", "channel", "segment", "people"))):
        path = f"/surveys/{of}/results/{what}"
        queries = ask(path)
        taken = median(rounds, lambda path=path: ask(path))  # type: ignore[misc]
        print(f"{path:<44} {taken:>9.1f} ms  {taken / count:>7.2f} of the COUNT(*)  {queries} queries")


def median(rounds: int, what: Callable[[], object]) -> float:
    """Return the middle of so many runs in milliseconds, after one that warms up."""
    what()
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        what()
        found.append((time.perf_counter() - start) * 1_000)
    return statistics.median(found)


if __name__ == "__main__":
    main()
