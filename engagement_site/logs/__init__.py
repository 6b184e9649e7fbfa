"""Logs: JSON lines or plain ones, each with the id of its request or task, none with a key or token in it."""
