"""What Today should show of a world, said once more in plain Python: of plain data, with numbers of its own."""

from datetime import date, timedelta
from typing import Any

from tests.conftest import NOW
from tests.today.world import TODAY, Person, World

ORDER = ["task", "answer", "at-risk", "renewal", "quiet", "behind", "plan-limit", "trial-active", "promoter"]
MATES = ("me", "mate")


def day(moment: Any) -> date:
    return moment.date()  # days are of UTC in tests


def is_shown(person: Person, whose: str) -> bool:
    if person.hidden:
        return False
    if whose == "following":
        return person.followed
    if whose == "team":
        return person.in_team or person.owner in MATES or person.second in MATES
    return "me" in (person.owner, person.second)


def is_task_shown(person: Person, task: dict[str, Any], whose: str) -> bool:
    if whose != "mine":
        return is_shown(person, whose)
    return not person.hidden and (task["assignee"] == "me" or (task["assignee"] is None and is_shown(person, "mine")))


def reasons(world: World, person: Person, whose: str | None) -> list[tuple[str, str, Any, Any]]:
    """Return (kind, key, since, what) of each reason, the most telling first; `whose` None: whoever's list it is on."""
    found = [
        ("task", f"task:{task['id']}:{task['due_on']}", task["due_on"], task)
        for task in person.tasks
        if task["state"] == "open" and task["due_on"] is not None and task["due_on"] <= TODAY
        if whose is None or is_task_shown(person, task, whose)
    ]
    if whose is None or is_shown(person, whose):
        found += [*_answers(person), *(_scored(world, person) if person.stage in ("trial", "active") else [])]
    return sorted(found, key=lambda reason: (ORDER.index(reason[0]), _day_of(reason) or date.max, reason[1]))


def _day_of(reason: tuple[str, str, Any, Any]) -> date | None:
    since = reason[2]
    return since.date() if hasattr(since, "date") else since


def _answers(person: Person) -> list[tuple[str, str, Any, Any]]:
    found = []
    for answer in person.answers:
        key, at = f"answer:{answer['id']}", answer["answered_at"]
        if answer["is_confidential"]:
            continue
        if answer["needs_care"] and answer["closed_at"] is None:
            found.append(("answer", key, at, answer))
        elif answer["kind"] == "nps" and answer["score"] >= 9 and (TODAY - day(at)).days < 30:
            found.append(("promoter", key, at, answer))
    return found


def _scored(world: World, person: Person) -> list[tuple[str, str, Any, Any]]:
    found: list[tuple[str, str, Any, Any]] = []
    if person.seats:
        used = sum(1 for days in person.active if any(ago < 30 for ago in days))
        if len(person.active) / person.seats >= 0.9 and used / person.seats >= 0.9:
            found.append(("plan-limit", f"plan-limit:{person.seats}", None, used))
    score: Any = person.score
    if score is None:
        return found
    if score["at_risk"]:
        since = person.at_risk_on or TODAY
        found.append(("at-risk", f"at-risk:{since}", since, None))
    renews = score["renews_on"]
    if renews and 0 <= (renews - TODAY).days <= 90:
        found.append(("renewal", f"renewal:{renews}", renews - timedelta(days=90), None))
    window = {"A": 30, "B": 0}[score["model"]]  # version B is not there: its band is believed
    if score["engagement_band"] == "gone_quiet" and (TODAY - score["last_active_on"]).days >= window:
        found.append(("quiet", f"quiet:{score['last_active_on']}", person.quiet_on, None))
    if person.stage == "trial" and score["engagement_band"] in ("highly_engaged", "power_user"):
        found.append(("trial-active", "trial-active", None, None))
    return found + _behind(world, person)


