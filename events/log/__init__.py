"""The event log: how events are stored, counted, withdrawn and told again."""
