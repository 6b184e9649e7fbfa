"""What the admin shows of the machinery (Django looks for it here), and what its pages share."""

from core.admin import machinery, outgoing
from core.admin.parts import FilledIn, ReadOnlyAdmin, ask
from core.admin.replay import ReplayableAdmin, Replayed

__all__ = ["FilledIn", "ReadOnlyAdmin", "ReplayableAdmin", "Replayed", "ask", "machinery", "outgoing"]
