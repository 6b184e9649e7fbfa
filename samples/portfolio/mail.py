"""What happens to the mail we send: opened, clicked, bounced."""

from samples.portfolio.habits import Counts
from samples.portfolio.life import Life
from samples.portfolio.spec import Portfolio, Stream

_CLICKED_SHARE = 0.3  # of the opened
_BOUNCED_SHARE = 0.012


def counts(portfolio: Portfolio, index: int, life: Life, sent: Counts) -> Counts:
    """Draw from the mails of each day how many were opened, clicked or bounced. Quiet customers open nothing."""
    random = portfolio.random(index, Stream.MAIL)
    mails = sent["Email sent"]
    opened = random.binomial(mails, random.beta(2.5, 3.5))
    opened[life.quiet_from : life.quiet_to] = 0
    return {
        "Email opened": opened,
        "Email clicked": random.binomial(opened, _CLICKED_SHARE),
        "Email bounced": random.binomial(mails - opened, _BOUNCED_SHARE),
    }
