"""A small world made by chance from a seed, as plain data, and its rows in the database."""

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from customers.models import Contact, Customer, Following, InputLog, Mark
from events.models import ActiveDay, DailyCount
from playbooks.models import Task
from records.models import Note
from scoring.models import CurrentScore, ScoreHistory, ScoringModel, Transition, Weight
from staff.models import Team, User
from surveys.models import Answer, Survey
from tests.conftest import NOW
from tests.pages import cast

TODAY = NOW.date()
SIZE = 12  # customers


@dataclass(slots=True)
class Person:
    """A customer and all that is known of it. People are named by "me", "mate", "other"; None is nobody."""

    name: str
    owner: str | None
    second: str | None
    in_team: bool
    followed: bool
    stage: str
    hidden: str  # "", "provisional", "merged", "removed"
    seats: int | None
    active: list[list[int]]  # of each contact: days ago on which it was active
    score: dict[str, object] | None
    at_risk_on: date | None  # the day of the last transition
    quiet_on: date | None
    stage_on: date  # when its stage was logged
    key_actions: int
    tasks: list[dict[str, object]]
    answers: list[dict[str, object]]
    marks: list[dict[str, object]]
    notes: list[dict[str, object]]
    history: dict[date, tuple[int | None, str]]
    pk: int = 0


@dataclass(slots=True)
class World:
    people: list[Person]
    first_key_actions: int = 0  # how many the version has
    models: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)


def made(seed: int) -> World:
    return World([_person(random.Random(f"{seed}-{n}"), n) for n in range(SIZE)])


def _person(chance: random.Random, n: int) -> Person:
    tasks = [_task(chance) for _ in range(chance.choice((0, 0, 0, 1, 2)))]
    answers = [_answer(chance) for _ in range(chance.choice((0, 0, 0, 1, 2)))]
    person = Person(
        name=f"Customer {n}",
        owner=chance.choice(("me", "me", "me", "mate", "other", None)),
        second=chance.choice(("me", None, None, None, "other")),
        in_team=chance.random() < 0.2,
        followed=chance.random() < 0.3,
        stage=chance.choice(("trial", "active", "active", "churned")),
        hidden=chance.choice(("", "", "", "", "", "", "provisional", "merged", "removed")),
        seats=chance.choice((None, 0, 1, 2, 3)),
        active=[chance.sample(range(40), chance.randrange(3)) for _ in range(chance.randrange(4))],
        score=_score(chance) if chance.random() < 0.9 else None,
        at_risk_on=TODAY - timedelta(days=chance.randrange(1, 30)) if chance.random() < 0.7 else None,
        quiet_on=TODAY - timedelta(days=chance.randrange(1, 30)) if chance.random() < 0.5 else None,
        stage_on=TODAY - timedelta(days=chance.randrange(16)),
        key_actions=chance.randrange(8),
        tasks=tasks,
        answers=answers,
        marks=[],
        notes=[_note(chance) for _ in range(chance.choice((0, 0, 1, 2)))],
        history={
            TODAY - timedelta(days=ago): (chance.choice((None, *range(1_000, 9_000, 500))), chance.choice("AAB"))
            for ago in chance.sample(range(1, 20), 12)
        },
    )
    person.marks = [_mark(chance, person) for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 4)))]
    return person


def moment(chance: random.Random, days: int) -> datetime:
    """Return an instant of the last days that no other shares: microseconds are drawn as well."""
    return NOW - timedelta(seconds=chance.randrange(60, days * 86_400), microseconds=chance.randrange(1_000_000))


