"""Which models and packages are ours."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Model


def packages() -> set[str]:
    """Return the names of our installed apps: those that live in this repository, not in site-packages."""
    found = apps.get_app_configs()
    return {config.name for config in found if Path(config.path).parent == settings.BASE_DIR}


def models() -> list[type[Model]]:
    """Return our models, those Django makes for many-to-many fields included."""
    everything = apps.get_models(include_auto_created=True)
    return [model for model in everything if model._meta.app_config.name in packages()]


def references(model: type[Model], to: type[Model]) -> list[str]:
    """Return the columns with which a model refers to another."""
    fields = model._meta.concrete_fields
    return [str(field.column) for field in fields if field.is_relation and field.related_model is to]
