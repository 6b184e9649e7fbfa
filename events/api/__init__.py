"""Events and their types, to read. They are written at the ingestion addresses (docs/ingestion.md)."""
