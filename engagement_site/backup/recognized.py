"""Whether the database is the one to back up: Rapport's, of this version, with somebody in it."""

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from engagement_site.backup import contents

ASK = "Is DATABASE_URL the right one? On a server, use `rapport backup`, which reads the settings."


class WrongDatabase(Exception):
    """Why this database is not backed up; nothing was written."""


def check() -> None:
    """Raise WrongDatabase unless a dump of this database could be restored and used with this program."""
    name = connection.settings_dict["NAME"]
    tables = contents.tables()
    if not tables:
        raise WrongDatabase(f"The database {name} is empty: there is nothing to back up. {ASK}")
    if not {"customers_customer", "django_migrations", "staff_user"} <= set(tables):
        raise WrongDatabase(f"The database {name} is not one of Rapport: it has no table of customers. {ASK}")
    _check_version(name)
    if not get_user_model().objects.exists():
        raise WrongDatabase(f"The database {name} is an empty Rapport, in which nobody can sign in. {ASK}")


def _check_version(name: str) -> None:
    loader = MigrationLoader(connection)
    if behind := [node for node in loader.graph.leaf_nodes() if node not in loader.applied_migrations]:
        raise WrongDatabase(
            f"The database {name} is of an earlier version than this program: {_said(behind)} is missing. Back it up "
            "with the program it belongs to, or run `prepare` first."
        )
    known = set(loader.disk_migrations)
    known.update(old for migration in loader.disk_migrations.values() for old in migration.replaces)
    if ahead := [node for node in loader.applied_migrations if node[0] in loader.migrated_apps and node not in known]:
        raise WrongDatabase(
            f"The database {name} is of a later version than this program, which does not know {_said(ahead)}. Back it "
            "up with the program it belongs to."
        )


def _said(nodes: list[tuple[str, str]]) -> str:
    return ".".join(min(nodes))
