"""Scores, for programs: now with what they are made of, each closed day, and who is at risk."""
