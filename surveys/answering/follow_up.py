"""Following up answers: closing and reopening them, and tagging comments with themes."""

from datetime import datetime

from staff.models import User
from surveys.models import Answer, Theme

LONGEST_NOTE = 500


def close(answer: Answer, *, note: str, by: User | None, now: datetime) -> bool:
    """Close the follow-up with a note of what was done; return whether it was open until now.

    Of two colleagues at once, one closes it. `by` None: the company's own API key. One query.
    """
    rows = _row(answer).filter(closed_at=None)
    return bool(rows.update(closed_at=now, closed_by=by, closed_note=note[:LONGEST_NOTE]))


def reopen(answer: Answer) -> None:
    """Open the follow-up again and forget who closed it. Idempotent. One query."""
    _row(answer).exclude(closed_at=None).update(closed_at=None, closed_by=None, closed_note="")


def tag(answer: Answer, theme: Theme, *, remove: bool = False) -> None:
    """Put a theme on a comment, or take it off. One query."""
    kept = {name for name in answer.themes if name != theme.name}
    _row(answer).update(themes=sorted(kept if remove else {*kept, theme.name}))


def _row(answer: Answer):  # type: ignore[no-untyped-def] # a queryset
    return Answer.objects.filter(customer_id=answer.customer_id, id=answer.id)
