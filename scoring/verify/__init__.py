"""Derive every stored count and score again from the log, and list what differs. See `scoring.verify.check`."""

from scoring.verify.check import check
from scoring.verify.report import Difference, Report

__all__ = ["Difference", "Report", "check"]
