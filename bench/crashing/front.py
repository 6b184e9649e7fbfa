"""The ASGI application of the web server, with a fault planted (bench.crashing.plants)."""

import os

from bench.crashing import plants
from engagement_site.front.asgi import application

__all__ = ["application"]

plants.in_front(os.environ[plants.VARIABLE])
