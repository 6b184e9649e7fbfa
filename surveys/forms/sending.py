"""Recipients and timing of a survey distribution."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.filters import ClosedFilter
from core.web.forms import EntryForm
from customers import segments
from customers.models import Customer, Segment, Stage
from events import catalogue
from events.models import EventType
from staff.models import Role, User
from surveys.models import Survey, Wave
from surveys.sending import rules

FILTERS = ("owner", "team", "stage", "health", "engagement", "plan", "industry", "country", "tag")


class EventTypeField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return catalogue.label(obj.name)


class SendForm(EntryForm):
    rule = forms.ChoiceField(label=gettext_lazy("When"), choices=rules.choices, widget=forms.RadioSelect)
    days = forms.IntegerField(
        label=gettext_lazy("Over how many days"),
        min_value=1,
        max_value=366,
        required=False,
        initial=14,
        help_text=gettext_lazy("About the same number each day, in a fixed order."),
    )
    event_type = EventTypeField(
        label=gettext_lazy("Event"), queryset=EventType.objects.offered().order_by("name"), required=False
    )
    delay_hours = forms.IntegerField(
        label=gettext_lazy("Hours afterwards"), min_value=0, max_value=24 * 90, required=False, initial=24
    )
    before_days = forms.IntegerField(
        label=gettext_lazy("Days before"), min_value=1, max_value=365, required=False, initial=60
    )
    view = forms.ModelChoiceField(
        label=gettext_lazy("Segment"),
        queryset=Segment.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: use the filter"),
    )
    role = forms.CharField(
        label=gettext_lazy("Role contains"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Such as “admin”. Empty: all contacts at these customers."),
    )

    def __init__(self, data: Mapping[str, str] | None, *, survey: Survey, by: User, now: datetime) -> None:
        super().__init__(data, initial={"rule": rules.ONCE.name})
        self._survey, self._by, self._now = survey, by, now
        self.fields["rule"].widget.attrs["class"] = "form-check-input"
        self.fields["view"].queryset = Segment.objects.visible_to(by)  # type: ignore[attr-defined]
        self.only_own = by.role == Role.CSM
        self.filter = self._filter(data or {})

    def _filter(self, data: Mapping[str, str]) -> ClosedFilter[Any]:
        """Return the customer list's filter, with those of its parameters that choose recipients."""
        params = {name: data[name] for name in FILTERS if data.get(name)}
        if self.only_own:
            # Whatever was sent: a CSM asks the contacts of their own customers only.
            params["owner"] = str(self._by.pk)
        customer_filter: ClosedFilter[Any] = segments.customer_filter()(params, queryset=Customer.objects.none())
        stages: Any = customer_filter.form.fields["stage"]
        stages.empty_label = _("Trial and active")
        stages.choices = [(str(stage), stage.label) for stage in Stage.followed()]
        return customer_filter

    def rule_fields(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Return the fields that some rules need, each with the names of these rules."""
        needed = rules.fields()
        return [(self[name], needed[name]) for name in self.fields if name in needed]

    def filters(self) -> list[forms.BoundField]:
        return [self.filter.form[name] for name in FILTERS if not (self.only_own and name == "owner")]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        rule = rules.RULES.get(data.get("rule", ""))
        for name in rule.fields if rule else ():
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Please fill this in."))
        if not self.filter.is_valid():
            self.add_error(None, _("The filter is not valid."))
        elif data.get("view") and self._is_filtered():
            self.add_error("view", _("Choose a segment or a filter, not both."))
        elif data.get("view") and self.only_own and not self._is_mine(data["view"]):
            self.add_error("view", _("This segment is of a colleague’s customers; you can survey your own."))
        return data

    def wave(self) -> Wave:
        """Return the distribution as entered, unsaved."""
        data, rule = self.cleaned_data, self.cleaned_data["rule"]
        view: Segment | None = data["view"]
        query = self.filter.query
        if view is not None and self.only_own:
            # The segment's filter with the owner added. It is the segment as it is today: later changes do not follow.
            query = {**view.query, **query}
            view = None
        needed = {name: data[name] for name in rules.get(rule).fields}
        return Wave(
            survey=self._survey, rule=rule, segment=view, query={} if view else query, role=data["role"],
            by=self._by, starts_at=self._now, **needed,
        )  # fmt: skip

    def _is_mine(self, view: Segment) -> bool:
        """Tell whether a view may be narrowed to the colleague's own customers: it asks for nobody else's."""
        return view.query.get("owner") in (None, "", str(self._by.pk))

    def _is_filtered(self) -> bool:
        return any(name != "owner" or not self.only_own for name in self.filter.query)
