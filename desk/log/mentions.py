"""Colleagues named in notes as @Name are told, where they may see the customer."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import notices
from core.models import NoticeSubject
from core.notices import Subject
from core.notices.kinds import Thing
from customers.described.assignments import customers_named
from customers.models import Customer
from records.models import Note
from staff.models import Role, User

KIND = "mentioned"


def who_may_see(customer: Customer) -> list[User]:
    """Return the colleagues who can be mentioned about a customer: those who may see it, by name. One query."""
    everything = ~Q(role=Role.CSM, is_limited=True)
    own = Q(pk__in=[pk for pk in (customer.owner_id, customer.second_owner_id) if pk])
    team = Q(teams=customer.team_id) if customer.team_id else Q(pk__in=[])
    return list(User.objects.filter(everything | own | team, is_active=True).distinct().order_by("name", "pk"))


def named(text: str, colleagues: Sequence[User]) -> list[User]:
    """Return whom a text names as @Full Name, or by a first name that only one of them has; in their order. Pure."""
    found = {}
    # Longer names first: @Ann Lee is not @Ann, whoever she is.
    for name, one in sorted(_names(colleagues).items(), key=lambda pair: -len(pair[0])):
        text, times = re.subn(rf"(?<!\w)@{re.escape(name)}(?!\w)", " ", text, flags=re.IGNORECASE)
        if times:
            found[one.pk] = one
    return [one for one in colleagues if one.pk in found]


def tell(customer: Customer, note: Note, *, by: User, now: datetime) -> None:
    """Tell whoever a note mentions, once for each note. Three queries at most, none for a note that has no @."""
    if "@" in note.text and (mentioned := named(note.text, who_may_see(customer))):
        told = {one.pk: [Subject(customer.pk, str(note.id))] for one in mentioned}
        notices.tell(KIND, told, key=f"{KIND}:{note.id}", by=by.pk, now=now)


def _names(colleagues: Sequence[User]) -> dict[str, User]:
    """Return the names that mean one colleague each: whole names, and first names that only one has."""
    whole, first = defaultdict[str, list[User]](list), defaultdict[str, list[User]](list)
    for one in colleagues:
        whole[one.name.strip().casefold()].append(one)
        first[one.name.split(" ")[0].casefold()].append(one)
    return {name: those[0] for names in (first, whole) for name, those in names.items() if name and len(those) == 1}


class Mentioned:
    """The kind of notice (settings.NOTICES). Shown as long as the note is there and the reader may see its customer."""

    label = gettext_lazy("Mentioned in a note")

    def visible(self, subjects: "QuerySet[NoticeSubject]", person: User) -> "QuerySet[NoticeSubject]":
        visible = Note.objects.filter(customer__in=Customer.objects.visible_to(person))
        # Ids as texts: what another kind keeps as its item may be no UUID.
        named = visible.annotate(name=Cast("id", TextField()))
        return subjects.filter(Exists(named.filter(customer=OuterRef("about"), name=OuterRef("item"))))

    def things(self, subjects: Sequence[NoticeSubject]) -> dict[int, Thing]:
        found = customers_named(subjects)
        about = {row.pk: row.about for row in subjects}
        return {pk: Thing(thing.name, reverse("desk:notes", args=[about[pk]])) for pk, thing in found.items()}

    def one(self, name: str, by: str) -> str:
        if by:
            return _("%(by)s mentioned you in a note on %(customer)s") % {"by": by, "customer": name}
        return _("You were mentioned in a note on %(customer)s") % {"customer": name}

    def many(self, count: int, by: str) -> str:
        if by:
            text = ngettext("%(by)s mentioned you in %(count)s note", "%(by)s mentioned you in %(count)s notes", count)
            return text % {"by": by, "count": count}
        text = ngettext("You were mentioned in %(count)s note", "You were mentioned in %(count)s notes", count)
        return text % {"count": count}
