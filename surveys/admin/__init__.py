"""The Django admin of surveys, one module for each subject."""

from surveys.admin import hooks

__all__ = ["hooks"]
