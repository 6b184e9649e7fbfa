"""Prints the address and how to sign in, once the first page answers."""

import urllib.error
import urllib.request
from pathlib import Path

from engagement_site.running.address import Address
from engagement_site.running.words import say

NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Welcome:
    """Asks for the first page at every poll until it answers, then prints the address and how to sign in."""

    def __init__(self, address: Address, sign_in: str, log: Path) -> None:
        self.address = address
        self.sign_in = sign_in
        self.log = log
        self.is_printed = False
        self.polls = 0

    def __call__(self) -> None:
        if self.is_printed:
            return
        self.polls += 1
        if answers(self.address.url):
            say(f"Rapport is running at {self.address.url}\nSign in: {self.sign_in}\nStop with Ctrl-C.")
            self.is_printed = True
        elif self.polls == 150:  # half a minute at the supervisor's pace
            say(f"The first page does not come yet; the log of the web server may say why: {self.log}")


def answers(url: str) -> bool:
    """Tell whether a page comes; being refused (HTTP 4xx) is an answer, a failure (5xx) is none."""
    try:
        with NO_PROXY.open(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        with error:
            return error.code < 500
    except OSError:
        return False
