"""Who began an import is told when it has ended: they need not watch it."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.models import NoticeSubject
from core.notices.kinds import Thing
from imports.models import Import, State
from staff.models import User


class ImportsEnded:
    """The kind of notice (settings.NOTICES); `Import.tell_ended` tells it."""

    label = gettext_lazy("Imports that I began have ended")

    def visible(self, subjects: QuerySet[NoticeSubject], person: User) -> QuerySet[NoticeSubject]:
        ended = Import.objects.visible_to(person).filter(state__in=[State.DONE, State.FAILED])
        return subjects.filter(about__in=ended.values("pk"))

    def things(self, subjects: Sequence[NoticeSubject]) -> dict[int, Thing]:
        names = dict(Import.objects.filter(pk__in={row.about for row in subjects}).values_list("pk", "file_name"))
        return {
            row.pk: Thing(names[row.about], reverse("imports:detail", args=[row.about]))
            for row in subjects
            if row.about in names
        }

    def one(self, name: str, by: str) -> str:
        return _("The import of “%(file)s” has ended") % {"file": name}

    def many(self, count: int, by: str) -> str:
        """Return the sentence for several, though each is told by itself."""
        return ngettext("%(count)s import has ended", "%(count)s imports have ended", count) % {"count": count}
