"""A kind of notice for tests: of numbers, of which those of a hundred and more are hidden."""

from core.notices.kinds import Thing

PATH = "tests.core.notices.kinds.Numbers"
HIDDEN = 100


class Numbers:
    label = "Numbers"

    def visible(self, subjects, person):
        return subjects.filter(about__lt=HIDDEN)

    def things(self, subjects):
        return {row.pk: Thing(f"number {row.about}{row.item}", f"/customers/?q={row.about}") for row in subjects}

    def one(self, name, by):
        return f"{by or 'Nobody'} sent {name}"

    def many(self, count, by):
        return f"{by or 'Nobody'} sent {count} numbers"
