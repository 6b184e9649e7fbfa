"""Themes of comments, with the words by which they are found; surveys and their distributions to look at."""

from django.contrib import admin

from core.admin import CLEANED, ReadOnlyAdmin
from surveys.models import Survey, Theme, Wave


@admin.register(Theme)
class ThemeAdmin(admin.ModelAdmin):
    """A comment gets the themes of its words as it comes in; what came before keeps those it has."""

    formfield_overrides = CLEANED
    list_display = ("name", "words")
    search_fields = ("name",)


@admin.register(Survey)
class SurveyAdmin(ReadOnlyAdmin):
    """Surveys are made and changed on their own pages."""

    list_display = ("name", "version", "kind", "status", "is_confidential", "owner", "started_at", "closed_at")
    list_filter = ("status", "kind")
    list_select_related = ("owner",)
    search_fields = ("name",)
    exclude = ("link",)


@admin.register(Wave)
class WaveAdmin(ReadOnlyAdmin):
    """Distributions are started and ended on the survey's page."""

    list_display = ("survey", "rule", "segment", "by", "starts_at", "ended_at")
    list_filter = ("rule",)
    list_select_related = ("survey", "segment", "by")
    search_fields = ("survey__name",)
