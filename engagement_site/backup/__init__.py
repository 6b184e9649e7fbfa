"""Backup and restore: a dump, its checksum, and what was in it, read in the same snapshot."""
