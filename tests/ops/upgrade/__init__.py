"""The installation of the release before, as SQL, and what is needed to make it and to bring it up to date."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BEFORE = FOLDER / "before.sql.gz"
EMAIL, PASSWORD = "ada@example.com", "correct horse battery staple"
