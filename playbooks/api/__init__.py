"""Tasks, for programs."""
