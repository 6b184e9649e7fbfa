"""Where the servers' programs and data are, for the user who runs them.

Beside everything else, whenever that user can get there. Where root's folders shut that user out, under
/var/lib/rapport instead: the rights of folders that were there before us are never changed.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engagement_site.embedded import accounts, folders, wheels
from engagement_site.embedded.accounts import Account
from engagement_site.embedded.errors import ServerError

CLUSTER = "postgresql"  # what PostgreSQL's own folder is called, wherever it is
SHARED = Path("/var/lib/rapport")


@dataclass(frozen=True)
class Places:
    """What the servers' user can reach: two programs, and a folder to keep data and sockets in."""

    account: Account | None  # None: ourselves
    postgresql_programs: Path
    valkey_program: Path
    data: Path

    @property
    def cluster(self) -> Path:
        return self.data / CLUSTER


@dataclass(frozen=True)
class Decision:
    """Whether programs and data stay where they are."""

    programs_stay: bool
    data_stay: bool


def decide(can_enter: Callable[[Path], bool], programs: list[Path], data: Path, *, data_are_away: bool) -> Decision:
    """Decide what can stay; data once put away stay away, or the next start would find none."""
    return Decision(
        programs_stay=all(can_enter(program) for program in programs),
        data_stay=not data_are_away and can_enter(data),
    )


def away(data_folder: Path) -> Path:
    """Return the folder that stands in for a data folder the servers' user cannot enter."""
    return SHARED / hashlib.sha256(os.fsencode(data_folder)).hexdigest()[:12]


def have_database(folder: Path) -> bool:
    """Tell whether a database was made for the data folder, beside everything else or away. Writes nothing."""
    return any(os.path.exists(place / CLUSTER) for place in (folder, away(folder)))  # noqa: PTH110 (no error for others)


def settle(folder: Path) -> Places:
    """Find the places for a data folder, and make what is missing."""
    stand_in = away(folder)
    account = accounts.for_servers([folder / CLUSTER, stand_in / CLUSTER, folder])
    if account is None:
        refuse_data_of_others(folder)
        return Places(None, wheels.postgresql_programs(), wheels.valkey_program(), folder)
    decision = decide(
        account.can_enter,
        [wheels.postgresql_programs() / "postgres", wheels.valkey_program()],
        folder,
        data_are_away=(stand_in / CLUSTER).exists(),
    )
    return settled_for(account, folder, decision)


def settled_for(account: Account, folder: Path, decision: Decision) -> Places:
    stand_in = away(folder)
    if decision.programs_stay and decision.data_stay:
        return Places(account, wheels.postgresql_programs(), wheels.valkey_program(), folder)
    if not decision.data_stay and (folder / CLUSTER).exists():
        raise ServerError(
            f"The PostgreSQL data in {folder / CLUSTER} can no longer be reached by user {account.name}, who runs "
            f"PostgreSQL because root may not; let that user enter the folders above it."
        )
    folders.shared(SHARED)
    folders.shared(stand_in)
    _say_once(f"As root, PostgreSQL runs as user {account.name}: {_what_moved(decision)} {stand_in}.")
    programs = None if decision.programs_stay else stand_in
    return Places(
        account,
        wheels.postgresql_programs(copied_to=programs),
        wheels.valkey_program(copied_to=programs),
        folder if decision.data_stay else stand_in,
    )


@cache
def _say_once(sentence: str) -> None:
    """Both servers ask for their places; one line is enough."""
    print(sentence, file=sys.stderr)


def _what_moved(decision: Decision) -> str:
    if decision.data_stay:
        return "a copy of its programs is in"
    if decision.programs_stay:
        return "its data are in"
    return "its data and a copy of its programs are in"


def refuse_data_of_others(folder: Path) -> None:
    """Say so when root, or someone else, ran Rapport here before an ordinary user does."""
    for cluster in (folder / CLUSTER, away(folder) / CLUSTER):
        if cluster.exists() and cluster.stat().st_uid != os.geteuid():
            raise ServerError(
                f"The PostgreSQL data in {cluster} belong to another user, because someone else (perhaps root) ran "
                "Rapport here first. Run it as before, or set RAPPORT_DATA to a folder of your own."
            )
