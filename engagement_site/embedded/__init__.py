"""Real PostgreSQL and Valkey from wheels, run by us when nobody configured any (docs/decisions/0002).

This package is used before Django's settings are loaded, because it is what they will point to.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from engagement_site.embedded.wanted import may_be_made_by, wanted_by
from engagement_site.environment import data_folder

if TYPE_CHECKING:
    from engagement_site.embedded.lifecycle import Server

__all__ = [
    "borrow_addresses",
    "folder_for_tests",
    "leased_here",
    "may_be_made_by",
    "servers",
    "unconfigured",
    "wanted_by",
]

leased_here: "list[Server]" = []  # by this process, now
BASE_DIR = Path(__file__).resolve().parent.parent.parent


@contextmanager
def servers(*, for_tests: bool = False, kept_by_successor: bool = False, only_existing: bool = False) -> Iterator[None]:
    """Run what DATABASE_URL and REDIS_URL do not name, set both for the block, and stop what nobody else uses.

    With `kept_by_successor`, a program this process turns into (exec) goes on with the leases. With `only_existing`,
    no database is made: raises ServerError when there is none in the data folder.
    """
    from engagement_site.embedded.lifecycle import leased

    found = unconfigured(for_tests=for_tests)
    with ExitStack() as stack:
        for server in existing(found) if only_existing else found:
            try:
                url, lease = stack.enter_context(leased(server))
            except KeyboardInterrupt:
                sys.exit(130)  # nothing has been started yet that would need to be stopped
            leased_here.append(server)
            stack.callback(leased_here.remove, server)
            os.set_inheritable(lease, kept_by_successor)
            os.environ[server.kind.VARIABLE] = url
            stack.callback(os.environ.pop, server.kind.VARIABLE, None)
        yield


def borrow_addresses() -> None:
    """Set the addresses that the environment does not give to where servers of ours last were; start none.

    For a command that has to answer while a server hangs or is being started. Nothing keeps a server for it. Raises
    ServerError when no database was ever made.
    """
    from engagement_site.embedded.lifecycle import address

    for server in existing(unconfigured()):
        with suppress(OSError):
            if last := address(server):
                os.environ[server.kind.VARIABLE] = last


def unconfigured(*, for_tests: bool = False) -> "list[Server]":
    """Return the servers whose addresses the environment does not give."""
    from engagement_site.embedded import postgresql, valkey
    from engagement_site.embedded.lifecycle import Server

    kinds = [kind for kind in (postgresql, valkey) if not os.environ.get(kind.VARIABLE)]
    return [Server(kind, data_folder(BASE_DIR), for_tests=for_tests) for kind in kinds]


def existing(found: "list[Server]") -> "list[Server]":
    """Return the servers an earlier `make run` made. Raises ServerError when its database is not there.

    Valkey keeps no data. With a database of another kind, its address is needed only while `make run` keeps it up.
    """
    from engagement_site.embedded import places, postgresql
    from engagement_site.embedded.errors import no_database

    if any(server.kind is postgresql for server in found):
        folder = data_folder(BASE_DIR)
        if not places.have_database(folder):
            raise no_database(folder)
        return found
    return [server for server in found if server.is_up]


def folder_for_tests() -> Path:
    """Return the data folder of the tests: apart, so that they can run beside a Rapport that is up."""
    return data_folder(BASE_DIR) / "test"
