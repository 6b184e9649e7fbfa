"""A plain model of calls and acts: what was done between batches, and what a reader of all of it expects."""

from tests.events.belonging import Model, _company


class World:
    """Takes calls and acts in the order in which they come; the order of calls between two acts does not matter."""

    def __init__(self):
        self._messages = []
        self._people = []  # pairs of user ids that colleagues merged
        self._companies = {}  # company → the one it was merged into
        self._moves = []  # user id, instant, company
        self._gone_companies = {}  # number of the act → companies
        self._gone_people = {}  # number of the act → names
        self._gone_before = {}  # number of the act → how many messages had come

    # What is done

    def take(self, message):
        kept = self._without_removed(message)
        if kept is not None:
            self._messages.append(kept)

    def merge_people(self, kept, gone):
        self._people.append((kept, gone))
        return lambda: self._people.remove((kept, gone))

    def merge_companies(self, kept, gone):
        whole = self.root(gone)
        self._companies[whole] = self.root(kept)
        return lambda: self._companies.pop(whole)

    def move(self, user, since, company):
        move = (user, since, company)
        self._moves.append(move)
        return lambda: self._moves.remove(move)

    def remove_company(self, number, company):
        self._gone_companies[number] = {name for name in self._names_of_companies() if self.root(name) == company}
        self._gone_before[number] = (len(self._messages), len(self._moves))
        return lambda: self._gone_companies.pop(number)

    def remove_person(self, number, names):
        self._gone_people[number] = set(names)
        return lambda: self._gone_people.pop(number)

    def root(self, company):
        while company in self._companies:
            company = self._companies[company]
        return company

    # What is expected

    def model(self):
        return _Curated(self)

    def _names_of_companies(self):
        return {company for message in self._messages if (company := _company(message))}

    def _removed_companies(self):
        return set().union(*self._gone_companies.values())

    def _removed_names(self):
        return set().union(*self._gone_people.values())

    def _without_removed(self, message):
        names = self._removed_names()
        if _company(message) in self._removed_companies():
            return None
        user, device = message.get("userId"), message.get("anonymousId")
        if (("user", user) if user else ("anonymous", device)) in names:
            return None
        if (
            message["type"] == "alias"
            and {("user", message["previousId"]), ("anonymous", message["previousId"])} & names
        ):
            return None
        return {**message, "anonymousId": None} if ("anonymous", device) in names else message


class _Curated(Model):
    def __init__(self, world):
        self._world = world
        super().__init__(world._messages)

    def _calls_of(self, user):
        return super()._stands_for(user)

    def _stands_for(self, user):
        user = super()._stands_for(user)
        # Whom colleagues merged are one person with all whom calls show to be either.
        group, waiting = {user}, [user]
        pairs = [(self._calls_of(a), self._calls_of(b)) for a, b in getattr(self._world, "_people", ())]
        while waiting:
            one = waiting.pop()
            for a, b in pairs:
                for other in (b,) if a == one else (a,) if b == one else ():
                    if other not in group:
                        group.add(other)
                        waiting.append(other)
        return min(group)

    def companies(self):
        return {self._world.root(name) for name in super().companies()} - self._world._removed_companies()

    def company_of_name(self, name):
        return self._world.root(name)

    def _memberships(self, person):
        stated = []
        for i, (call, message) in enumerate(self._messages):
            company = _company(message)
            joins = message["type"] in ("identify", "group") and company and self._person(message) == person
            if joins and not self._is_taken_away(i, 0, company):
                stated.append((call.at, call.message_hash, self._world.root(company)))
        for i, (user, since, company) in enumerate(self._world._moves):
            if ("user", self._stands_for(user)) == person and not self._is_taken_away(i, 1, company):
                stated.append((since, b"", self._world.root(company)))
        held = {}
        for at, message_hash, company in stated:
            held[at] = min(held.get(at, (message_hash, company)), (message_hash, company))
        return [(at, held[at][1]) for at in sorted(held)]

    def _is_taken_away(self, number, which, company):
        return any(
            company in gone and number < self._world._gone_before[act][which]
            for act, gone in self._world._gone_companies.items()
        )

    def events(self):
        gone, names = self._world._removed_companies(), self._world._removed_names()
        for call, message in self._messages:
            if message["type"] not in ("track", "page", "screen") or _company(message) in gone:
                continue
            person = self._person(message)
            if person and self._whole(person) & names:
                continue
            named = _company(message)
            yield self._world.root(named) if named else self._company_at(person, call.at), self._whole(person), call.at