def _behind(world: World, person: Person) -> list[tuple[str, str, Any, Any]]:
    score: Any = person.score
    days = {"trial": 3, "active": 14}[person.stage]
    if score["health_band"] != "new" or score["model"] != "A":  # version B is not there: nothing to be behind of
        return []
    age, done = (TODAY - person.stage_on).days, min(person.key_actions, world.first_key_actions)
    if world.first_key_actions and age * 2 >= days and done * 2 < world.first_key_actions:
        half = person.stage_on + timedelta(days=-(-days // 2))
        return [("behind", f"behind:{person.stage_on}", half, None)]
    return []


def decisions(person: Person) -> list[dict[str, Any]]:
    """Return what was done about the customer, newest first."""
    found: list[dict[str, Any]] = []
    for mark in person.marks:
        back: Any = mark["ended_at"] or mark["back_at"]
        found.append({**mark, "back": back, "keys": mark["keys"]})
    contacts = [note for note in person.notes if note["kind"] != "note"]
    if contacts:
        last: Any = max(contacts, key=lambda note: note["at"])  # type: ignore[arg-type, return-value]
        found.append({"kind": "contact", "at": last["at"], "by": last["author"], "back": None, "keys": None})
    tasks = [task for task in person.tasks if task["state"] == "done"]
    if tasks:
        done: Any = max(tasks, key=lambda task: task["closed_at"])  # type: ignore[arg-type, return-value]
        found.append({"kind": "task", "at": done["closed_at"], "by": done["closed_by"], "back": None, "keys": None})
    return sorted(found, key=lambda decision: decision["at"], reverse=True)


def is_done(person: Person, standing: list[tuple[str, str, Any, Any]]) -> bool:
    done = decisions(person)
    if not done:
        return False
    last = done[0]
    if last["back"] is not None and last["back"] <= NOW:
        return False
    if last["back"] is None and (TODAY - day(last["at"])).days > 14:
        return False
    score: Any = person.score
    then, model = (
        (last["health"], last["model"]) if "health" in last else person.history.get(day(last["at"]), (None, ""))
    )
    if score and None not in (then, score["health"]) and model == score["model"] and then - score["health"] >= 1_000:
        return False
    return all(_stood(reason, last) for reason in standing)


def _stood(reason: tuple[str, str, Any, Any], last: dict[str, Any]) -> bool:
    kind, key, since, what = reason
    if last["keys"] is not None:
        return key in last["keys"]
    if kind == "task" and what["assignee"] not in (None, last["by"]):
        return False
    if kind in ("answer", "promoter"):
        return bool(since <= last["at"])
    return since is None or since <= day(last["at"])


def put_off(person: Person) -> int:
    count = 0
    for decision in decisions(person):
        if decision["kind"] != "snoozed":
            break
        count += 1
    return count


def today(world: World, whose: str) -> tuple[list[tuple[str, list[str]]], set[str]]:
    """Return the rows to do in their order, each with its reasons, and the names of those that are done today."""
    rows, done = [], set()
    for person in world.people:
        standing = reasons(world, person, whose)
        acted_today = any(day(decision["at"]) == TODAY for decision in decisions(person)[:1])
        if standing and not is_done(person, standing):
            rows.append((_place(person, standing), person.name, [reason[1] for reason in standing]))
        elif (standing and acted_today) or (not standing and _was_cleared(person, whose)):
            done.add(person.name)
    return [(name, keys) for _, name, keys in sorted(rows)], done


def _place(person: Person, standing: list[tuple[str, str, Any, Any]]) -> tuple[Any, ...]:
    overdue = [reason[2] for reason in standing if reason[0] == "task" and reason[2] < TODAY]
    score: Any = person.score or {"urgency": None, "health_fall": None}
    return (
        0 if put_off(person) >= 3 else 1,
        min(overdue, default=date.max),
        (1, 0) if score["urgency"] is None else (0, -score["urgency"]),
        (1, 0) if score["health_fall"] is None else (0, -score["health_fall"]),
        person.pk,
    )


def _was_cleared(person: Person, whose: str) -> bool:
    """Tell whether what was done today may have left no reason."""
    tasks = any(
        task["state"] == "done" and day(task["closed_at"]) == TODAY and task["due_on"] and task["due_on"] <= TODAY
        for task in person.tasks
        if is_task_shown(person, task, whose)
    )
    if tasks or not is_shown(person, whose):
        return tasks
    marks = any(day(mark["at"]) == TODAY and mark["ended_at"] is None for mark in person.marks)
    answers = any(
        answer["needs_care"] and answer["closed_at"] and day(answer["closed_at"]) == TODAY
        for answer in person.answers
        if not answer["is_confidential"]
    )
    return marks or answers
