"""Personal links: 160 random bits, stored as a hash, bound to one invitation of one survey."""

import hashlib
import secrets
from datetime import datetime, timedelta

from surveys.models import Invitation, Token

LIVES = timedelta(days=90)  # twice as long as a reminder may come after its invitation
LONGEST = 64  # characters: longer texts are no tokens, and are not hashed


def make(invitation: Invitation, *, now: datetime) -> str:
    """Return a new link's token, which cannot be had again. One query."""
    token = secrets.token_urlsafe(20)
    Token.objects.create(
        hash=hashed(token),
        customer_id=invitation.customer_id,
        invitation_id=invitation.id,
        survey_id=invitation.survey_id,
        expires_at=now + LIVES,
    )
    return token


def find(token: str, *, now: datetime | None) -> Invitation | None:
    """Return the invitation a link leads to, with its survey and contact; None for any other text. Two queries.

    `now` refuses what has expired; None accepts it too, because a contact may opt out at any time.
    """
    if len(token) > LONGEST:
        return None
    row = Token.objects.filter(hash=hashed(token)).first()
    if row is None or (now is not None and row.expires_at <= now):
        return None
    invitations = Invitation.objects.select_related("survey", "contact").defer("contact__traits")
    invitation: Invitation | None = invitations.filter(
        customer_id=row.customer_id, id=row.invitation_id, survey_id=row.survey_id
    ).first()
    return invitation


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
