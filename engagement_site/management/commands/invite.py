from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.names import addresses
from staff.models import Role, User
from staff.signing_in import invitations, links


class Command(BaseCommand):
    help = (
        "Invite a colleague by mail, and print the link by which they choose their password. For somebody who works"
        " here already, print such a link alone: the way in for who is locked out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument("--name", help="as others see it (else: what stands before the @)")
        parser.add_argument("--role", choices=Role.values, default=Role.VIEWER)
        parser.add_argument("--limited", action="store_true", help="a CSM who sees their own customers only")

    def handle(self, *args: Any, email: str, name: str | None, role: str, limited: bool, **options: Any) -> None:
        email = addresses.folded(email)
        colleague = User.objects.filter(email__iexact=email).first()
        if colleague is None:
            colleague = User(email=email, name=name or email.partition("@")[0], role=role, is_limited=limited)
        if not colleague.is_active:
            raise CommandError(f"{colleague.email} may not sign in any more. Change that in the admin first.")
        if colleague.last_login is None:
            _invite(colleague)
        self.stdout.write(links.link(colleague))


def _invite(colleague: User) -> None:
    try:
        colleague.full_clean(exclude=["password"])
    except ValidationError as problem:
        raise CommandError(" ".join(problem.messages)) from None
    invitations.invite(colleague, now=timezone.now())
