"""A person with a browser, and a program with a write key: what they do over HTTP, and what they get."""

import base64
import json
import re
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode

PATIENCE = 30  # seconds for one answer


class Person:
    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.browser = urllib.request.build_opener(self.cookies)

    def open(self, path: str) -> str:
        """Return the page; any answer but 200 is an error."""
        with self.browser.open(self.address + path, timeout=PATIENCE) as page:
            assert page.status == 200
            return " ".join(page.read().decode().split())

    def sign_in(self, email: str, password: str) -> str:
        """Fill in the form as a browser does, and return the page it leads to."""
        form = self.open("sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        filled = urlencode({"csrfmiddlewaretoken": token, "username": email, "password": password}).encode()
        with self.browser.open(self.address + "sign-in/", filled, timeout=PATIENCE) as page:
            assert (page.status, page.url) == (200, f"{self.address}today/")
            return page.read().decode()


def send(address: str, key: str, *messages: object) -> bytes:
    """Send a batch of messages; return the answer's body."""
    request = urllib.request.Request(
        f"{address}v1/batch",
        json.dumps({"batch": messages}).encode(),
        {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        assert answer.status == 200
        return answer.read()