def _score(chance: random.Random) -> dict[str, object]:
    band = chance.choice(("red", "yellow", "green", "new", None))
    return {
        "model": chance.choice("AAB"),
        "at_risk": chance.random() < 0.35,
        "health": None if band in ("new", None) else chance.randrange(0, 10_000, 250),
        "health_band": band,
        "engagement_band": chance.choice(
            ("gone_quiet", "very_disengaged", "somewhat_engaged", "highly_engaged", "power_user", "churn_risk")
        ),
        "urgency": chance.choice((None, *map(Decimal, (10, 20, 20, 300)))),
        "health_fall": chance.choice((None, 0, 500, 2_500)),
        "renews_on": chance.choice((None, None, TODAY + timedelta(days=chance.randrange(-3, 130)))),
        "last_active_on": TODAY - timedelta(days=chance.randrange(50)),
    }


def _task(chance: random.Random) -> dict[str, object]:
    state = chance.choice(("open", "open", "open", "done", "cancelled"))
    closed = {"closed_at": moment(chance, 25), "closed_by": chance.choice(("me", "mate"))} if state != "open" else {}
    return {
        "id": uuid.UUID(int=chance.getrandbits(128)),
        "assignee": chance.choice(("me", "me", "mate", None)),
        "due_on": chance.choice((None, TODAY + timedelta(days=chance.randrange(-4, 4)))),
        "state": state,
        "closed_at": None,
        "closed_by": None,
        **closed,
    }


def _answer(chance: random.Random) -> dict[str, object]:
    kind = chance.choice(("nps", "nps", "csat"))
    needs_care = chance.random() < 0.5
    return {
        "id": uuid.UUID(int=chance.getrandbits(128)),
        "kind": kind,
        "score": chance.randrange(11) if kind == "nps" else chance.randrange(1, 6),
        "needs_care": needs_care,
        "closed_at": moment(chance, 3) if needs_care and chance.random() < 0.4 else None,
        "answered_at": moment(chance, 40),
        "is_confidential": chance.random() < 0.2,
    }


def _note(chance: random.Random) -> dict[str, object]:
    return {
        "kind": chance.choice(("note", "call", "meeting", "mail")),
        "at": moment(chance, 25),
        "author": chance.choice(("me", "mate", None)),
    }


def _mark(chance: random.Random, person: Person) -> dict[str, object]:
    at = moment(chance, 25)
    lasts = timedelta(hours=chance.randrange(1, 24 * 20))
    stood = chance.choice((None, "all", "some"))
    return {
        "kind": chance.choice(("snoozed", "snoozed", "handled")),
        "at": at,
        "by": chance.choice(("me", "mate")),
        "back_at": at + lasts,
        "stood": stood,
        "leaves_out": chance.randrange(9),
        "health": chance.choice((None, *range(500, 10_000, 500))),
        "model": chance.choice("AAB"),
        "ended_at": at + lasts / 2 if at + lasts / 2 < NOW and chance.random() < 0.2 else None,
    }


def write(world: World, keys_of: Callable[["World", "Person"], Sequence[str]]) -> None:
    """Write it all. `keys_of` says by which keys a customer's reasons were stored in a mark that holds them."""
    team = Team.objects.create(name="North")
    users = {name: cast.colleague(name.title()) for name in ("me", "mate", "other")}
    for name in ("me", "mate"):
        users[name].teams.add(team)
    world.users = {name: user.pk for name, user in users.items()}
    first = ScoringModel.objects.current()
    assert first is not None
    world.models = {"A": first.pk, "B": first.pk + 1_000}
    actions = list(
        Weight.objects.filter(model=first, is_key_action=True).order_by("pk").values_list("event_type", flat=True)
    )
    world.first_key_actions = len(actions)
    surveys = [
        Survey.objects.create(name=f"S{n}", kind="nps", created_at=NOW, is_confidential=bool(n)) for n in range(2)
    ]
    stays = Customer.objects.create(name="Stays", created_at=NOW, stage="archived")
    for person in world.people:
        _write_customer(world, person, users, team, stays)
        _write_scores(world, person, actions)
        _write_records(world, person, users, surveys)
    for person in world.people:  # once all reasons are known
        keys = keys_of(world, person)
        Mark.objects.bulk_create(_mark_row(world, person, mark, keys) for mark in person.marks)


