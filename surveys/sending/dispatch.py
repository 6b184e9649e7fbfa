"""Asking: who is due by each sending becomes an invitation, a link and an outgoing mail, by one statement for many.

Ids are made from the sending, the contact and the occasion: whatever is gone through twice is asked once. Who may
not be asked is written down too, with the reason; the guard decides again when the mail leaves.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from core.days import utc_day
from core.jobs import periodic
from customers import segments
from customers.models import Contact, Customer
from customers.models.customer import CustomerQuerySet
from events.models import DailyCount, Event
from records.models import Contract, Ticket
from surveys.models import Dropped, Rule, Status, Wave
from surveys.sending import guard
from surveys.sending.tokens import LIVES

logger = logging.getLogger(__name__)
CHUNK = 10_000
JOB = "ask-wave"
PERIODS = {Rule.EVENT: 60, Rule.TICKET: 5, Rule.RENEWAL: 60}  # minutes
LATE = timedelta(days=3)  # how long after its time something that arrived late still leads to a question


def members(wave: Wave) -> CustomerQuerySet:
    """Return the customers a sending goes to: of its segment or filter, those its author may see.

    Nobody when the author is gone: what a colleague of few customers set up must not reach everybody.
    """
    followed = Customer.objects.followed()
    seen = followed if wave.sees_all else followed.visible_to(wave.by) if wave.by else followed.none()
    return segments.among(wave.segment, seen) if wave.segment else segments.matching(wave.query, seen)


def contacts(wave: Wave) -> "QuerySet[Contact]":
    """Return the contacts a sending goes to, whatever the day."""
    found = Contact.objects.filter(customer__in=members(wave).order_by().values("pk"))
    return found.filter(role__icontains=wave.role) if wave.role else found


def forecast(wave: Wave, *, now: datetime) -> dict[str, int]:
    """Return how many would be asked now ("asked") and how many not, by reason. One query."""
    why = Case(
        When(survey_opt_out=True, then=Value(Dropped.OPTED_OUT)),
        When(email="", then=Value(Dropped.NO_ADDRESS)),
        When(guard__bounced_at__isnull=False, guard__bounced_address=F("email"), then=Value(Dropped.BOUNCED)),
        When(guard__asked_at__gt=now - guard.pause(), then=Value(Dropped.LATELY)),
        default=Value("asked"),
        output_field=CharField(),
    )
    counts = contacts(wave).annotate(why=why).order_by().values_list("why").annotate(Count("pk"))
    return {"asked": 0, **dict(counts)}


def go_on(*, now: datetime) -> int:
    """Ask whoever is due by any sending; return how many were asked. Once in each period, whatever rings."""
    waves = Wave.objects.filter(ended_at=None, starts_at__lte=now, survey__status=Status.RUNNING)
    count = 0
    for wave in waves.select_related("survey", "segment", "by", "event_type"):
        try:
            count += _in_turn(wave, now)
        except Exception:  # one that cannot be worked must not keep the others waiting; its run stays, and tells
            logger.exception("Sending %s could not be worked", wave.pk)
    return count


def _in_turn(wave: Wave, now: datetime) -> int:
    period = _period(wave, now)
    job = f"{JOB}:{wave.pk}"
    periodic.drop_others(job, period)
    periodic.plan(job, period)
    run = periodic.claim(job, now=now, period=period)
    if run is None:
        return 0
    count = ask(wave, now=now)
    periodic.finish(run, now=now)
    return count


def _period(wave: Wave, now: datetime) -> str:
    if wave.rule == Rule.ONCE:
        return "once"
    if wave.rule == Rule.DRIP:
        return utc_day(now).isoformat()
    minutes = PERIODS[Rule(wave.rule)]
    return now.replace(minute=now.minute // minutes * minutes, second=0, microsecond=0).isoformat()


def ask(wave: Wave, *, now: datetime) -> int:
    """Invite everybody who is due; return how many will get mail. Memory stays the same however many they are.

    Those of a segment are gone through in chunks, each a transaction: killed, it goes on after the last one.
    """
    if not wave.survey.takes_answers(utc_day(now)):
        Wave.objects.filter(pk=wave.pk).update(ended_at=now)
        return 0
    if wave.rule in (Rule.ONCE, Rule.DRIP):
        return _everybody(wave, now)
    asked, _last = _invite(wave, _after_something(wave, now), now)
    return asked


def _everybody(wave: Wave, now: datetime) -> int:
    count = 0
    while True:
        rows = contacts(wave).filter(pk__gt=wave.after_contact).order_by("pk")
        chunk = rows.annotate(occasion=Value("", output_field=CharField())).values_list("pk", "occasion")[:CHUNK]
        with transaction.atomic():
            asked, last = _invite(wave, chunk, now)
            wave.after_contact = last or 0
            Wave.objects.filter(pk=wave.pk).update(after_contact=wave.after_contact)
        count += asked
        if last is None:
            break
    if wave.rule == Rule.ONCE or _day_of(wave, now) >= wave.days - 1:
        Wave.objects.filter(pk=wave.pk).update(ended_at=now)
    return count


def _day_of(wave: Wave, now: datetime) -> int:
    """Return the number of days a sending has run: 0 on its first."""
    return (utc_day(now) - utc_day(wave.starts_at)).days


def _after_something(wave: Wave, now: datetime) -> "QuerySet[Any, Any]":
    """Return (contact, occasion) of what lies far enough in the past, or a renewal near enough ahead."""
    until = now - timedelta(hours=wave.delay_hours)
    since = max(wave.starts_at, until - LATE)
    its = Customer.objects.filter(pk__in=members(wave).order_by().values("pk")).values("pk")
    if wave.rule == Rule.TICKET:
        solved = Ticket.objects.filter(solved_at__gte=since, solved_at__lte=until, customer__in=its)
        return _named(solved.filter(contact__in=contacts(wave)), "contact_id", "ticket:", "id")
    if wave.rule == Rule.RENEWAL:
        today = utc_day(now)
        due = Contract.objects.filter(renews_on__range=(today, today + timedelta(days=wave.before_days)))
        due = due.filter(
            Q(ends_on=None) | Q(ends_on__gt=today), customer__in=its, customer__contacts__in=contacts(wave)
        )
        return _named(due, "customer__contacts", "renewal:", "id", "renews_on")
    days = (utc_day(since), utc_day(until))
    active = DailyCount.objects.filter(event_type=wave.event_type, day__range=days, customer__in=its)
    happened = Event.objects.filter(
        customer__in=active.values("customer"), event_type=wave.event_type, occurred_at__range=(since, until)
    )
    return _named(happened.filter(contact__in=contacts(wave)), "contact_id", "event:", "id")


def _named(rows: "QuerySet[Any, Any]", contact: str, prefix: str, *parts: str) -> "QuerySet[Any, Any]":
    """Return pairs of contact and occasion: the prefix, and the row's own parts."""
    words: list[Any] = [Value(prefix, output_field=CharField()), *(Cast(part, CharField()) for part in parts)]
    return rows.annotate(occasion=Concat(*words, output_field=CharField())).values_list(contact, "occasion").order_by()


