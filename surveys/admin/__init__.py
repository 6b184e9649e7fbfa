"""The Django admin of surveys, one module for each subject."""

from surveys.admin import hooks, surveys

__all__ = ["hooks", "surveys"]
