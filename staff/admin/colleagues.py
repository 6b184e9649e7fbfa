from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staff.models import Role, Team, User

TICKED = {"teams": CheckboxSelectMultiple}  # teams are few


class NewColleague(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "role", "teams", "is_limited")
        widgets = TICKED


class ChangedColleague(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        widgets = TICKED

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        stays_admin = self.cleaned_data.get("role") == Role.ADMIN and self.cleaned_data.get("is_active")
        # Without an active admin, only a command on the server could make another one.
        admins = User.objects.filter(role=Role.ADMIN, is_active=True)
        if not stays_admin and admins.filter(pk=self.instance.pk).exists() and admins.count() == 1:
            raise ValidationError(_("This is the only admin who may sign in. Make another colleague an admin first."))
        return cleaned


@admin.register(User)
class ColleagueAdmin(UserAdmin):
    """Colleagues. Those who leave may no longer sign in; their name stays on what they did."""

    form = ChangedColleague
    add_form = NewColleague
    add_form_template = None
    fieldsets = (
        (None, {"fields": ("name", "email", "password", "time_zone")}),
        (_("What they may do"), {"fields": ("role", "is_active")}),
        (_("What they may see"), {"fields": ("is_limited", "teams")}),
        (None, {"fields": ("last_login",)}),
    )
    add_fieldsets = (
        (None, {"fields": ("name", "email", "password1", "password2")}),
        (_("What they may do and see"), {"fields": ("role", "is_limited", "teams")}),
    )
    readonly_fields = ("last_login",)
    list_display = ("name", "email", "role", "team_names", "is_limited", "is_active", "last_login")
    list_filter = ("role", "is_active", "teams")
    search_fields = ("name", "email")
    ordering = ("name",)
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        # `team_names` would ask once for each colleague.
        return super().get_queryset(request).prefetch_related("teams")

    @admin.display(description=_("teams"))
    def team_names(self, user: User) -> str:
        return ", ".join(team.name for team in user.teams.all()) or "–"

    # Deactivated instead: changes, notes and follow-ups name who made them.
    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("name",)
    search_fields = ("name",)
