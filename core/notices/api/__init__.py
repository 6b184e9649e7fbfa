"""Notices for programs that act as a colleague: read, and marked as read."""
