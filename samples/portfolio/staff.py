"""The made-up colleagues as rows. They cannot sign in until an admin sets a password."""

from samples.portfolio import colleagues
from samples.portfolio.colleagues import Colleague
from staff.models import Role, Team, User


def ensure() -> tuple[list[int], dict[str, int]]:
    """Write those that are missing; return the users of `colleagues.CSMS` in order, and team name → team."""
    teams = {name: Team.objects.get_or_create(name=name)[0] for name in colleagues.TEAMS}
    lead = _user(colleagues.LEAD, Role.LEAD)
    lead.teams.add(*teams.values())
    users = [_user(colleague, Role.CSM) for colleague in colleagues.CSMS]
    for user, colleague in zip(users, colleagues.CSMS, strict=True):
        user.teams.add(teams[colleague.team])
    return [user.pk for user in users], {name: team.pk for name, team in teams.items()}


def _user(colleague: Colleague, role: Role) -> User:
    # Without a password: an account of a sample must not be a way in.
    user = User.objects.filter(email__iexact=colleague.email).first()
    return user or User.objects.create_user(colleague.email, None, name=colleague.name, role=role)
