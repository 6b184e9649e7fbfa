from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """What one colleague is told of one act: its kind and, in NoticeSubject, what it is about. Ids only, no words.

    The words are made when it is shown (core.notices.kinds), so a name that is erased stands nowhere here.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="notices"
    )
    kind = models.CharField(max_length=40, help_text="A name in settings.NOTICES")
    key = models.CharField(max_length=200, help_text="Names the act: told again, it is the same notice")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", help_text="None: no colleague"
    )
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True)
    is_read = models.GeneratedField(
        expression=Q(read_at__isnull=False),  # type: ignore[arg-type] # a Q will do
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects: ClassVar[models.Manager["Notice"]] = models.Manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_notice_per_person_and_act"),
        ]
        indexes = [
            # In the order of the page; its beginning is what the bell counts.
            models.Index(fields=["person", "is_read", "-at", "-id"], name="notice_by_person"),
            models.Index(fields=["at"], name="notice_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class NoticeSubject(models.Model):
    """One thing a notice is about: `about` is what decides who may see it, mostly a customer; `item` a thing of it."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, db_index=False, related_name="subjects")
    # The notice's own, so that one index can refuse what somebody has not read yet. It goes with the notice.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=40)
    about = models.BigIntegerField()
    item = models.CharField(max_length=64, blank=True)
    is_unread = models.BooleanField(default=True)

    objects: ClassVar[models.Manager["NoticeSubject"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "about", "item"], name="one_subject_per_notice"),
            models.UniqueConstraint(
                fields=["person", "kind", "about", "item"],
                condition=Q(is_unread=True),
                name="unread_subjects_do_not_pile_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about} {self.item}".strip()


class NoticeMute(models.Model):
    """A kind that a colleague does not want to be told of."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="muted_notices"
    )
    kind = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="a_kind_is_muted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
