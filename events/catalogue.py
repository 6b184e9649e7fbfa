"""The event types every installation starts with, on all eleven channels. Admins change and add to them."""

from dataclasses import asdict, dataclass
from datetime import datetime

from events.models import Channel, EventType


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    channel: Channel
    is_activity: bool = True
    is_key_action: bool = False
    is_touch: bool = False
    is_purchase: bool = False


CATALOGUE = (
    Entry(EventType.PAGE_VIEWED, Channel.WEB),
    Entry("Form submitted", Channel.WEB),
    Entry("Webinar attended", Channel.WEB),
    Entry("Email sent", Channel.EMAIL, is_activity=False),
    Entry("Email opened", Channel.EMAIL, is_activity=False),
    Entry("Email clicked", Channel.EMAIL),
    Entry("Email unsubscribed", Channel.EMAIL),
    Entry("Email bounced", Channel.EMAIL, is_activity=False),
    Entry("Post seen", Channel.SOCIAL, is_activity=False),
    Entry("Post shared", Channel.SOCIAL),
    Entry("Company mentioned", Channel.SOCIAL),
    Entry(EventType.SCREEN_VIEWED, Channel.MOBILE),
    Entry("Push opened", Channel.MOBILE),
    Entry("Signed in", Channel.PRODUCT),
    Entry("Feature used", Channel.PRODUCT),
    Entry("Report created", Channel.PRODUCT, is_key_action=True),
    Entry("Integration connected", Channel.PRODUCT, is_key_action=True),
    Entry("Teammate invited", Channel.PRODUCT, is_key_action=True),
    Entry("Teammate removed", Channel.PRODUCT),
    Entry("Training attended", Channel.IN_PERSON),
    Entry("Meeting held", Channel.IN_PERSON, is_touch=True),
    Entry("Order completed", Channel.PURCHASE, is_key_action=True, is_purchase=True),
    Entry("Order cancelled", Channel.PURCHASE),
    Entry("Add-on bought", Channel.PURCHASE, is_key_action=True, is_purchase=True),
    Entry("Ticket opened", Channel.SUPPORT),
    Entry("Ticket escalated", Channel.SUPPORT),
    Entry("Ticket solved", Channel.SUPPORT, is_activity=False),
    Entry("Article viewed", Channel.SUPPORT),
    Entry("Invoice issued", Channel.BILLING, is_activity=False),
    Entry("Invoice paid", Channel.BILLING, is_activity=False),
    Entry("Invoice overdue", Channel.BILLING, is_activity=False),
    Entry("Payment failed", Channel.BILLING, is_activity=False),
    Entry("Price raised", Channel.BILLING, is_activity=False),
    Entry("Survey answered", Channel.SURVEY),
    Entry("Contract signed", Channel.CRM, is_activity=False),
    Entry("Note logged", Channel.CRM, is_activity=False),
    Entry("Call logged", Channel.CRM, is_activity=False, is_touch=True),
    Entry("Champion left", Channel.CRM, is_activity=False),
    Entry("Trial started", Channel.CRM, is_activity=False),
    Entry("Trial converted", Channel.CRM, is_activity=False),
    Entry("Subscription cancelled", Channel.CRM, is_activity=False),
)


def ensure(now: datetime) -> None:
    """Write the types that are missing; those that stand are left as admins have them."""
    EventType.objects.bulk_create(
        [EventType(**asdict(entry), created_at=now) for entry in CATALOGUE],
        ignore_conflicts=True,
    )
