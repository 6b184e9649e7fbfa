"""Which system user runs the servers: ourselves, or, as PostgreSQL refuses root, someone with fewer rights."""

import os
import pwd
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engagement_site.embedded.errors import ServerError

UNPRIVILEGED_USERS = ("postgres", "_postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A system user other than ourselves."""

    name: str
    uid: int
    gid: int

    def as_popen_arguments(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, path: Path) -> bool:
        """Ask the kernel, as that user: modes, ACLs and mount options all count."""
        try:
            program = subprocess.run(
                ["/bin/sh", "-c", '[ -x "$1" ]', "sh", str(path)], cwd="/", check=False, **self.as_popen_arguments()
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ServerError(
                f"PostgreSQL refuses to run as root, and this root cannot become user {self.name} ({error}). "
                "Start Rapport as an ordinary user, or set DATABASE_URL and REDIS_URL."
            ) from None
        return program.returncode == 0


def for_servers(data_folders: Iterable[Path]) -> Account | None:
    """Return the user to run the servers as; None means ourselves. Data that stand already keep their owner."""
    if os.geteuid() != 0:
        return None
    owners = [folder.stat().st_uid for folder in data_folders if folder.exists()]
    return chosen([uid for uid in owners if uid != 0], {entry.pw_name: entry for entry in pwd.getpwall()})


def chosen(owners: list[int], users: dict[str, pwd.struct_passwd]) -> Account:
    """Choose the first owner, else the first lesser user this system has."""
    if owners:
        same = [entry for entry in users.values() if entry.pw_uid == owners[0]]
        return _account(same[0]) if same else Account(str(owners[0]), owners[0], owners[0])
    for name in UNPRIVILEGED_USERS:
        if name in users:
            return _account(users[name])
    raise ServerError(
        "PostgreSQL refuses to run as root, and this system has neither a user postgres nor nobody. "
        "Start Rapport as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
