import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db.search import SearchField, trigrams
from core.spread import OnErase, OnMerge
from customers.models import Contact, Customer
from staff.models import User
from surveys import kinds
from surveys.models.invitation import OfCustomers, Via
from surveys.models.survey import Survey


class AnswerQuerySet(OfCustomers):
    def named(self) -> Self:
        """Leave out confidential answers: nobody sees such an answer by itself."""
        return self.filter(survey__is_confidential=False)

    def to_follow_up(self) -> Self:
        """Keep unhappy answers nobody has followed up yet, of customers who are known and so can be called."""
        return self.named().filter(needs_care=True, closed_at=None, customer__provisional=False)

    def owned_by(self, user: User) -> Self:
        """Keep the answers of the colleague's customers, as first or second owner."""
        return self.filter(Q(customer__owner=user) | Q(customer__second_owner=user))


class Answer(models.Model):
    """One contact's answer to one survey, as it stands now. It has the id of its invitation."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    # No index of its own: the primary key begins with it.
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_index=False, related_name="answers")
    id = models.UUIDField(default=uuid.uuid4)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, db_index=False, related_name="answers")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=10, help_text="The survey's, so that inputs need no join")
    score = models.SmallIntegerField(_("score"), null=True, help_text="On the kind's scale; CXI: −4 to 4")
    group = models.CharField(_("group"), max_length=12, choices=kinds.group_choices, blank=True)
    marks = models.JSONField(_("answers"), default=dict, help_text="question key → number, text, or list of texts")
    comment = models.TextField(_("comment"), blank=True)
    search = SearchField("comment")  # core/db/search.py
    themes = ArrayField(models.CharField(max_length=50), verbose_name=_("themes"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    via = models.CharField(_("by"), max_length=10, choices=Via.choices)
    answered_at = models.DateTimeField(_("answered"))
    changed_at = models.DateTimeField(_("changed"), null=True)
    is_hasty = models.BooleanField(default=False, help_text="Less than 5 seconds after it was sent: a machine, perhaps")
    needs_care = models.BooleanField(default=False, help_text="A detractor, dissatisfied, or it was hard for them")
    closed_at = models.DateTimeField(_("follow-up closed"), null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_note = models.CharField(_("what was done"), max_length=500, blank=True)

    on_merge: ClassVar = OnMerge.MOVE
    on_erase: ClassVar = OnErase.ANONYMISE

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(condition=Q(via__in=Via.values), name="answer_via_is_known"),
            # When, by whom and what was done are one fact. `closed_by` may be empty all the same: the company's own
            # API key acts for nobody, and a colleague's account may be deleted.
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(closed_by=None, closed_note=""),
                name="what_closed_an_answer_has_a_time",
            ),
        ]
        indexes = [
            # In the order of the lists, so that a page reads no more rows than it shows.
            models.Index(fields=["survey", "-answered_at", "id"], name="answer_of_a_survey"),
            models.Index(fields=["customer", "-answered_at", "id"], name="answer_of_a_customer"),
            models.Index(
                # Only open ones: the inbox stays small however many answers there are.
                fields=["-answered_at"],
                condition=Q(needs_care=True, closed_at=None),
                name="answer_waiting_for_care",
            ),
            trigrams("search", "answer_search_trigrams"),
            GinIndex(fields=["themes"], name="answer_by_theme"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.score}"


class Revision(models.Model):
    """What an answer said before it was changed."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_index=False, related_name="+")
    id = models.UUIDField(default=uuid.uuid4)
    answer_id = models.UUIDField()
    at = models.DateTimeField(help_text="Until when it said so")
    score = models.SmallIntegerField(null=True)
    marks = models.JSONField(default=dict)

    on_merge: ClassVar = OnMerge.MOVE
    on_erase: ClassVar = OnErase.DELETE

    objects = OfCustomers.as_manager()

    class Meta:
        indexes = [models.Index(fields=["customer", "answer_id", "at"], name="revision_of_an_answer")]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.at}"
