"""What the pages that make and send surveys are opened with."""

from typing import Any

from surveys import making
from surveys.models import Wave
from tests.conftest import NOW

OF_DRAFTS = ("start", "delete")
OF_RUNNING = ("close", "new-version", "send")
OF_ANY = ("survey", "edit", "preview")
POSTED = ("copy", "test")


def pages() -> dict[str, dict[str, dict[str, Any]]]:
    draft = making.create("csat", now=NOW, by=None).pk
    running = making.start(making.create("effort", now=NOW, by=None), now=NOW)
    wave = Wave.objects.create(survey=running, starts_at=NOW).pk
    nobody = {"of nobody": {"pk": 999_999}}
    spoken = {"": {"pk": draft, "language": "fr"}, "of nobody": {"pk": 999_999, "language": "fr"}}
    mails = {what: {**parts, "which": "reminder"} for what, parts in spoken.items()}
    return {
        **{f"surveys:{name}": {"": {"pk": draft}, **nobody} for name in OF_DRAFTS},
        **{f"surveys:{name}": {"": {"pk": running.pk}, **nobody} for name in OF_RUNNING},
        **{f"surveys:{name}": {"": {"pk": running.pk}, "a draft": {"pk": draft}, **nobody} for name in OF_ANY},
        **{f"surveys:{name}": {"": {"pk": running.pk}} for name in POSTED},
        "surveys:end-sending": {"": {"pk": running.pk, "wave": wave}},
        "surveys:page-preview": spoken,
        "surveys:mail-preview": mails,
    }
