"""The lines of the customer list: what a page of customers needs beside them, and each as a row of the table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.template.defaultfilters import force_escape
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer, Stage
from customers.models.customer import CustomerQuerySet
from desk.list import list_columns
from desk.list.cells import STAGES, Line, cell, written
from desk.list.list_columns import Column
from desk.list.past_filter import PastFilter, value_then
from desk.log import last_and_next
from records.renewals import next_renewal
from scoring.explain import trends
from scoring.explain.key_actions import load_progress

# What can be changed in its row: column → what the form is called
TITLES = {"owner": _("Change the owner"), "stage": _("Change the stage"), "tags": _("Change the tags")}
_ANY = 0  # stands in an address for any customer


def prepared(customers: CustomerQuerySet, filterset: PastFilter, today: date) -> CustomerQuerySet:
    """Join what the lines read."""
    rows = customers.select_related("score", "owner", "team").annotate(renews_on=next_renewal(today))
    if filterset.is_valid() and filterset.past_day:
        rows = rows.annotate(value_then=value_then(filterset.past_day))
    return rows


def load(
    rows: Sequence[Customer], columns: Iterable[Column], today: date, who: Mapping[int, Contact] | None = None
) -> list[Line]:
    """Return the lines of prepared rows. One query for trends, two for new customers, four for contacts and tasks."""
    names, who = {column.name for column in columns}, who or {}
    courses = trends.load_trends(rows, today=today) if names & list_columns.TRENDS else {}
    logs = last_and_next.load([row.pk for row in rows]) if names & list_columns.LOADED else {}
    scores = {row.pk: getattr(row, "score", None) for row in rows}
    load_progress(scores.values())
    return [
        Line(
            row, scores[row.pk], today, courses.get(row.pk), who.get(row.pk),
            logs.get(row.pk, last_and_next.NOTHING),
        )
        for row in rows
    ]  # fmt: skip


class Writer:
    """Writes rows; what is the same in each is made once. `may_act`: each with a box, and links to change it."""

    def __init__(self, columns: Sequence[Column], *, may_act: bool) -> None:
        self._may_act = may_act
        self._columns = [
            (column, _opening(column), self._way(column), str(TITLES.get(column.name, ""))) for column in columns
        ]
        self._profile = reverse("desk:customer", args=[_ANY])
        self._select = gettext("Select %(name)s")

    def _way(self, column: Column) -> str:
        """Return the address of the form that changes a cell of the column; "" where there is none."""
        if not self._may_act or column.name not in TITLES:
            return ""
        return reverse("desk:in-row", args=[_ANY, column.name])

    def row(self, line: Line, *, form_of: str = "", form: str = "", focus: str = "") -> SafeString:
        """Return the row; the cell of a column may hold a `form` to change it, or a link that is focused."""
        cells = [self._pick(line), self._who(line)]
        for column, opening, way, title in self._columns:
            if column.name == form_of:
                cells += [_opening(replace(column, css="wide")), form, "</td>"]
                continue
            inside: str = cell(line, column)
            if way:
                inside = _link(_of(line, way), title, inside, is_focused=column.name == focus)
            cells += [opening, inside, "</td>"]
        return SafeString(f'<tr role="row">{"".join(cells)}</tr>')

    def _pick(self, line: Line) -> str:
        if not self._may_act:
            return ""
        return written(
            '<td role="cell" class="pick"><input class="form-check-input" type="checkbox" form="bulk" name="customer"'
            ' value="{}" aria-label="{}"></td>',
            line.customer.pk,
            self._select % {"name": line.customer.name},
        )

    def _who(self, line: Line) -> str:
        customer, beside = line.customer, SafeString("")
        if line.contact:
            words = gettext("contact")
            beside += written(' <span class="text-secondary"><bdi>{}</bdi> ({})</span>', line.contact, words)
        if customer.stage != Stage.ACTIVE:
            beside += written(' <span class="tag">{}</span>', STAGES[customer.stage])
        return written(
            '<th scope="row" role="rowheader" class="who"><a href="{}"><bdi>{}</bdi></a>{}</th>',
            _of(line, self._profile), customer.name, beside,
        )  # fmt: skip


def _opening(column: Column) -> str:
    css = f' class="{column.css}"' if column.css else ""
    return f'<td role="cell"{css} data-label="{force_escape(str(column.head))}">'


def _of(line: Line, address: str) -> str:
    """Return the address of a customer, made from that of any: resolving one takes as long as writing a cell."""
    return address.replace(f"/{_ANY}/", f"/{line.customer.pk}/", 1)


def _link(address: str, title: str, inside: str, *, is_focused: bool) -> str:
    return written(
        '<a class="edit" href="{}" hx-get="{}" title="{}"{}>{}</a>',
        address, address, title, SafeString(" autofocus" if is_focused else ""), inside,
    )  # fmt: skip
