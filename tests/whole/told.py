"""What the pages of a portfolio's customers suggest and give as reasons, beside the records they rest on."""

import re
from datetime import timedelta

from core.days import business_day
from desk.profile.page import _customers, load_profile
from events.models import DailyCount, Event
from records.models import Contract, Note, Ticket

LEFT = "Champion left"
NUMBER = re.compile(r"\d+")


def contradictions(customers, user, now):
    """Return sentences that facts on the same page contradict, and how many sentences there were."""
    today, found, told = business_day(now), [], 0
    for pk in customers:
        customer = _customers(user, today).get(pk=pk)
        page = load_profile(customer, user, params={}, now=now)
        steps, reasons = [step.text for step, _task in page.steps], list(page.reasons)
        told += len(steps) + len(reasons)
        if page.score and page.score.at_risk and not (steps and reasons):
            found.append(f"{pk}: at risk, and nothing is suggested or no reason given")
        faults = (*_people(pk, steps, today), *_renewals(pk, steps, today), *_tickets(pk, steps, today))
        found += [f"{pk}: {fault} in {steps}" for fault in faults]
        found += [f"{pk}: {fault} in {reasons}" for fault in _reasons(pk, reasons, today)]
    return found, told


def _people(pk, steps, today):
    left = {
        str(name)
        for row in Event.objects.filter(customer=pk, event_type__name=LEFT, void_on=None).values_list(
            "contact__name", "properties__name"
        )
        for name in row
        if name
    }
    calls = Note.objects.filter(customer=pk, kind__in=("call", "meeting")).order_by("-at").values_list("at", flat=True)
    talks = [business_day(at) for at in calls if business_day(at) <= today]
    for step in steps:
        if "get in touch" in step and any(step.startswith(name) for name in left):
            yield "sent to somebody who has left"
        if talks and (today - talks[0]).days <= 7 and ("get in touch" in step or step.startswith("Call them")):
            yield "told to call after a call"
        if talks and "has been logged" in step:
            yield "a logged call is not seen"
        if "has left" in step and not any(step.startswith(name) for name in left):
            yield "somebody is said to have left"


def _renewals(pk, steps, today):
    days = [
        (contract.renews_on - today).days
        for contract in Contract.objects.filter(customer=pk, renews_on__gte=today)
        if contract.ends_on is None or contract.ends_on >= contract.renews_on
    ]
    named = [step for step in steps if "contract renews" in step]
    near = [number for number in days if number <= 90]
    if bool(named) != bool(near):
        yield "a renewal is near and not told, or told and not near"
    elif near and min(near) and int(NUMBER.findall(named[0])[0]) != min(near):
        yield "the wrong days to a renewal"


def _tickets(pk, steps, today):
    opened = sorted(
        business_day(ticket.opened_at)
        for ticket in Ticket.objects.filter(customer=pk)
        if business_day(ticket.opened_at) <= today
        and (ticket.solved_at is None or business_day(ticket.solved_at) > today)
    )
    named = [step for step in steps if "check" in step and "status" in step]
    is_old = bool(opened) and (today - opened[0]).days >= 7
    if bool(named) != is_old:
        yield "an old ticket is open and not told, or told and not open"
    elif named:
        numbers = [int(number) for number in NUMBER.findall(named[0])]
        wanted = [len(opened)] * (len(opened) > 1) + [(today - opened[0]).days]
        if numbers != wanted:
            yield f"not {wanted}"


def _reasons(pk, reasons, today):
    active = DailyCount.objects.filter(customer=pk, event_type__is_activity=True, day__lte=today, count__gt=0)
    last = active.order_by("-day").values_list("day", flat=True).first()
    for reason in reasons:
        if found := re.fullmatch(r"no activity for (\d+) days?", reason):
            if (today - last).days != int(found[1]):
                yield f"the last activity was on {last}"
        elif reason.startswith(LEFT) and "(" in reason:
            name = reason[reason.index("(") + 1 : -1]
            lately = Event.objects.filter(
                customer=pk, event_type__name=LEFT, void_on=None, day__gt=today - timedelta(days=30)
            )
            if name not in {
                str(told) for row in lately.values_list("contact__name", "properties__name") for told in row
            }:
                yield "nobody of that name has left lately"
