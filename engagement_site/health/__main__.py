"""Ask the web server on this machine whether it is ready; exit 1 if not: python -m engagement_site.health

For a container's health check. Says a Host name the server knows, and needs neither Django nor a database.
"""

import sys
import urllib.request

from engagement_site.environment import env
from engagement_site.running import address


def main() -> None:
    names = [name.lstrip(".") for name in env.words("ALLOWED_HOSTS", ["localhost"])]
    host = next((name for name in names if name != "*"), "localhost")
    request = urllib.request.Request(f"{address.chosen().url}health/ready", headers={"Host": host})  # noqa: S310
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5):
            pass
    except OSError as error:
        sys.exit(f"The web server is not ready: {error}")


if __name__ == "__main__":
    main()
