"""Colleagues who can own a customer."""

from django.utils.translation import gettext as _

from staff.models import Role, User

NO_OWNER = "nobody"


def owner_choices(current: User | None = None) -> list[tuple[str, str]]:
    """Return the choices of an owner: none, or a colleague who may act. The current owner stays a choice. One query."""
    able = User.objects.filter(is_active=True).exclude(role=Role.VIEWER).order_by("name", "pk")
    choices = {str(pk): name for pk, name in able.values_list("pk", "name")}
    if current is not None:
        # Otherwise saving the form for another reason would take the customer from them.
        choices.setdefault(str(current.pk), current.name)
    return [(NO_OWNER, _("No owner")), *choices.items()]
