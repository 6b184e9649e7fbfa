"""Notices: what colleagues are told in Rapport itself, behind the bell.

    notices.tell("assigned", {person: [Subject(customer)]}, key=…, by=…, now=…)      # in the deciding transaction

A notice keeps ids, never words: these are made when it is shown, in the reader's language, of what the reader may see
then (settings.NOTICES names who makes them).
"""

from core.notices.reading import mark_all_read, mark_read, mute
from core.notices.telling import Subject, tell

__all__ = ["Subject", "mark_all_read", "mark_read", "mute", "tell"]
