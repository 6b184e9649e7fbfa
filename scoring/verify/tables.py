"""The same queries as scores are made by, over the log: derived without any stored count."""

from events.log.counts import ACTIVE_DAYS_OF_LOG, COUNTS_OF_LOG
from scoring.inputs import read

LOG = read.Tables(
    counts=f"({COUNTS_OF_LOG.format(where='TRUE')}) AS log",
    actives=f"({ACTIVE_DAYS_OF_LOG.format(where='TRUE')}) AS log",
)
