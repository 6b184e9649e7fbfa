"""The table of the bare view."""

NAME = "bench_bare"


def create() -> None:
    """Make the table in Django's database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {NAME} (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), body jsonb)")
