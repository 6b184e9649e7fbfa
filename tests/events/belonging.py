"""A plain model of who is who and who belonged where when: it reads all messages at once, whatever their order."""

import hashlib
from datetime import datetime
from typing import NamedTuple


class _Said(NamedTuple):
    at: datetime
    message_hash: bytes


class Model:
    def __init__(self, messages):
        self._messages = [(_said(message), message) for message in messages]
        self._same = {}  # user id → the user id that stands for all of the same person
        for _, message in self._messages:
            if message["type"] == "alias":
                self._join(message["previousId"], message["userId"])
        self._owners = {}  # anonymous id → when it was first seen with which user id
        for said, message in self._messages:
            for device in _devices(message):
                if message.get("userId"):
                    link = (said, message["userId"])
                    self._owners[device] = min(self._owners.get(device, link), link)

    # Who is who

    def _stands_for(self, user):
        while self._same.get(user, user) != user:
            user = self._same[user]
        return user

    def _join(self, one, other):
        one, other = self._stands_for(one), self._stands_for(other)
        self._same[max(one, other)] = min(one, other)

    def _person_of_device(self, device):
        return ("user", self._stands_for(self._owners[device][1])) if device in self._owners else ("anonymous", device)

    def _person(self, message):
        if message.get("userId"):
            return "user", self._stands_for(message["userId"])
        return self._person_of_device(message["anonymousId"]) if message.get("anonymousId") else None

    def _names(self):
        for _, message in self._messages:
            if message.get("userId"):
                yield ("user", message["userId"]), self._person(message)
            if message["type"] == "alias":
                yield ("user", message["previousId"]), ("user", self._stands_for(message["previousId"]))
            for device in _devices(message):
                yield ("anonymous", device), self._person_of_device(device)

    def people(self):
        """Return the names of each person."""
        groups = {}
        for name, person in self._names():
            groups.setdefault(person, set()).add(name)
        return {frozenset(group) for group in groups.values()}

    def _whole(self, person):
        return frozenset(name for name, whose in self._names() if whose == person)

    # Where they belong

    def companies(self):
        return {company for _, message in self._messages if (company := _company(message))}

    def _memberships(self, person):
        stated = [
            (call.at, call.message_hash, _company(message))
            for call, message in self._messages
            if message["type"] in ("identify", "group") and _company(message) and self._person(message) == person
        ]
        held = {}
        for at, message_hash, company in stated:
            held[at] = min(held.get(at, (message_hash, company)), (message_hash, company))
        return [(at, held[at][1]) for at in sorted(held)]

    def _company_at(self, person, at):
        memberships = self._memberships(person)
        before = [company for since, company in memberships if since <= at]
        return before[-1] if before else memberships[0][1] if memberships else None

    def events(self):
        """Yield company (None: at home), names of the person, and time of each event."""
        for said, message in self._messages:
            if message["type"] in ("track", "page", "screen"):
                person = self._person(message)
                yield _company(message) or self._company_at(person, said.at), self._whole(person), said.at

    def present(self, names):
        """Return the company a person belongs to, and since when without a break."""
        memberships = self._memberships(dict(self._names())[next(iter(names))])
        if not memberships:
            return None, None
        since, company = memberships[-1]
        for at, other in reversed(memberships):
            if other != company:
                break
            since = at
        return company, since


def _said(message):
    message_hash = hashlib.sha256(message["messageId"].encode()).digest()[:16]
    return _Said(datetime.fromisoformat(message["timestamp"]), message_hash)


def _devices(message):
    if message["type"] == "alias":
        return [message["previousId"]]
    return [message["anonymousId"]] if message.get("anonymousId") else []


def _company(message):
    if message["type"] == "alias":
        return None
    return message["groupId"] if message["type"] == "group" else message.get("context", {}).get("groupId")