# Who is due, and may be asked; then invitations, links and mails of those that are new. gen_random_uuid() draws on
# the server's cryptographic source: two of them hashed are 160 bits and more.
_INVITE = """
    WITH due (contact_id, occasion) AS MATERIALIZED ({due}),
    found AS MATERIALIZED (
        SELECT contact.id AS contact_id, contact.customer_id,
               md5(%(wave)s || ':' || contact.id || ':' || due.occasion)::uuid AS id,
               CASE WHEN contact.survey_opt_out THEN 'opted_out'
                    WHEN contact.email = '' THEN 'no_address'
                    WHEN guard.bounced_at IS NOT NULL AND guard.bounced_address = contact.email THEN 'bounced'
                    WHEN guard.asked_at > %(pause)s THEN 'lately' ELSE '' END AS reason
        FROM due
        JOIN customers_contact AS contact ON contact.id = due.contact_id
        LEFT JOIN surveys_guard AS guard ON guard.contact_id = contact.id
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
    try:
        sql, params = due.query.sql_with_params()
    except EmptyResultSet:  # a filter nobody can match
        return 0, None
    drips = wave.rule == Rule.DRIP
    with connection.cursor() as cursor:
        named = {f"due{i}": value for i, value in enumerate(params)}
        inner = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in named)
        cursor.execute(
            _INVITE.format(due=inner),
            {
                **named,
                "wave": str(wave.pk), "wave_id": wave.pk, "survey": wave.survey_id, "now": now, "day": utc_day(now),
                "pause": now - guard.pause(), "expires": now + LIVES,
                "share": _day_of(wave, now) if drips else None, "days": wave.days,
            },
        )  # fmt: skip
        asked, last = cursor.fetchone()
    return asked, last
