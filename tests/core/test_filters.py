"""A closed filter refuses what it does not know, and selects nothing while a parameter is wrong."""

import pytest
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, MultipleChoiceFilter

from core.filters import CheckboxFilter, ClosedFilter, IntegerFilter, fault_messages
from staff.models import Team


class TeamFilter(ClosedFilter):
    listing = frozenset({"sort", "columns"})
    field_order = ["number", "name"]

    name = CharFilter("name", "icontains")
    number = IntegerFilter("pk", min_value=1)
    named = CheckboxFilter(method="filter_named")
    sort = ChoiceFilter(choices=[("name", "Name")])
    columns = MultipleChoiceFilter(choices=[("name", "Name"), ("size", "Size")])

    def filter_named(self, queryset, name, value):
        return queryset.exclude(name="") if value else queryset


@pytest.fixture
def teams(db):
    return [Team.objects.create(name=name) for name in ("North", "South", "")]


def selected(address):
    return {team.name for team in TeamFilter(QueryDict(address), queryset=Team.objects.all()).qs}


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("", {"North", "South", ""}),
        ("name=ort", {"North"}),
        ("name=", {"North", "South", ""}),
        ("named=on", {"North", "South"}),
        ("named=on&name=s", {"South"}),
        ("sort=name&columns=name&columns=size&cursor=abc", {"North", "South", ""}),
    ],
)
def test_parameters_narrow_and_those_of_the_listing_do_not(teams, address, names):
    assert selected(address) == names


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("nme=North", "__all__"),
        ("name=North&nme=North", "__all__"),
        ("name=North&name=South", "__all__"),
        ("sort=name&sort=name", "__all__"),
        ("cursor=a&cursor=b", "__all__"),
        ("name=North&number=0", "number"),
        ("number=one", "number"),
        ("sort=size", "sort"),
        ("columns=name&columns=nothing", "columns"),
        ("name=%00", "name"),
    ],
)
def test_a_wrong_parameter_selects_nothing_and_says_so(teams, address, field):
    filterset = TeamFilter(QueryDict(address), queryset=Team.objects.all())
    assert not filterset.is_valid()
    assert not filterset.qs.exists()
    assert list(fault_messages(filterset)) == [field]


def test_the_query_keeps_what_has_a_value_as_it_was_sent(teams):
    filterset = TeamFilter(QueryDict("name=&number=1&columns=name&columns=size&cursor=a"), queryset=Team.objects.all())
    assert filterset.query == {"number": "1", "columns": ["name", "size"]}
    assert TeamFilter(filterset.query, queryset=Team.objects.all()).query == filterset.query


@pytest.mark.parametrize(("address", "is_narrowing"), [("", False), ("sort=name", False), ("name=a", True)])
def test_only_filters_that_leave_rows_out_count_as_narrowing(address, is_narrowing):
    assert TeamFilter(QueryDict(address), queryset=Team.objects.none()).is_narrowing is is_narrowing


def test_fields_stand_in_the_order_given():
    names = [field.name for field in TeamFilter({}, queryset=Team.objects.none()).form]
    assert names == ["number", "name", "named", "sort", "columns"]
