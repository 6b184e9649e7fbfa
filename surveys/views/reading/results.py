"""Survey results: the page, its breakdowns, and the voice index. A limited colleague's are of their own customers."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.days import business_day
from core.web.htmx import render_part
from staff.models import User
from staff.requests import StaffRequest
from surveys import kinds
from surveys.filters import ALL, ResultsFilter, between
from surveys.models import Answer, Dropped, Survey, Tally, Via
from surveys.models.answer import AnswerQuerySet
from surveys.results import chart, daily_counts, groups, measures, pairs, versions, voice
from surveys.results.groups import Groups

MANY = 1_000
PEOPLE = "people"
TABS = {**groups.LABELS, PEOPLE: _("Same contacts")}


@require_safe
def results(request: StaffRequest, pk: int) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=pk)
    today = business_day(timezone.now())
    chain = versions.all_versions(survey)
    results_filter = _filter(request, survey, chain)
    measured = None
    if results_filter.is_valid():
        measured = measured_for(request.user, survey, results_filter, today=today)
    waiting = Answer.objects.visible_to(request.user).to_follow_up().filter(survey=survey)
    context: dict[str, Any] = {
        "survey": survey,
        "versions": [version for version in chain if version.pk != survey.pk],
        "filter": results_filter,
        "results": measured,
        "least": measures.LEAST,
        "is_limited": request.user.is_limited,
        "breakdowns": TABS.items(),
        # Counted no further than the page writes out: counting all would read every unhappy answer.
        "waiting": waiting[: MANY + 1].count(),
        "many": MANY,
        **({} if measured is None else _drawn(survey, measured)),
    }
    return render(request, "surveys/results/results.html", context)


def measured_for(user: User, survey: Survey, results_filter: ResultsFilter, *, today: date) -> measures.Measures:
    """Return a survey's results: of all customers, or of the colleague's own if they see no others."""
    own = None
    if user.is_limited:
        own = daily_counts.of_customers_seen(user, _counted(survey, results_filter), *results_filter.range)
    per = results_filter.cleaned_data["per"]
    return measures.survey_results(survey, tallies=results_filter.qs, own=own, per=per, today=today)


def _drawn(survey: Survey, measured: measures.Measures) -> dict[str, Any]:
    return {
        "distribution": _distribution(survey, measured),
        "chart": chart.drawn(survey.kind, [period.estimate for period in measured.course]),
        "questions": [_in_words(question) for question in measured.questions],
        "steps": _steps(measured.way),
        "dropped": [(Dropped(reason).label, count) for reason, count in measured.way.dropped.items()],
    }


def _in_words(counts: measures.QuestionCounts) -> tuple[str, list[tuple[str, int]], measures.QuestionCounts]:
    """Return the question's text, and each of its values with how many chose it."""
    question, language = counts.question, get_language() or ""
    labels = question.options(language) or [(str(value), str(value)) for value in question.values]
    lines = [(label, counts.counts.get(int(value), 0)) for value, label in labels]
    return question.text("text", language), lines, counts


def _steps(way: measures.Funnel) -> list[tuple[str, int, bool]]:
    """Return label, count, and whether 0 means none: many mail providers report neither delivery nor opening."""
    return [
        (gettext("Sent"), way.sent, True),
        (gettext("Delivered"), way.delivered, False),
        (gettext("Opened"), way.opened, False),
        (gettext("Started"), way.begun, True),
        (gettext("Answered"), way.replied, True),
        (gettext("Could not be delivered"), way.failed, True),
    ]


def _filter(request: StaffRequest, survey: Survey, chain: list[Survey]) -> ResultsFilter:
    return ResultsFilter(request.GET, queryset=Tally.objects.all(), survey=survey, chain=chain)


def _distribution(survey: Survey, measured: measures.Measures) -> list[dict[str, Any]]:
    """Return a line for each score of the scale, the best first: its group and how many gave it."""
    kind = kinds.get(survey.kind)
    if not kind.has_score:
        return []
    low, high = kind.scores
    groups = {score: kind.group_of(score) for score in range(high, low - 1, -1)}
    return [
        {"score": score, "group": group.name if group else "", "count": measured.counts.get(score, 0)}
        for score, group in groups.items()
    ]


@require_safe
def breakdown(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Answer with a survey's figure by one thing: of the customers the colleague sees."""
    survey = get_object_or_404(Survey, pk=pk)
    if what not in TABS:
        raise Http404
    results_filter = _filter(request, survey, versions.all_versions(survey))
    is_grouped = results_filter.is_valid() and what != PEOPLE
    figures = grouped(request.user, survey, what, results_filter) if is_grouped else None
    context = {
        "survey": survey,
        "what": what,
        "label": TABS[what],
        "breakdowns": TABS.items(),
        "filter": results_filter,
        "results": figures,
        "again": _again(request.user, survey, results_filter) if what == PEOPLE and results_filter.is_valid() else None,
        "rows": [] if figures is None else [(_name(what, row.name), row) for row in figures.rows],
        "is_limited": request.user.is_limited,
    }
    return render_part(request, "surveys/results/breakdown.html", "groups", context)


def grouped(user: User, survey: Survey, what: str, results_filter: ResultsFilter) -> Groups:
    """Return a survey's figure by one of `groups.LABELS`, of the customers the colleague sees."""
    answers = _answers(user, survey, results_filter)
    if what == "segment":
        return groups.by_segment(answers, survey.kind, user, is_confidential=survey.is_confidential)
    return groups.by(what, answers, survey.kind, is_confidential=survey.is_confidential)


def _again(user: User, survey: Survey, results_filter: ResultsFilter) -> pairs.Again | None:
    """Compare contacts with themselves; not in a confidential survey, which would follow one contact over time."""
    return None if survey.is_confidential else pairs.compare(_answers(user, survey, results_filter), survey.kind)


def _answers(user: User, survey: Survey, results_filter: ResultsFilter) -> AnswerQuerySet:
    """Return the answers of the range; of a confidential survey those of whole blocks."""
    visible = Answer.objects.visible_to(user).filter(survey__in=_counted(survey, results_filter))
    since, until = results_filter.range
    if survey.is_confidential and user.is_limited:
        return visible.none()  # as their results are (measures.survey_results)
    if survey.is_confidential:
        range_shown = measures.days_told(survey, results_filter.qs, business_day(timezone.now()))
        if range_shown is None:
            return visible.none()
        since, until = range_shown
    return between(visible, since, until)


def _counted(survey: Survey, results_filter: ResultsFilter) -> set[int]:
    """Return which surveys the results are of: this one, or all its versions. One query for the versions."""
    if results_filter.cleaned_data.get("versions") != ALL:
        return {survey.pk}
    return {version.pk for version in versions.all_versions(survey) if not version.is_confidential}


def _name(what: str, name: str) -> str:
    """Say a group as people know it."""
    if what == "channel":
        return str(Via(name).label)
    if what == "language":
        return str(dict(settings.LANGUAGES).get(name, name)) or gettext("Not known")
    return name or (gettext("No owner") if what == "owner" else gettext("Not known"))


@require_safe
def voice_index(request: StaffRequest) -> HttpResponse:
    """Answer with satisfaction, loyalty and reach of the customers the colleague sees, a year back."""
    figures = voice.customer_voice(request.user, today=business_day(timezone.now()))
    context = {"voice": figures, "is_limited": request.user.is_limited}
    return render_part(request, "surveys/results/voice.html", "figures", context)
