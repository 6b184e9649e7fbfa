"""Events, to read: they are written at the ingestion addresses (docs/integrate/events.md). And their types."""
