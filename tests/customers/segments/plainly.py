"""Random rules, and what they mean in plain Python: no query, and none of the code under test."""

import random
from datetime import date, timedelta
from typing import Any

from tests.customers.segments.worlds import COLLEAGUES, EVENTS, INPUTS, TODAY, One

CONDITION_KINDS = (
    "attribute", "stage", "tag", "contact", "event", "score", "band", "score_change", "factor", "contract", "answer",
    "task",
)  # fmt: skip


def rule(chance: random.Random, depth: int = 1) -> dict[str, Any]:
    parts = [
        rule(chance, depth + 1) if depth < 3 and chance.random() < 0.25 else _leaf(chance)
        for _ in range(chance.randrange(1, 4 if depth == 1 else 3))
    ]
    return {chance.choice(["all", "any"]): parts}


def _leaf(chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(CONDITION_KINDS)
    return {"kind": kind, "parameters": globals()[f"_{kind}"](chance)}


def _attribute(chance):
    name, operators, values = chance.choice([
        ("plan", ("is", "is_not", "contains"), ("pro", "bas")),
        ("seats", ("is", "is_not", "at_least", "at_most"), ("1", "10", "5")),
        ("churned_on", ("is", "at_least", "at_most"), ((TODAY - timedelta(days=9)).isoformat(),)),
        ("churned_on", ("in_last",), ("10",)),
        ("attributes.size", ("is", "is_not", "at_least", "at_most"), ("7", "5.5", "4")),
        ("attributes.since", ("is", "at_least", "at_most"), ("2026-06-10", "2026-06-20")),
        ("attributes.since", ("in_last", "in_next"), ("3", "30")),
        ("attributes.beta", ("is", "is_not"), ("true", "false")),
        ("attributes.tier", ("is", "is_not"), ("gold", "silver")),
        ("attributes.note", ("is", "contains"), ("plan", "other")),
    ])  # fmt: skip
    if chance.random() < 0.2:
        return {"attribute": name, "operator": chance.choice(["known", "unknown"])}
    return {"attribute": name, "operator": chance.choice(operators), "value": chance.choice(values)}


def _stage(chance):
    return {"stage": chance.choice(["trial", "active", "churned"])} | (
        {"days": chance.choice([5, 25])} if chance.random() < 0.5 else {}
    )


def _tag(chance):
    return {"has": chance.choice(["yes", "no"]), "tag": chance.choice(["vip", "late", "none"])}


def _contact(chance):
    part = chance.choice([
        {"part": "role", "value": "champion"}, {"part": "language", "value": "fr"},
        {"part": "trait", "trait": "seat", "value": "X"},
    ])  # fmt: skip
    return {"has": chance.choice(["yes", "no"])} | part


def _event(chance):
    how = chance.choice(["at_least", "at_most", "never", "first", "stopped"])
    asked = {"event": chance.choice(EVENTS), "how": how}
    if how in ("at_least", "at_most"):
        asked["times"] = chance.choice([1, 2, 4])
    if how in ("first", "stopped") or (how != "never" and chance.random() < 0.7):
        asked["days"] = chance.choice([7, 30])
    return asked


def _score(chance):
    return {"measure": chance.choice(["health", "engagement", "coverage", "monthly_value"])} | _how(
        chance, ["50", "80"]
    )


def _band(chance):
    return {"band": chance.choice(["health:red", "health:green", "engagement:gone_quiet"])}


def _score_change(chance):
    return {"measure": chance.choice(["health", "engagement"]), "days": chance.choice([7, 30])} | _how(
        chance, ["-20", "0"]
    )


def _factor(chance):
    return {"factor": chance.choice(INPUTS)} | _how(chance, ["0", "5"])


def _how(chance, values):
    how = chance.choice(["at_least", "at_most", "unknown"])
    return {"how": how} | ({} if how == "unknown" else {"value": chance.choice(values)})


def _contract(chance):
    how = chance.choice(["running", "none", "renews", "started", "ended"])
    return {"how": how} | ({"days": 30} if how in ("renews", "started", "ended") else {})


def _answer(chance):
    how = chance.choice(["any", "none", "at_least", "at_most", "open"])
    asked = {"survey": "nps", "how": how} | ({"score": 6} if how.startswith("at_") else {})
    return asked | ({"days": 30} if chance.random() < 0.5 else {})


def _task(chance):
    asked = {"has": chance.choice(["yes", "no"])}
    asked |= chance.choice([{}, {"due": "overdue"}, {"due": "within", "days": chance.choice([1, 9])}, {"due": "none"}])
    asked |= {"task_kind": "call"} if chance.random() < 0.4 else {}
    return asked | ({"assignee": str(chance.choice(["none", *COLLEAGUES]))} if chance.random() < 0.4 else {})


def holds(tree: dict[str, Any], one: One, closed: date | None = None) -> bool:
    """Tell whether a rule holds for a customer, now or as known at the close of a day."""
    if "kind" in tree:
        return bool(globals()[f"_is_{tree['kind']}"](one, tree["parameters"], closed or TODAY, closed))
    join, parts = next(iter(tree.items()))
    return (all if join == "all" else any)(holds(part, one, closed) for part in parts)


def _is_attribute(one, asked, today, closed):
    value, kind = _value_of(one, asked["attribute"])
    operator, text = asked["operator"], asked.get("value")
    if operator in ("known", "unknown"):
        return (value is None) == (operator == "unknown")
    if value is None:
        return False
    if operator in ("in_last", "in_next"):
        days = int(text)
        first, last = (
            (today - timedelta(days=days - 1), today)
            if operator == "in_last"
            else (today, today + timedelta(days=days))
        )
        return first.isoformat() <= value <= last.isoformat()
    wanted = float(text) if kind is float else text.lower()
    value = value if kind is float else value.lower()
    return {
        "is": value == wanted, "is_not": value != wanted, "contains": kind is str and wanted in str(value),
        "at_least": value >= wanted, "at_most": value <= wanted,
    }[operator]  # fmt: skip


def _value_of(one, name):
    customer, given = one.customer, one.customer.attributes.get(name.removeprefix("attributes."))
    if name == "plan":
        return customer.plan or None, str
    if name == "seats":
        return None if customer.seats is None else float(customer.seats), float
    if name == "churned_on":
        return customer.churned_on and customer.churned_on.isoformat(), str
    if name == "attributes.size":
        is_number = isinstance(given, int | float) and not isinstance(given, bool)
        return (float(given) if is_number or given == "7" else None), float
    if name == "attributes.since":
        return (given[:10] if isinstance(given, str) and given[:2] == "20" else None), str
    if name == "attributes.beta":
        text = str(given)
        return (text if text.lower() in ("true", "false") else None), str
    return (given or None), str


def _is_stage(one, asked, today, closed):
    if one.customer.stage != asked["stage"]:
        return False
    if "days" not in asked:
        return True
    since = today - timedelta(days=asked["days"])
    before = [stage for on, stage in sorted(one.stages) if on <= since]
    after = [stage for on, stage in one.stages if since < on <= today]
    return bool(before) and before[-1] == asked["stage"] and all(stage == asked["stage"] for stage in after)


def _is_tag(one, asked, today, closed):
    return (asked["tag"] in one.customer.tags) == (asked["has"] == "yes")


def _is_contact(one, asked, today, closed):
    def fits(contact):
        if asked["part"] == "role":
            return contact["role"].lower() == "champion"
        return contact["locale"] in ("fr", "fr-CA") if asked["part"] == "language" else True

    return any(map(fits, one.contacts)) == (asked["has"] == "yes")


def _is_event(one, asked, today, closed):
    def count(first, last):
        return sum(
            n for name, day, known_on, n in one.counts
            if name == asked["event"] and first <= day <= last and (closed is None or known_on <= closed)
        )  # fmt: skip

    first = today - timedelta(days=asked["days"] - 1) if "days" in asked else date.min
    within, before = count(first, today), count(date.min, first - timedelta(days=1)) if first > date.min else 0
    return {
        "at_least": within >= asked.get("times", 0), "at_most": within <= asked.get("times", 0), "never": within <= 0,
        "first": within > 0 and before <= 0, "stopped": within <= 0 and before > 0,
    }[asked["how"]]  # fmt: skip


def _scores(one, closed):
    return one.current if closed is None else one.history.get(closed)


def _is_so(asked, value):
    if asked["how"] == "unknown":
        return value is None
    if value is None:
        return False
    return value >= float(asked["value"]) if asked["how"] == "at_least" else value <= float(asked["value"])


def _is_score(one, asked, today, closed):
    if asked["measure"] == "monthly_value":
        value = one.current and one.current["monthly_value"]
        return _is_so(asked, None if value is None else float(value))
    value = (_scores(one, closed) or {}).get(asked["measure"])
    return _is_so(asked, None if value is None else value / 100)


def _is_band(one, asked, today, closed):
    of, band = asked["band"].split(":")
    return (_scores(one, closed) or {}).get(f"{of}_band") == band


def _is_score_change(one, asked, today, closed):
    name, days = asked["measure"], asked["days"]
    scores = _scores(one, closed) or {}
    if closed is None:
        change = scores.get(f"{name}_change_{days}")
    else:
        before = one.history.get(closed - timedelta(days=days), {})
        was = before.get(name) if before.get("model") == scores.get("model") else None
        if was is None:
            was = one.compared.get((closed - timedelta(days=days), scores.get("model")), {}).get(name)
        change = None if was is None or scores.get(name) is None else scores[name] - was
    return _is_so(asked, None if change is None else change / 100)


def _is_factor(one, asked, today, closed):
    rows = [(on, number) for name, on, number in one.inputs if name == asked["factor"] and on <= today]
    rows = sorted(row for row in rows if row[0] >= today - timedelta(days=365))
    number = rows[-1][1] if rows else None
    return _is_so(asked, None if number is None else number / 1000)


def _is_contract(one, asked, today, closed):
    running = any(starts <= today and (ends is None or ends >= today) for starts, _, ends in one.contracts)
    if asked["how"] in ("running", "none"):
        return running == (asked["how"] == "running")
    days = timedelta(days=asked["days"])
    if asked["how"] == "renews":
        return any(
            renews and today <= renews <= today + days and (ends is None or ends >= renews)
            for _, renews, ends in one.contracts
        )
    place = 0 if asked["how"] == "started" else 2
    return any(row[place] and today - days < row[place] <= today for row in one.contracts)


def _is_answer(one, asked, today, closed):
    days = asked.get("days")
    found = [row for row in one.answers if row[2] <= today and (days is None or row[2] > today - timedelta(days=days))]
    return {
        "any": bool(found), "none": not found, "open": any(waits for *_, waits in found),
        "at_least": any(score >= 6 for _, score, *_ in found), "at_most": any(score <= 6 for _, score, *_ in found),
    }[asked["how"]]  # fmt: skip


def _is_task(one, asked, today, closed):
    def fits(kind, due, assignee):
        if kind != asked.get("task_kind", kind) or asked.get("assignee") not in (None, str(assignee or "none")):
            return False
        if asked.get("due") == "overdue":
            return due is not None and due < today
        if asked.get("due") == "within":
            return due is not None and due <= today + timedelta(days=asked["days"])
        return asked.get("due") != "none" or due is None

    return any(fits(*task) for task in one.tasks) == (asked["has"] == "yes")
