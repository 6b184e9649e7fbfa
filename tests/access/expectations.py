"""Who gets which answer where: a line of expectations.txt for each address, the first that fits counts.

A new address needs a line.

`*` in a name stands for anything. Answers are statuses of a GET; `sign-in` is a redirect to the sign-in page.
`limited` is a customer success manager of another team who sees only their own customers.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ROLES = ("admin", "lead", "csm", "viewer", "limited", "nobody")

TABLE = (Path(__file__).parent / "expectations.txt").read_text()


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: str
    answers: dict[str, str]


def _read() -> list[Rule]:
    header, *lines = [line for line in TABLE.splitlines() if line.strip()]
    assert header.split()[1:] == list(ROLES)
    rows = [line.rsplit(maxsplit=len(ROLES)) for line in lines]
    return [Rule(pattern, dict(zip(ROLES, answers, strict=True))) for pattern, *answers in rows]


RULES = _read()


def rule_for(name: str) -> Rule | None:
    return next((rule for rule in RULES if rule.pattern == name or fnmatchcase(name, rule.pattern)), None)
