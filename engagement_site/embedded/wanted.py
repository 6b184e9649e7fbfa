"""Which management commands need embedded servers around them, and which may make them."""

import os
from collections.abc import Sequence

from engagement_site.environment import env
from engagement_site.running import address

WITHOUT_DATABASE = {
    "help",
    "version",
    "diffsettings",
    "collectstatic",
    "findstatic",
    "makemessages",
    "compilemessages",
    "startapp",
    "startproject",
}


def wanted_by(argv: Sequence[str]) -> bool:
    """Tell whether the command (`argv` as in sys.argv) needs a server nobody configured.

    `makemigrations` does: it compares the migrations with those the database has seen. A `run` whose port is
    taken does not: it will say so and end.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return False
    command, options = (argv[1], argv[2:]) if len(argv) > 1 else ("help", [])
    if command.startswith("-") or "--help" in options or "-h" in options:
        return False
    if command == "check":
        return any(option == "--database" or option.startswith("--database=") for option in options)
    if command == "run":
        return address.port_problem(address.chosen()) is None
    return command not in WITHOUT_DATABASE


def may_be_made_by(argv: Sequence[str]) -> bool:
    """Tell whether the command may make servers where there are none: `run`, or any with RAPPORT_EMBEDDED=on.

    All others stop instead. On a server whose settings were not read, they would work on a new, empty database, and
    a backup of it would succeed.
    """
    return argv[1:2] == ["run"] or env.flag("RAPPORT_EMBEDDED", False)
