from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core.api.filtering import NoFilter
from core.api.schema import lists, reads
from core.api.views import ApiView, listed, page_of
from core.pagination import Column, Keyset
from staff.api.requests import ApiRequest
from staff.models import ApiKey, Role, Team, User

TAG = "staff"
BY_NAME = Keyset((Column("name"), Column("pk")))


class TeamOut(serializers.Serializer[Team]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ColleagueOut(serializers.Serializer[User]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    is_active = serializers.BooleanField()
    teams = TeamOut(many=True)


class MeOut(serializers.Serializer[Any]):
    key = serializers.CharField(allow_null=True, help_text="What the key begins with; null for a signed-in colleague.")
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField(allow_null=True)
    colleague_id = serializers.IntegerField(allow_null=True, help_text="Null: the company's own key.")
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)


class Colleagues(ApiView):
    area = "customers"
    filterset_class = NoFilter

    @lists("colleagues_list", ColleagueOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List the colleagues who can own customers."""
        # Those who left, too: their names stand on rows that other endpoints return.
        filterset = self.filtered(User.objects.prefetch_related("teams"))
        return listed(ColleagueOut, page_of(filterset.qs, BY_NAME, request))


class Teams(ApiView):
    area = "customers"
    filterset_class = NoFilter

    @lists("teams_list", TeamOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        filterset = self.filtered(Team.objects.all())
        return listed(TeamOut, page_of(filterset.qs, BY_NAME, request))


class Me(ApiView):
    """Takes any key."""

    area = ""

    @reads("me_retrieve", MeOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """Say who is asking: a first call to try a key with."""
        key = request.auth if isinstance(request.auth, ApiKey) else None
        return Response(
            MeOut(
                {
                    "key": key and key.public_part,
                    "scopes": key.scopes if key else [],
                    "expires_at": key and key.expires_at,
                    "colleague_id": request.user.pk,
                    "name": request.user.name,
                    "role": request.user.role,
                }
            ).data
        )
