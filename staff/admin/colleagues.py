from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect

from core.admin import CLEANED, ask
from core.outbox.mail import reaches_people
from core.web.forms import AddressField
from staff.models import Role, Team, User
from staff.signing_in import invitations, links, mails

TICKED = {"teams": CheckboxSelectMultiple}  # teams are few


class NewColleague(forms.ModelForm):
    """No password: the colleague chooses it."""

    class Meta:
        model = User
        fields = ("email", "name", "role", "teams", "is_limited")
        widgets = TICKED
        field_classes = {"email": AddressField}


class ChangedColleague(UserChangeForm):
    password = None  # type: ignore[assignment] # Django: a field of the form above is left out so

    class Meta:
        model = User
        fields = ("email", "name", "role", "teams", "is_limited", "is_active", "time_zone")
        widgets = TICKED
        field_classes = {"email": AddressField}

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

    formfield_overrides = CLEANED
    form = ChangedColleague
    add_form = NewColleague
    add_form_template = None
    fieldsets = (
        (None, {"fields": ("name", "email", "time_zone")}),
        (_("What they may do"), {"fields": ("role", "is_active")}),
        (_("What they may see"), {"fields": ("is_limited", "teams")}),
        (None, {"fields": ("signed_in",)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("name", "email"),
                "description": _("They get a mail with a link, by which they choose their own password."),
            },
        ),
        (_("What they may do and see"), {"fields": ("role", "is_limited", "teams")}),
    )
    readonly_fields = ("signed_in",)
    list_display = ("name", "email", "role", "team_names", "is_limited", "is_active", "signed_in")
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

    @admin.display(description=_("last login"), ordering="last_login")
    def signed_in(self, user: User) -> Any:
        return gettext("invited, not yet signed in") if links.is_invited(user) else user.last_login

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            invitations.invite(obj, now=timezone.now())

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        if not reaches_people():
            return self._show(request, obj)
        self._tell(request, obj)
        return redirect("admin:staff_user_changelist")

    @method_decorator(csrf_protect)
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Send the colleague a link, in place of Django's page on which an admin would choose their password."""
        colleague = self.get_object(request, id)
        if colleague is None or not colleague.is_active:
            raise Http404
        if "sure" not in request.POST:
            return self._ask(request, colleague)
        self._send(colleague)
        self.log_change(request, colleague, gettext("Sent a link to choose a password."))
        if not reaches_people():
            return self._show(request, colleague)
        self._tell(request, colleague)
        return redirect("admin:staff_user_change", colleague.pk)

    def _ask(self, request: HttpRequest, colleague: User) -> HttpResponse:
        works = gettext("It works once. Using it ends the links sent before, and the present password.")
        return ask(
            request,
            self,
            title=gettext("Send a link to choose a password?"),
            paragraphs=[gettext("%(name)s gets it by mail, at %(email)s.") % vars(colleague), works],
            button=gettext("Send the link"),
            sent_along=[("sure", "yes")],
            original=colleague,
        )

    def _send(self, colleague: User) -> None:
        now = timezone.now()
        if colleague.last_login is None:
            invitations.invite(colleague, now=now)
        else:
            mails.send_reset(colleague.email, now=now)

    def _tell(self, request: HttpRequest, colleague: User) -> None:
        text = gettext("A link to choose a password is on its way to %(name)s, %(email)s.") % vars(colleague)
        self.message_user(request, text, messages.SUCCESS)

    def _show(self, request: HttpRequest, colleague: User) -> HttpResponse:
        """Show the link, once: no mail leaves here, so the admin hands it over."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": colleague}
        context |= {"title": gettext("Hand over this link"), "colleague": colleague, "link": links.link(colleague)}
        context["list"] = reverse("admin:staff_user_changelist")
        return TemplateResponse(request, "admin/staff/user/link.html", context)

    # Deactivated instead: changes, notes and follow-ups name who made them.
    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    formfield_overrides = CLEANED
    list_display = ("name",)
    search_fields = ("name",)
