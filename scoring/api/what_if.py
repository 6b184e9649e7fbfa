"""What publishing a draft would do on the last closed day, for programs: the page's question and its answer."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from core.api.refusals import Conflict
from core.api.schema import Error, writes
from core.api.views import ApiView
from scoring.api.what_if_shown import PARAMETERS, PreparedOut, WhatIfOut
from scoring.models import ScoringModel
from scoring.views.what_if_form import TryForm
from scoring.views.what_if_rows import PAGE, rows
from scoring.what_if import ask, prepare
from scoring.what_if.ask import Answer
from scoring.what_if.comparison import BandChange, Comparison
from scoring.what_if.reasons import explain_changes
from scoring.what_if.swap import NoAnswer, Swap, load_swap
from staff.api.authentication import author
from staff.api.requests import ApiRequest
from staff.models import Role

TAG = "scores"


class WhatIf(ApiView):
    area = "scores"

    @extend_schema(
        operation_id="what_if_retrieve", parameters=PARAMETERS, responses={200: WhatIfOut, 409: Error}, tags=[TAG]
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Tell what publishing a draft would do on the last closed day: bands before and after, and who changes.

        Other numbers are tried, without being saved, by the names of the page's form: `points-{event type}` (its id),
        `weight-{factor}` (its kind; of an attribute `weight-attribute:{name}`), `yellow_from`, `green_from`. 409 with
        the code `to_be_prepared` when the portfolio is too large to be counted at once: POST to `prepare/`, and ask
        again; `being_prepared` until then.
        """
        draft = _draft(pk)
        form, which, page = _question(draft, request.query_params)
        answer = self._answer(draft, form, request)
        assert answer.comparison is not None
        return Response(WhatIfOut(_data(answer, answer.comparison, which, page)).data)

    def _answer(self, draft: ScoringModel, form: TryForm, request: ApiRequest) -> Answer:
        """Raises Conflict while there is none."""
        day = ask.last_day()
        if day is None:
            raise _no_day()
        try:
            answer = ask.answer(draft, form.tried, day=day, now=self.now, user=request.user)
        except NoAnswer as refusal:
            raise Conflict(str(refusal)) from None
        # 409 with two codes: a program has to know whether to POST or only to wait.
        if answer.is_being_prepared:
            raise Conflict(_("It is being prepared. Ask again in a while."), "being_prepared")
        if answer.comparison is None:
            raise Conflict(_("It has to be prepared first."), "to_be_prepared")
        return answer


class Prepare(ApiView):
    area = "scores"

    @writes("what_if_prepare", None, PreparedOut, TAG, status=(202,))
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Have what-if prepared by the worker; one that is being prepared goes on. For leads and admins."""
        if request.user.role not in (Role.ADMIN, Role.LEAD):
            raise PermissionDenied
        prepared = prepare.start(_swap(_draft(pk)), now=self.now, by=author(request))
        data = {"day": prepared.day, "parts": prepared.shards, "ready": prepare.progress(prepared)}
        # Accepted, not done: workers make the base.
        return Response(PreparedOut(data).data, status=202)


def _draft(pk: int) -> ScoringModel:
    # Drafts only: a published version has nothing left to try.
    draft: ScoringModel = get_object_or_404(ScoringModel.objects.drafts().select_related("segment"), pk=pk)
    return draft


def _swap(draft: ScoringModel) -> Swap:
    """Raises Conflict when the draft cannot be published as it is."""
    day = ask.last_day()
    if day is None:
        raise _no_day()
    try:
        return load_swap(draft, day)
    except NoAnswer as refusal:
        raise Conflict(str(refusal)) from None


def _no_day() -> Conflict:
    return Conflict(_("Come back after midnight: what-if uses the last closed day."))


def _question(draft: ScoringModel, params: QueryDict) -> tuple[TryForm, BandChange, int]:
    """Return what is tried, whom to list and the page. Raises ValidationError: a bad question gets no answer."""
    form = TryForm(draft, params)
    faults = {name: [m for e in errors for m in e.messages] for name, errors in form.errors.as_data().items()}
    for name, values in params.lists():
        if name not in form.fields and name not in ("which", "page"):
            faults[name[:50]] = [_("There is no such field.")]
        # Closed as the filters are (decision 16): of two values Django would silently take the last.
        elif len(values) > 1:
            faults[name] = [_("“%(name)s” is given more than once.") % {"name": name[:50]}]
    which, page = params.get("which", ""), params.get("page", "1")
    # Refused here and not in the page, which falls back to the first list: a program would take that for its answer.
    if which not in set(BandChange):
        faults["which"] = [_("There is no such list.")]
    if not (page.isascii() and page.isdigit() and len(page) < 9 and int(page)):
        faults["page"] = [_("Enter a whole number from 1.")]
    if faults:
        raise ValidationError(faults)
    return form, BandChange(which), int(page)


def _data(answer: Answer, comparison: Comparison, which: BandChange, page: int) -> dict[str, Any]:
    places = comparison.changes(which)
    shown = places[(page - 1) * PAGE : page * PAGE]
    return {
        "model": answer.swap.draft,
        "day": answer.day,
        "currency": settings.BASE_CURRENCY,
        "customers": comparison.count,
        "changes": {change.name.lower(): comparison.sum_of(change) for change in BandChange},
        "health": comparison.filled("health_band"),
        "engagement": comparison.filled("engagement_band"),
        "flows": comparison.flows("health_band"),
        "results": rows(comparison, shown, explain_changes(answer, shown)),
        "page": page,
        # Pages by number, not by keyset: the places are an array in memory, and no row comes or goes.
        "pages": -(-len(places) // PAGE),
    }
