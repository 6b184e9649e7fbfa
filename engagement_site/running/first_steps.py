"""The set-up before the first page of a fresh installation; each step is harmless when repeated.

    python -m engagement_site.running.first_steps DESCRIPTOR

Writes what to say about signing in to the descriptor.
"""

import os
import secrets
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from engagement_site.environment import env
from engagement_site.running import outside
from engagement_site.running.words import say

ADMIN = "admin@rapport.example"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    django.setup()
    if trouble := outside.database_problem():
        sys.exit(trouble)
    if warning := outside.redis_trouble():
        say(warning)
    with os.fdopen(int(sys.argv[1]), "w") as answer:
        answer.write(take(settings.DATA_DIR))


def take(folder: Path) -> str:
    """Prepare the database, the first admin and the sample; return what to say about signing in."""
    call_command("prepare")
    sign_in = first_admin(folder / "sign-in.txt")
    if sample_is_wanted():
        say("Loading the sample portfolio ...")
        call_command("load_sample", "portfolio")
    return sign_in


def first_admin(note: Path) -> str:
    """Create the first admin when nobody works here yet; return "e-mail / password", while it is still so."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if not users.exists():
        # The note comes first: killed in between, the next start finds it and uses the same password.
        password = noted_password(note) or write_password(note)
        users.create_user(email=ADMIN, password=password, name="Admin", role="admin")
    password = noted_password(note)
    admin = users.filter(email=ADMIN).first()
    if password and admin and admin.check_password(password):
        return f"{ADMIN} / {password}"
    return "with your e-mail and password"


def noted_password(note: Path) -> str:
    return note.read_text().strip().partition(" / ")[2] if note.exists() else ""


def write_password(note: Path) -> str:
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{ADMIN} / {password}\n")
    return password


def sample_is_wanted() -> bool:
    """Tell whether to load the sample: into an empty Rapport, or on from where a load was cut short."""
    from core.jobs import periodic
    from customers.models import Customer

    if not env.flag("RAPPORT_SAMPLE", True):
        return False
    if periodic.is_planned("sample", "portfolio"):
        return not periodic.is_done("sample", "portfolio")
    return not Customer.objects.exists()


if __name__ == "__main__":
    main()
