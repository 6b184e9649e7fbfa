"""Where one can go and what one can do: what the search knows besides customers and contacts. To add one, add a line.

A place is a page; a verb is a page about one customer, whose name follows the verb's words ("log call globex").
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.names import slips
from core.names.folding import fold
from customers.models import Segment
from staff.models import User

MOST = 16  # places


def _everybody(_user: User) -> bool:
    return True


def _may_act(user: User) -> bool:
    return user.may_act


def _may_lead(user: User) -> bool:
    return user.may_lead


def _is_admin(user: User) -> bool:
    return user.is_staff


@dataclass(frozen=True, slots=True)
class Place:
    """A page. `words`: what else people type for it; `query` may name `{user}`."""

    label: Promise | str
    view: str
    icon: str
    words: Promise | str = ""
    may: Callable[[User], bool] = _everybody
    query: str = ""

    def url(self, user: User) -> str:
        query = self.query.replace("{user}", str(user.pk))
        return f"{reverse(self.view)}?{query}" if query else reverse(self.view)


@dataclass(frozen=True, slots=True)
class Verb:
    """A page about a customer. `label` has a place for the name; `asks`: its address names the customer after a `?`."""

    label: Promise
    view: str
    icon: str
    words: Promise
    may: Callable[[User], bool] = _may_act
    asks: bool = False

    def url(self, customer: int) -> str:
        if self.asks:
            return f"{reverse(self.view)}?customer={customer}"
        return reverse(self.view, args=[customer])


CUSTOMERS, AT_RISK = "desk:customers", "desk:at-risk"
PLACES = (
    Place(_("Today"), "desk:today", "sun", _("start, round, morning")),
    Place(_("Portfolio"), "desk:portfolio", "chart-pie", _("totals, revenue, book")),
    Place(_("Tasks"), "playbooks:tasks", "list-checks", _("playbooks, to do, next steps")),
    Place(_("Settings"), "desk:settings", "settings", _("set up, company, currency, account")),
    Place(_("New task"), "playbooks:new-task", "plus", _("add, create, to do"), _may_act),
    Place(_("At-risk list"), AT_RISK, "siren", _("risk, urgent")),
    Place(_("My customers at risk"), AT_RISK, "user", _("mine"), query="owner={user}"),
    Place(_("All customers"), CUSTOMERS, "users", _("list, accounts")),
    Place(_("My customers"), CUSTOMERS, "user", _("mine, book"), query="owner={user}"),
    Place(_("All contacts"), "desk:contacts", "contact-round", _("people")),
    Place(_("Add a customer"), "desk:new-customer", "plus", _("new, create"), _may_act),
    Place(_("Upcoming"), "desk:upcoming", "calendar-days", _("later, due")),
    Place(_("Checklists"), "playbooks:checklists", "list-checks", _("playbooks, templates")),
    Place(_("Snoozed customers"), "desk:snoozed", "alarm-clock", _("resting, later")),
    Place(
        _("Customers renewing within 90 days"), CUSTOMERS, "calendar-clock", _("renewal"),
        query="renews_within=90&sort=renewal",
    ),
    Place(_("Biggest drops in engagement"), CUSTOMERS, "trending-down", query="sort=engagement_change_30"),
    Place(_("Customers without an owner"), CUSTOMERS, "user-x", query="owner=none"),
    Place(_("Manage segments"), "desk:segments", "bookmark", _("views, filters")),
    Place(_("Surveys"), "surveys:list", "message-square", _("nps, csat, effort")),
    Place(_("New survey"), "surveys:new", "plus", _("add, create, nps"), _may_lead),
    Place(_("Answers to follow up"), "surveys:inbox", "inbox", _("survey, detractors, unhappy")),
    Place(_("Voice of the customer"), "surveys:voice", "megaphone", _("survey, nps, satisfaction, loyalty")),
    Place(_("Scoring models"), "scoring:models", "sliders-horizontal", _("weights, health, engagement")),
    Place(_("Imports"), "imports:list", "upload", _("files, csv, excel"), _may_lead),
    Place(_("Import a file"), "imports:upload", "upload", _("add, new, csv, excel"), _may_lead),
    Place(_("Notices"), "notices:list", "bell", _("notifications, inbox")),
    Place(_("Duplicates"), "desk:duplicate-customers", "copy", _("merge")),
    Place(_("Export all customers"), "desk:export", "download", _("csv, download"), _may_act),
    Place(_("Export all contacts"), "desk:export-contacts", "download", _("csv, download"), _may_act),
    Place(_("Deleted customers and contacts"), "desk:removed", "trash-2", _("removed, trash"), _may_lead),
    Place(_("Shared ids"), "desk:partings", "split", _("people"), _may_lead),
    Place(_("Corrections"), "desk:corrections", "eraser", _("events"), _is_admin),
    Place(_("What you are told"), "notices:kinds", "bell", _("settings, notices, notifications")),
    Place(_("Get started"), "desk:get-started", "rocket", _("settings, set up, key, first event"), _is_admin),
    Place(_("Company"), "desk:company", "building-2", _("settings, name, logo, colour, sender"), _is_admin),
    Place(_("API keys"), "admin:staff_apikey_changelist", "key-round", _("settings, write keys, sources"), _is_admin),
    Place(_("Sources"), "admin:events_source_changelist", "plug", _("settings, data"), _is_admin),
    Place(_("Rejected messages"), "admin:events_rejected_changelist", "circle-alert", _("settings, events"), _is_admin),
    Place(_("Event types"), "admin:events_eventtype_changelist", "tags", _("settings, weigh"), _is_admin),
    Place(_("Colleagues"), "admin:staff_user_changelist", "users", _("settings, people, invite"), _is_admin),
    Place(_("Teams"), "admin:staff_team_changelist", "users", _("settings, people"), _is_admin),
    Place(_("Texts for notes"), "playbooks:note-templates", "notebook-pen", _("settings, templates"), _may_lead),
    Place(_("Administration"), "admin:index", "wrench", _("settings, rates, attributes"), _is_admin),
    Place(_("Change password"), "staff:password", "key-round", _("settings, account")),
    Place(_("Time zone"), "staff:time-zone", "clock", _("settings, account")),
    Place(_("Calendar"), "playbooks:calendar", "calendar-days", _("settings, account, feed")),
)  # fmt: skip
VERBS = (
    Verb(_("Log a call with %(customer)s"), "desk:new-note", "phone", _("log, call, meeting, note")),
    Verb(_("New task for %(customer)s"), "playbooks:new-task", "list-plus", _("new, task, add"), asks=True),
    Verb(_("Add a contact to %(customer)s"), "desk:new-contact", "user-plus", _("add, new, contact, person")),
    Verb(_("Add a contract of %(customer)s"), "desk:new-contract", "file-plus", _("add, new, contract, renewal")),
    Verb(_("Edit %(customer)s"), "desk:edit-customer", "pencil", _("edit, change, rename")),
)


def places(user: User, text: str) -> list[tuple[Promise | str, str, str]]:
    """Return label, address and icon of the places whose words begin like those typed; all for none. One query."""
    base = reverse(CUSTOMERS)
    known = [(place.label, place.url(user), place.icon, place.words) for place in PLACES if place.may(user)]
    known += [(view.name, f"{base}?{view.as_query}", "bookmark", "") for view in Segment.objects.visible_to(user)]
    found = [(_slips(text, label, words), (label, url, icon)) for label, url, icon, words in known]
    # The sort is stable: what is typed right comes in the order above.
    fitting = sorted(((number, row) for number, row in found if number is not None), key=lambda pair: pair[0])
    return [row for _number, row in fitting][:MOST]


def verbs(user: User, text: str) -> tuple[list[Verb], str]:
    """Return the verbs that the text begins with, and what follows: whom they are about; no verbs when none is meant.

    Of the verbs those that most of the words typed are words of.
    """
    words = text.split()
    counted = [(_begun(words, verb), verb) for verb in VERBS if verb.may(user)]
    most = max((number for number, _verb in counted), default=0)
    if not most or (most == 1 and len(words) == 1):
        return [], ""
    return [verb for number, verb in counted if number == most], " ".join(words[most:])


def _begun(typed: Sequence[str], verb: Verb) -> int:
    """Return how many words, from the first, are words of the verb."""
    own = {*_in_both(verb.words)}
    number = 0
    while number < len(typed) and fold(typed[number]) in own:
        number += 1
    return number


def _slips(text: str, *texts: Promise | str) -> int | None:
    return slips.slips(fold(text).split(), [word for one in texts for word in _in_both(one)])


def _in_both(text: Promise | str) -> list[str]:
    """Return the words of a text, folded, in the reader's language and in English, which documentation speaks."""
    own = fold(str(text))
    with override("en"):
        return [*own.split(), *fold(str(text)).split()]
