"""A first event, ready to be run, for those who have just made a key. tests/docs runs them."""

from dataclasses import dataclass

PLACE = "YOUR_KEY"  # where no key was made just now: it cannot be shown again


@dataclass(frozen=True, slots=True)
class Snippet:
    name: str
    language: str
    text: str

    @property
    def rows(self) -> int:
        return self.text.count("\n") + 2


_CURL = """\
curl -u "%(key)s:" %(address)s/v1/batch -d '{"batch": [
  {"type": "identify", "userId": "ann", "traits": {"name": "Ann Archer", "email": "ann@acme.example"}},
  {"type": "group", "userId": "ann", "groupId": "acme", "traits": {"name": "Acme"}},
  {"type": "track", "userId": "ann", "event": "Report created"}
]}'
"""
_PYTHON = """\
import base64
import json
import urllib.request

batch = [
    {"type": "identify", "userId": "ann", "traits": {"name": "Ann Archer", "email": "ann@acme.example"}},
    {"type": "group", "userId": "ann", "groupId": "acme", "traits": {"name": "Acme"}},
    {"type": "track", "userId": "ann", "event": "Report created"},
]
key = base64.b64encode(b"%(key)s:").decode()
request = urllib.request.Request(
    "%(address)s/v1/batch",
    data=json.dumps({"batch": batch}).encode(),
    headers={"Authorization": f"Basic {key}", "Content-Type": "application/json"},
)
print(urllib.request.urlopen(request).read().decode())
"""
_NODE = """\
const batch = [
  { type: "identify", userId: "ann", traits: { name: "Ann Archer", email: "ann@acme.example" } },
  { type: "group", userId: "ann", groupId: "acme", traits: { name: "Acme" } },
  { type: "track", userId: "ann", event: "Report created" },
];
fetch("%(address)s/v1/batch", {
  method: "POST",
  headers: { Authorization: `Basic ${btoa("%(key)s:")}`, "Content-Type": "application/json" },
  body: JSON.stringify({ batch }),
}).then((answer) => answer.text()).then(console.log);
"""


def snippets(key: str, address: str) -> list[Snippet]:
    """Return the same three messages in each language."""
    values = {"key": key or PLACE, "address": address}
    texts = (("curl", "sh", _CURL), ("Python", "python", _PYTHON), ("Node.js", "js", _NODE))
    return [Snippet(name, language, (text % values).strip()) for name, language, text in texts]
