"""Events and their types, to read. They are written at the ingestion addresses (docs/integrate/events.md)."""
