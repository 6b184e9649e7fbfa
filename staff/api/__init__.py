"""Colleagues and teams, which other endpoints refer to by id; authentication and permissions of every endpoint."""
