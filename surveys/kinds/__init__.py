"""Survey kinds, one module each: what is asked first, on which scale, and how answers add up.

To add one, write its module and add it to KINDS; its texts go into the catalogues. `tests/surveys/test_kinds.py` says
what is missing. No migration is needed: the models read their choices from here.
"""

from typing import Any

from surveys.kinds.base import Group, SurveyKind
from surveys.kinds.csat import Csat
from surveys.kinds.cxi import Cxi
from surveys.kinds.effort import Effort
from surveys.kinds.free import Free
from surveys.kinds.nps import Nps

NPS, CSAT, EFFORT, CXI, FREE = Nps(), Csat(), Effort(), Cxi(), Free()
KINDS: dict[str, SurveyKind] = {kind.name: kind for kind in (NPS, CSAT, EFFORT, CXI, FREE)}
# Kinds may share groups, as CSAT and CXI do.
GROUPS: dict[str, Group] = {group.name: group for kind in KINDS.values() for group in kind.groups}


def get(name: str) -> SurveyKind:
    """Return the kind. Raises KeyError."""
    return KINDS[name]


def choices() -> list[tuple[str, Any]]:
    return [(kind.name, kind.label) for kind in KINDS.values()]


def group_choices() -> list[tuple[str, Any]]:
    return [(group.name, group.label) for group in GROUPS.values()]
