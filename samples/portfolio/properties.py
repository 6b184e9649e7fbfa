"""Properties of each type of event: pages, amounts, ticket numbers, survey scores."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samples.portfolio import churn
from samples.portfolio.chapter import Chapter
from samples.portfolio.people import Person

Properties = dict[str, Any]

PAGES = ("Home", "Pricing", "Documentation", "Release notes", "Customer stories", "Integrations", "Blog")
SCREENS = ("Today", "Schedule", "Team", "Approvals", "Notifications")
FORMS = ("Contact sales", "Book a demo", "Newsletter", "Request a feature")
CAMPAIGNS = ("Monthly news", "Product tips", "Webinar invitation", "What is new", "Year in review")
FEATURES = ("Schedule", "Capacity view", "Budget", "Time sheets", "Approvals", "Forecast", "Templates")
REPORTS = ("Capacity", "Budget", "Utilisation", "Milestones", "Absences")
INTEGRATIONS = ("Calendar", "Chat", "Accounting", "Single sign-on", "Spreadsheet export", "Issue tracker")
TRAININGS = ("First steps", "Planning for leads", "Reporting", "Administration")
MEETINGS = ("Kick-off", "Monthly review", "Quarterly business review", "Workshop")
ADD_ONS = ("Extra storage", "Forecasting", "Audit log", "Sandbox")
ORDERS = ("Onboarding day", "Data import", "Consulting hours", "Wall display")
ARTICLES = ("Import projects", "Time zones", "Reset a password", "Why is my plan late?", "Export to PDF")
SUBJECTS = ("Cannot sign in", "Import fails", "Wrong totals", "Slow page", "Question about an invoice")
NETWORKS = ("LinkedIn", "Mastodon", "YouTube", "Bluesky")
NOTES = ("Called, all well", "Wants a better export", "Asked about the roadmap", "Budget under review")

_USUAL_ODDS, _SPREAD_OF_ODDS = -0.9, 1.5  # of Σ weight × sum over customers: what mood is measured against


@dataclass(frozen=True, slots=True)
class Moment:
    """One event about to be written: `before` counts those before it by type, `u` and `v` are chances in 0..1."""

    chapter: Chapter
    name: str
    day: int
    person: Person | None
    before: Counter[str]
    u: float
    v: float

    def pick(self, options: Sequence[str]) -> str:
        return options[int(self.u * len(options))]

    def money(self, low: float, high: float) -> Properties:
        return {"total": round(low + (high - low) * self.v), "currency": self.chapter.company.currency}


def for_moment(moment: Moment) -> Properties:
    return _BY_TYPE.get(moment.name, _nothing)(moment)


def _nothing(_moment: Moment) -> Properties:
    return {}


def _named(key: str, options: Sequence[str]) -> Callable[[Moment], Properties]:
    return lambda moment: {key: moment.pick(options)}


def _invoice(moment: Moment) -> Properties:
    """Name the month's sum. Failed and overdue ones say it as `amount`: no money came, so it is no value."""
    due = [state.mrr for state in moment.chapter.states if state.mrr and state.day <= moment.day]
    properties = {"currency": moment.chapter.company.currency, "invoice": moment.before["Invoice paid"] + 1}
    return {"total" if moment.name == "Invoice paid" else "amount": float(due[-1]) if due else 0.0, **properties}


def _ticket(moment: Moment) -> Properties:
    """Name the ticket: the newest escalates, the oldest is solved first."""
    opened = moment.before["Ticket opened"]
    numbers = {
        "Ticket opened": opened + 1,
        "Ticket escalated": max(1, opened),
        "Ticket solved": moment.before["Ticket solved"] + 1,
    }
    properties: Properties = {"ticket": f"T-{moment.chapter.story.index:05}-{numbers[moment.name]}"}
    return properties | ({"subject": moment.pick(SUBJECTS)} if moment.name == "Ticket opened" else {})


def _survey(moment: Moment) -> Properties:
    """Answer as a customer in this mood would: the nearer to leaving, the lower."""
    # The first close with a whole window.
    close = np.array([max(moment.day, churn.WINDOW - 1)])
    odds = float((churn.decayed_sums(moment.chapter.story.counts, close) @ churn.WEIGHTS)[0])
    mood = (_USUAL_ODDS - odds) / _SPREAD_OF_ODDS + 2 * (moment.v - 0.5)
    if moment.u < 0.5:
        return {"survey": "nps", "score": _clamp(7.6 + 1.3 * mood, 0, 10), "scale": "0-10"}
    if moment.u < 0.8:
        return {"survey": "csat", "score": _clamp(3.9 + 0.7 * mood, 1, 5), "scale": "1-5"}
    return {"survey": "effort", "score": _clamp(5.2 + 1.0 * mood, 1, 7), "scale": "1-7"}


def _clamp(score: float, low: int, high: int) -> int:
    return min(high, max(low, round(score)))


def _champion(moment: Moment) -> Properties:
    left = [person.name for person in moment.chapter.people if person.until == moment.day]
    return {"name": left[0]} if left else {}


_BY_TYPE: dict[str, Callable[[Moment], Properties]] = {
    "Page viewed": _named("name", PAGES),
    "Form submitted": _named("form", FORMS),
    "Webinar attended": _named("title", TRAININGS),
    **{f"Email {act}": _named("campaign", CAMPAIGNS) for act in ("sent", "opened", "clicked", "unsubscribed")},
    "Email bounced": lambda moment: {"reason": "mailbox full" if moment.u < 0.7 else "no such mailbox"},
    **{name: _named("network", NETWORKS) for name in ("Post seen", "Post shared", "Company mentioned")},
    "Screen viewed": _named("name", SCREENS),
    "Feature used": _named("feature", FEATURES),
    "Report created": _named("report", REPORTS),
    "Dashboard exported": lambda moment: {"format": "PDF" if moment.u < 0.6 else "XLSX"},
    "Integration connected": _named("integration", INTEGRATIONS),
    "Training attended": _named("training", TRAININGS),
    "Meeting held": _named("meeting", MEETINGS),
    "Order completed": lambda moment: {"order": moment.pick(ORDERS), **moment.money(150, 2_500)},
    "Order cancelled": lambda moment: {"order": moment.pick(ORDERS), **moment.money(150, 2_500)},
    "Add-on bought": lambda moment: {"add_on": moment.pick(ADD_ONS), **moment.money(20, 400)},
    "Article viewed": _named("article", ARTICLES),
    **dict.fromkeys(("Ticket opened", "Ticket escalated", "Ticket solved"), _ticket),
    **dict.fromkeys(("Invoice paid", "Invoice overdue", "Payment failed"), _invoice),
    "Survey answered": _survey,
    "Note logged": _named("note", NOTES),
    "Champion left": _champion,
}
