"""Who customers can be given to."""

from django.utils.translation import gettext as _

from staff.models import Role, User

NOBODY = "nobody"


def owner_choices(current: User | None = None) -> list[tuple[str, str]]:
    """Return choices of colleagues who may act, and nobody. Who owns it now stays a choice. One query."""
    able = User.objects.filter(is_active=True).exclude(role=Role.VIEWER).order_by("name", "pk")
    choices = {str(pk): name for pk, name in able.values_list("pk", "name")}
    if current is not None:
        choices.setdefault(str(current.pk), current.name)
    return [(NOBODY, _("Nobody")), *choices.items()]