def _write_customer(world: World, person: Person, users: dict[str, User], team: Team, stays: Customer) -> None:
    row = Customer.objects.create(
        name=person.name, stage=person.stage, owner=users.get(person.owner or ""), seats=person.seats,
        second_owner=users.get(person.second or ""), team=team if person.in_team else None, created_at=NOW,
        churned_on=TODAY if person.stage == "churned" else None, provisional=person.hidden == "provisional",
        merged_into=stays if person.hidden == "merged" else None,
        removed_at=NOW if person.hidden == "removed" else None,
    )  # fmt: skip
    person.pk = row.pk
    if person.followed:
        Following.objects.create(customer=row, colleague=users["me"], since=NOW)
    InputLog.objects.create(customer=row, name="stage", known_on=person.stage_on, text=person.stage)
    for days in person.active:
        contact = Contact.objects.create(customer=row, created_at=NOW)
        ActiveDay.objects.bulk_create(
            ActiveDay(customer=row, contact=contact, day=TODAY - timedelta(days=ago), known_on=TODAY) for ago in days
        )


def _write_scores(world: World, person: Person, actions: Sequence[int]) -> None:
    if person.score is not None:
        fields = {**cast.score_fields(), **person.score, "model_id": world.models[str(person.score["model"])]}
        del fields["model"]
        CurrentScore.objects.create(customer_id=person.pk, **fields)
    DailyCount.objects.bulk_create(
        DailyCount(
            customer_id=person.pk, event_type_id=action, day=person.stage_on, known_on=person.stage_on, count=1,
            value_sum=0,
        )
        for action in actions[: person.key_actions]
    )  # fmt: skip
    if person.at_risk_on:
        Transition.objects.create(customer_id=person.pk, day=person.at_risk_on, kind="risk", band_after="at_risk")
    if person.quiet_on:
        Transition.objects.create(
            customer_id=person.pk, day=person.quiet_on, kind="engagement", band_after="gone_quiet"
        )
    ScoreHistory.objects.bulk_create(
        ScoreHistory(
            customer_id=person.pk, day=day, model_id=world.models[model], health=health,
            health_band=None if health is None else "red", coverage=0, inputs_digest=b"",
        )
        for day, (health, model) in person.history.items()
    )  # fmt: skip


def _write_records(world: World, person: Person, users: dict[str, User], surveys: Sequence[Survey]) -> None:
    Task.objects.bulk_create(
        Task(
            customer_id=person.pk, id=task["id"], title="Report", created_at=NOW, due_on=task["due_on"],
            state=task["state"], assignee=users.get(str(task["assignee"])), closed_at=task["closed_at"],
            closed_by=users.get(str(task["closed_by"])),
        )
        for task in person.tasks
    )  # fmt: skip
    Answer.objects.bulk_create(
        Answer(
            customer_id=person.pk, id=answer["id"], kind=answer["kind"], score=answer["score"], via="api",
            survey=surveys[bool(answer["is_confidential"])], needs_care=answer["needs_care"],
            closed_at=answer["closed_at"], answered_at=answer["answered_at"],
        )
        for answer in person.answers
    )  # fmt: skip
    Note.objects.bulk_create(
        Note(customer_id=person.pk, kind=note["kind"], text="x", at=note["at"], author=users.get(str(note["author"])))
        for note in person.notes
    )


def _mark_row(world: World, person: Person, mark: dict[str, object], keys: Sequence[str]) -> Mark:
    left_out = mark["leaves_out"] if mark["stood"] == "some" else None
    stood = None if mark["stood"] is None else [key for n, key in enumerate(keys) if n != left_out]
    mark["keys"] = stood
    return Mark(
        customer_id=person.pk, kind=mark["kind"], reason="x", at=mark["at"], by_id=world.users[str(mark["by"])],
        back_at=mark["back_at"], stood=stood, health=mark["health"], model=world.models[str(mark["model"])],
        ended_at=mark["ended_at"],
    )  # fmt: skip
