"""What the pages of surveys are opened with: those that make and send, and those that read."""

from typing import Any

from django.utils import translation

from customers.models import Customer
from surveys import lifecycle
from surveys.answering import direct_answers
from surveys.models import Answer, Survey, Theme, Via, Wave
from tests.conftest import NOW

OF_DRAFTS = ("start", "delete")
OF_RUNNING = ("close", "new-version", "send")
OF_ANY = ("survey", "edit", "preview")
POSTED = ("copy", "test")


def pages() -> dict[str, dict[str, dict[str, Any]]]:
    draft = lifecycle.create("csat", now=NOW, by=None).pk
    running = lifecycle.start(lifecycle.create("effort", now=NOW, by=None), now=NOW)
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


def reading(customers: dict[str, Customer]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what the pages that read surveys are called with: one survey, and an unhappy answer of each."""
    with translation.override("en"):
        survey = lifecycle.start(lifecycle.create("nps", now=NOW, by=None), now=NOW)
    given = [
        direct_answers.IncomingAnswer({"score": 0, "wrong": "Slow"}, NOW, customer_id=one.pk)
        for one in customers.values()
    ]
    answers = dict(zip(customers, direct_answers.record(survey, given, via=Via.LINK, now=NOW), strict=True))
    acts = {whose: {"customer": one.customer_id, "answer": one.id} for whose, one in answers.items()}
    one = {"": {"pk": survey.pk}}
    return {
        **{f"surveys:{name}": one for name in ("results", "comments", "answers-csv", "answers-xlsx")},
        "surveys:breakdown": {"": {"pk": survey.pk, "what": "plan"}},
        "surveys:close-loop": acts,
        **{f"surveys:{name}": {"": acts["of others"]} for name in ("reopen-loop", "theme")},
    }


def of_the_api(customers: dict[str, Customer]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what each address of the API on surveys is called with."""
    survey = lifecycle.start(lifecycle.create("nps", now=NOW, by=None), now=NOW)
    quiet = lifecycle.change(lifecycle.create("nps", now=NOW, by=None), {"is_confidential": True})
    quiet = lifecycle.start(quiet, now=NOW)
    wave = Wave.objects.create(survey=survey, starts_at=NOW)
    theme = Theme.objects.create(name="Speed")
    of_own = [answered(survey, customers["their own"]), answered(survey, customers["of others"])]
    said = {whose: {"pk": one.customer_id, "answer": one.id} for whose, one in zip(customers, of_own, strict=True)}
    hidden = answered(quiet, customers["their own"])
    acts = ("", "-start", "-close", "-copy", "-versions", "-waves", "-invitations", "-results")
    return {
        **{f"api:survey{act}": {"": {"pk": survey.pk}} for act in acts},
        "api:survey-results-by": {
            what: {"pk": survey.pk, "what": name} for what, name in (("", "plan"), ("of nothing", "mood"))
        },
        "api:survey-answers": {"": {"pk": survey.pk}, "confidential": {"pk": quiet.pk}},
        **{f"api:survey-wave{act}": {"": {"pk": survey.pk, "wave": wave.pk}} for act in ("", "-end")},
        "api:answer": {**said, "confidential": {"pk": hidden.customer_id, "answer": hidden.id}},
        "api:answer-loop": said,
        "api:answer-theme": {whose: {**parts, "theme": theme.pk} for whose, parts in said.items()},
    }


def answered(survey: Survey, customer: Customer) -> Answer:
    given = direct_answers.IncomingAnswer({"score": 3}, NOW, customer_id=customer.pk)
    return direct_answers.record(survey, [given], via=Via.API, now=NOW)[0]
