"""Indexes that migrations make beside writers, and make again where they were cut off."""

from typing import Any

from django.contrib.postgres import operations

_FOUND = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"


class AddIndexConcurrently(operations.AddIndexConcurrently):
    """Django's, which may be repeated: what stands already is left, what was left half made is made anew."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        quoted = schema_editor.quote_name(self.index.name)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_FOUND, [quoted])
            found = cursor.fetchone()
        if found == (True,):
            return
        if found is not None:
            schema_editor.execute(f"DROP INDEX CONCURRENTLY {quoted}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)
