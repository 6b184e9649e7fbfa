"""The event types every installation starts with, on all eleven channels. Admins change and add to them.

Names are keys: events, the API and files hold them in English, and only pages translate them (`label`).
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from events.models import Channel, EventType


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    channel: Channel
    is_activity: bool = True
    is_key_action: bool = False
    is_touch: bool = False
    is_intervention: bool = False
    is_purchase: bool = False


CATALOGUE = (
    Entry(_("Page viewed"), Channel.WEB),
    Entry(_("Form submitted"), Channel.WEB),
    Entry(_("Webinar attended"), Channel.WEB),
    Entry(_("Email sent"), Channel.EMAIL, is_activity=False),
    Entry(_("Email opened"), Channel.EMAIL, is_activity=False),
    Entry(_("Email clicked"), Channel.EMAIL),
    Entry(_("Email unsubscribed"), Channel.EMAIL),
    Entry(_("Email bounced"), Channel.EMAIL, is_activity=False),
    Entry(_("Post seen"), Channel.SOCIAL, is_activity=False),
    Entry(_("Post shared"), Channel.SOCIAL),
    Entry(_("Company mentioned"), Channel.SOCIAL),
    Entry(_("Screen viewed"), Channel.MOBILE),
    Entry(_("Push opened"), Channel.MOBILE),
    Entry(_("Signed in"), Channel.PRODUCT),
    Entry(_("Feature used"), Channel.PRODUCT),
    Entry(_("Report created"), Channel.PRODUCT, is_key_action=True),
    Entry(_("Integration connected"), Channel.PRODUCT, is_key_action=True),
    Entry(_("Teammate invited"), Channel.PRODUCT, is_key_action=True),
    Entry(_("Teammate removed"), Channel.PRODUCT),
    Entry(_("Training attended"), Channel.IN_PERSON),
    Entry(_("Meeting held"), Channel.IN_PERSON, is_touch=True, is_intervention=True),
    Entry(_("Order completed"), Channel.PURCHASE, is_key_action=True, is_purchase=True),
    Entry(_("Order cancelled"), Channel.PURCHASE),
    Entry(_("Add-on bought"), Channel.PURCHASE, is_key_action=True, is_purchase=True),
    Entry(_("Ticket opened"), Channel.SUPPORT),
    Entry(_("Ticket escalated"), Channel.SUPPORT),
    Entry(_("Ticket solved"), Channel.SUPPORT, is_activity=False),
    Entry(_("Article viewed"), Channel.SUPPORT),
    Entry(_("Invoice issued"), Channel.BILLING, is_activity=False),
    Entry(_("Invoice paid"), Channel.BILLING, is_activity=False),
    Entry(_("Invoice overdue"), Channel.BILLING, is_activity=False),
    Entry(_("Payment failed"), Channel.BILLING, is_activity=False),
    Entry(_("Price raised"), Channel.BILLING, is_activity=False),
    Entry(_("Survey answered"), Channel.SURVEY),
    Entry(_("Contract signed"), Channel.CRM, is_activity=False),
    Entry(_("Note logged"), Channel.CRM, is_activity=False),
    Entry(_("Call logged"), Channel.CRM, is_activity=False, is_touch=True, is_intervention=True),
    Entry(_("Email logged"), Channel.CRM, is_activity=False, is_touch=True, is_intervention=True),
    Entry(_("Task done"), Channel.CRM, is_activity=False, is_intervention=True),
    Entry(_("Task done: call"), Channel.CRM, is_activity=False, is_touch=True, is_intervention=True),
    Entry(_("Task done: meeting"), Channel.CRM, is_activity=False, is_touch=True, is_intervention=True),
    Entry(_("Task done: email"), Channel.CRM, is_activity=False, is_touch=True, is_intervention=True),
    Entry(_("Champion left"), Channel.CRM, is_activity=False),
    Entry(_("Trial started"), Channel.CRM, is_activity=False),
    Entry(_("Trial converted"), Channel.CRM, is_activity=False),
    Entry(_("Subscription cancelled"), Channel.CRM, is_activity=False),
)
# What records, surveys and page calls tell: their events come in under these names, whatever becomes of the types.
TOLD_BY_US = frozenset(
    {
        "Page viewed", "Screen viewed", "Email unsubscribed", "Meeting held", "Ticket opened", "Ticket escalated",
        "Ticket solved", "Invoice issued", "Invoice paid", "Invoice overdue", "Survey answered", "Contract signed",
        "Note logged", "Call logged", "Email logged", "Task done", "Task done: call", "Task done: meeting",
        "Task done: email",
    }
)  # fmt: skip
NAMES = frozenset(entry.name for entry in CATALOGUE)


def label(name: str) -> str:
    """Return an event type's name in the reader's language; one that an admin gave or changed stays as it is."""
    return gettext(name) if name in NAMES else name


def ensure(now: datetime) -> None:
    """Write the types that are missing; those that stand are left as admins have them."""
    EventType.objects.bulk_create(
        [EventType(**asdict(entry), created_at=now) for entry in CATALOGUE],
        # Every `manage.py prepare` calls this; a type of the same name may have been changed by an admin.
        ignore_conflicts=True,
    )
