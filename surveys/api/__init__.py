"""Surveys for programs: made, sent, answered and read."""
