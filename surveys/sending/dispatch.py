"""Turns the contacts who are due by each survey distribution into invitations, links and outgoing mails, set-based.

Ids are made from the distribution, the contact and the occasion, so a repeat asks nobody twice. Contacts who may not
be asked are written down too, with the reason; the guard decides again when the mail leaves.
"""

import logging
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import CharField, Count, QuerySet, Value

from core.days import business_day
from core.jobs import periodic
from customers.models import Contact
from surveys.models import SurveyStatus, Wave
from surveys.sending import guard, rules
from surveys.sending.recipients import contacts
from surveys.sending.tokens import LIVES

logger = logging.getLogger(__name__)
CHUNK = 10_000
JOB = "ask-wave"


def forecast(wave: Wave, *, now: datetime) -> dict[str, int]:
    """Return how many would be asked now ("asked") and how many not, by reason. One query."""
    counts = dict(contacts(wave).annotate(why=guard.why(now)).order_by().values_list("why").annotate(Count("pk")))
    return {"asked": counts.pop("", 0), **counts}


def go_on(*, now: datetime) -> int:
    """Ask every contact who is due by any distribution; return how many were asked.

    Safe to call at any time by any number of workers. At least once: after a crash a period is worked again, which
    asks nobody twice, because the ids of invitations are made from the contact and the occasion.
    """
    waves = Wave.objects.filter(ended_at=None, starts_at__lte=now, survey__status=SurveyStatus.RUNNING)
    count = 0
    for wave in waves.select_related("survey", "segment", "by", "event_type"):
        try:
            count += _in_turn(wave, now)
        except Exception:  # one that fails must not keep the others waiting; its run stays unfinished
            logger.exception("Survey distribution %s could not be worked", wave.pk)
    return count


def _in_turn(wave: Wave, now: datetime) -> int:
    period = rules.get(wave.rule).period(now)
    job = f"{JOB}:{wave.pk}"
    run = periodic.begin(job, period, now=now)
    if run is None:
        return 0
    count = ask(wave, now=now)
    periodic.finish(run, now=now)
    return count


def ask(wave: Wave, *, now: datetime) -> int:
    """Invite everybody who is due; return how many will get mail. Memory stays the same however many they are.

    Those of a segment are gone through in chunks, each a transaction: killed, it goes on after the last one.
    """
    if not wave.survey.takes_answers(business_day(now)):
        Wave.objects.filter(pk=wave.pk).update(ended_at=now)
        return 0
    due = rules.get(wave.rule).due
    if due is None:
        return _everybody(wave, now)
    invited, _last = _invite(wave, due(wave, now), now)
    return invited


def _everybody(wave: Wave, now: datetime) -> int:
    count = 0
    while True:
        rows = contacts(wave).filter(pk__gt=wave.after_contact).order_by("pk")
        chunk = rows.annotate(occasion=Value("", output_field=CharField())).values_list("pk", "occasion")[:CHUNK]
        with transaction.atomic():
            invited, last = _invite(wave, chunk, now)
            wave.after_contact = last or 0
            Wave.objects.filter(pk=wave.pk).update(after_contact=wave.after_contact)
        count += invited
        if last is None:
            break
    if not rules.get(wave.rule).is_spread or _day_of(wave, now) >= wave.days - 1:
        Wave.objects.filter(pk=wave.pk).update(ended_at=now)
    return count


def _day_of(wave: Wave, now: datetime) -> int:
    """Return the number of days a distribution has run: 0 on its first."""
    return (business_day(now) - business_day(wave.starts_at)).days


# Who is due, and may be asked; then invitations, links and mails of those that are new. gen_random_uuid() draws on
# the server's cryptographic source: two of them hashed are 160 bits and more.
_INVITE = """
    WITH due (contact_id, occasion) AS MATERIALIZED ({due}),
    found AS MATERIALIZED (
        SELECT contact.id AS contact_id, contact.customer_id,
               md5(%(wave)s || ':' || contact.id || ':' || due.occasion)::uuid AS id,
               contact.why AS reason
        FROM due
        JOIN ({guarded}) AS contact ON contact.id = due.contact_id
        WHERE %(share)s IS NULL
           OR ('x' || substr(md5(%(wave)s || ':' || contact.id), 1, 7))::bit(28)::int %% %(days)s <= %(share)s
    ), invited AS (
        INSERT INTO surveys_invitation
            (customer_id, id, survey_id, wave_id, contact_id, via, state, reason, created_at)
        SELECT customer_id, id, %(survey)s, %(wave_id)s, contact_id, 'email',
               CASE reason WHEN '' THEN 'waiting' ELSE 'dropped' END, reason, %(now)s
        FROM found ON CONFLICT DO NOTHING
        RETURNING customer_id, id, reason
    ), linked AS MATERIALIZED (
        SELECT customer_id, id, rtrim(translate(encode(substr(sha256(
                   uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 1, 20), 'base64'), '+/', '-_'), '=')
               AS token
        FROM invited WHERE reason = ''
    ), kept AS (
        INSERT INTO surveys_token (hash, customer_id, invitation_id, survey_id, expires_at)
        SELECT sha256(convert_to(token, 'UTF8')), customer_id, id, %(survey)s, %(expires)s FROM linked
    ), outgoing AS (
        INSERT INTO core_outgoing
            (kind, dedupe_key, uid, payload, state, due_at, tries, lease, created_at, provider_id, said)
        SELECT 'survey', 'survey:' || id, gen_random_uuid(),
               jsonb_build_object('customer', customer_id, 'invitation', id, 'token', token),
               'waiting', %(now)s, 0, 0, %(now)s, '', ''
        FROM linked ON CONFLICT (dedupe_key) DO NOTHING
    ), counted AS (
        INSERT INTO surveys_tally (survey_id, day, name, value, count)
        SELECT %(survey)s, %(day)s, 'step', 'dropped:' || reason, count(*)
        FROM invited WHERE reason <> '' GROUP BY reason
        ON CONFLICT (survey_id, day, name, value) DO UPDATE SET count = surveys_tally.count + EXCLUDED.count
    )
    SELECT (SELECT count(*) FROM linked), (SELECT max(contact_id) FROM due)
"""


def _invite(wave: Wave, due: "QuerySet[Any, Any]", now: datetime) -> tuple[int, int | None]:
    """Invite the pairs of contact and occasion; return how many get mail, and the last contact. One query."""
    guarded = Contact.objects.order_by().annotate(why=guard.why(now)).values_list("id", "customer_id", "why")
    params: dict[str, Any] = {
        "wave": str(wave.pk), "wave_id": wave.pk, "survey": wave.survey_id, "now": now, "day": business_day(now),
        "expires": now + LIVES, "days": wave.days,
        "share": _day_of(wave, now) if rules.get(wave.rule).is_spread else None,
    }  # fmt: skip
    try:
        statement = _INVITE.format(due=_inner(due, "due", params), guarded=_inner(guarded, "guarded", params))
    except EmptyResultSet:  # a filter nobody can match
        return 0, None
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        invited, last = cursor.fetchone()
    return invited, last


def _inner(rows: "QuerySet[Any, Any]", prefix: str, params: dict[str, Any]) -> str:
    """Return a queryset's SQL for use within a statement with named parameters, to which its own are added."""
    sql, values = rows.query.sql_with_params()
    named = {f"{prefix}{i}": value for i, value in enumerate(values)}
    params |= named
    return sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in named)
