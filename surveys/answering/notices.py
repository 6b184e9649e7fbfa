"""Owners are told of unhappy answers of their customers, as long as these wait for somebody to follow up."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import notices
from core.models import NoticeSubject
from core.notices import Subject
from core.notices.kinds import Thing
from customers.models import Customer
from staff.models import User
from surveys.models import Answer

KIND = "unhappy-answer"


def tell(answers: Collection[Answer], *, now: datetime) -> None:
    """Tell the owners of these answers' customers, in the caller's transaction: one notice each. Five queries at most.

    Told again, as when a person changes an answer, nothing is added.
    """
    if not answers:
        return
    customers = Customer.objects.filter(pk__in={answer.customer_id for answer in answers})
    owners = {pk: {*those} - {None} for pk, *those in customers.values_list("pk", "owner_id", "second_owner_id")}
    told: dict[int, list[Subject]] = defaultdict(list)
    for answer in answers:
        for owner in owners.get(answer.customer_id, ()):
            told[owner].append(Subject(answer.customer_id, str(answer.id)))
    # The answers themselves name what was written at once.
    notices.tell(KIND, told, key=f"{KIND}:{min(str(answer.id) for answer in answers)}", by=None, now=now)


class UnhappyAnswers:
    """The kind of notice (settings.NOTICES)."""

    label = gettext_lazy("Unhappy answers from my customers")

    def visible(self, subjects: QuerySet[NoticeSubject], person: User) -> QuerySet[NoticeSubject]:
        waiting = Answer.objects.visible_to(person).to_follow_up().owned_by(person)
        # Ids as texts: what another kind keeps as its item may be no UUID.
        named = waiting.annotate(name=Cast("id", TextField()))
        return subjects.filter(Exists(named.filter(customer=OuterRef("about"), name=OuterRef("item"))))

    def things(self, subjects: Sequence[NoticeSubject]) -> dict[int, Thing]:
        """Name the customer, not who answered: the page says that, to whoever may read it."""
        names = dict(Customer.objects.filter(pk__in={row.about for row in subjects}).values_list("pk", "name"))
        inbox = reverse("surveys:inbox")
        return {row.pk: Thing(names[row.about], inbox) for row in subjects if row.about in names}

    def one(self, name: str, by: str) -> str:
        return _("Unhappy answer from %(customer)s") % {"customer": name}

    def many(self, count: int, by: str) -> str:
        text = ngettext(
            "%(count)s unhappy answer from your customers", "%(count)s unhappy answers from your customers", count
        )
        return text % {"count": count}
