"""What a management command says when the database cannot be used, in place of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """End with one sentence when the database does not answer, or lacks tables of this version.

    Every other error goes on as it is: its traceback is needed.
    """
    from django.db import OperationalError, ProgrammingError

    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        sentence = _sentence(isinstance(error, OperationalError))
        if sentence is None:
            raise
        raise SystemExit(sentence) from error


def _sentence(may_be_away: bool) -> str | None:
    from django.db import connection

    from engagement_site.health import schema
    from engagement_site.running import outside

    connection.close()  # it may be in the middle of a transaction that failed
    if may_be_away:
        return outside.database_problem()
    if schema.is_migrated():
        return None
    return (
        f"The database {connection.settings_dict['NAME']} does not have the tables of this version. If it is the right "
        "one (DATABASE_URL), run `prepare`: `rapport prepare` on a server, else `.venv/bin/python manage.py prepare`."
    )
