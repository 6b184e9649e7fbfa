"""The ASGI application of the web server, with a fault planted (bench.crashing.plants)."""

import os

import django

from bench.crashing import plants

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
django.setup()
# First: the application takes what it needs when it is imported.
plants.in_front(os.environ[plants.VARIABLE])

from engagement_site.front.asgi import application  # noqa: E402

__all__ = ["application"]
