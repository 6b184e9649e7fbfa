from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AttributeType(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DAY = "day", _("Day")
    YES_NO = "yes_no", _("Yes or no")
    OPTION = "option", _("One of options")


class AttributeDefinition(models.Model):
    """What a free attribute of customers means: how pages call it, and how its values are compared.

    Values stay as they were sent; one that does not fit the type counts as unknown.
    """

    key = models.CharField(_("key"), max_length=100, unique=True, help_text=_("As in the customer's attributes."))
    label = models.CharField(_("label"), max_length=100)
    type = models.CharField(_("type"), max_length=10, choices=AttributeType.choices, default=AttributeType.TEXT)
    options = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("options"),
        default=list,
        blank=True,
        help_text=_("Of “One of options”: the values, with commas between them."),
    )

    class Meta:
        verbose_name = _("attribute definition")
        verbose_name_plural = _("attribute definitions")
        ordering: ClassVar = ["label", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(type__in=AttributeType.values), name="attribute_type_is_known"),
            models.CheckConstraint(
                condition=Q(type=AttributeType.OPTION, options__len__gt=0)
                | ~Q(type=AttributeType.OPTION) & Q(options=[]),
                name="only_options_have_options",
                violation_error_message=_("“One of options” needs options, and no other type has any."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
