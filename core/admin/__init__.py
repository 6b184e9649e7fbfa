"""The admin of core's own tables (Django looks for it here), and what all admin pages share."""

from core.admin import machinery, outgoing
from core.admin.parts import CLEANED, FilledIn, ReadOnlyAdmin, ask
from core.admin.replay import ReplayableAdmin, Replayed

__all__ = ["CLEANED", "FilledIn", "ReadOnlyAdmin", "ReplayableAdmin", "Replayed", "ask", "machinery", "outgoing"]
