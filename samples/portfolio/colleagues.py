"""The made-up colleagues who look after the customers: two teams, their lead, six who own customers."""

from dataclasses import dataclass

TEAMS = ("Growing customers", "Large customers")


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    email: str
    team: str


LEAD = Colleague("Noor van den Berg", "noor@rapport.example", TEAMS[0])
CSMS = (
    Colleague("Amara Osei", "amara@rapport.example", TEAMS[0]),
    Colleague("Benoît Lacroix", "benoit@rapport.example", TEAMS[0]),
    Colleague("Dana Petrova", "dana@rapport.example", TEAMS[0]),
    Colleague("Hugo Marchand", "hugo@rapport.example", TEAMS[1]),
    Colleague("Mei Tanaka", "mei@rapport.example", TEAMS[1]),
    Colleague("Tomasz Zieliński", "tomasz@rapport.example", TEAMS[1]),
)


def team_of(plan: str) -> str:
    return TEAMS[1] if plan in ("Business", "Enterprise") else TEAMS[0]
