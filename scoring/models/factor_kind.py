"""The labels of the health factors."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FactorKind(models.TextChoices):
    """What pages call each factor of `scoring.engine.factors`, in the order in which they offer them."""

    ENGAGEMENT = "engagement", _("Engagement")
    ENGAGEMENT_TREND = "engagement_trend", _("Engagement trend")
    KEY_ACTIONS = "key_actions", _("Breadth of key actions")
    ACTIVE_CONTACTS = "active_contacts", _("Share of active contacts")
    DAYS_SINCE_ACTIVITY = "days_since_activity", _("Days since last activity")
    PURCHASES = "purchases", _("Number of purchases")
    PURCHASE_VALUE = "purchase_value", _("Average value of a purchase")
    DAYS_SINCE_TOUCH = "days_since_touch", _("Days since last touch by staff")
    PULSE = "pulse", _("Pulse")
    NPS = "nps", _("NPS answer")
    CSAT = "csat", _("Satisfaction answer (CSAT)")
    EFFORT = "effort", _("Effort answer (CES 2.0)")
    OPEN_TICKETS = "open_tickets", _("Open tickets")
    OLDEST_TICKET = "oldest_ticket", _("Days the oldest ticket is open")
    FIRST_RESPONSE = "first_response", _("Hours until the first response")
    OVERDUE = "overdue", _("Overdue invoices")
    MRR_CHANGE = "mrr_change", _("Change of monthly revenue")
    ATTRIBUTE = "attribute", _("Attribute of the customer")
