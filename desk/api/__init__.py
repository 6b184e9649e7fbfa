"""Customers, contacts and segments, for programs."""
