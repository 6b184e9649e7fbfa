"""Slips of whoever types: a letter left out, put in, mistaken, or two that changed places. Of folded words."""

from collections.abc import Sequence

LEAST = 4  # letters: in shorter words a slip makes another word
_TWO_SLIPS = 8  # letters of a word in which two are forgiven


def allowed(word: str) -> int:
    """Return how many slips are forgiven. None in numbers and ids, where the next one is another one."""
    if len(word) < LEAST or not word.isalpha():
        return 0
    return 2 if len(word) >= _TWO_SLIPS else 1


def swapped(word: str) -> list[str]:
    """Return the word with each two neighbours changed back: what may have been meant."""
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1) if word[i] != word[i + 1]]


def slips(typed: Sequence[str], words: Sequence[str]) -> int | None:
    """Return how many slips all typed words took, each to be one of the words or its beginning; None for too many."""
    total = 0
    for part in typed:
        fewest = min((_slips_of(part, word) for word in words), default=len(part))
        if fewest > allowed(part):
            return None
        total += fewest
    return total


def _slips_of(typed: str, word: str) -> int:
    if word.startswith(typed):
        return 0
    most = allowed(typed)
    if not most or (typed[0] != word[0] and len(typed) < LEAST + 2 and typed[1::-1] != word[:2]):
        return len(typed)  # of short words, another first letter makes another name: Kato is not Sato
    if len({*typed} - {*word}) > most:
        return len(typed)  # told at once of most words that are compared
    return min(_last_row(typed, word[: len(typed) + most]))


def distance(one: str, other: str) -> int:
    """Return in how many slips one word becomes the other (optimal string alignment)."""
    return _last_row(one, other)[-1]


def _last_row(one: str, other: str) -> list[int]:
    """Return in how many slips the first word becomes each beginning of the other, the empty one first."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, mate in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != mate))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mate:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last
