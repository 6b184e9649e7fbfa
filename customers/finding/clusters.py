from collections.abc import Collection, Iterable, Sequence


def clusters(members: Iterable[int], apart: Collection[tuple[int, int]]) -> list[Sequence[int]]:
    """Part a group of those who have something in common by the pairs of whom somebody said that they are not the same.

    Each joins the first cluster from whose first member it was not told apart; so every pair of the group that was
    not told apart is in a cluster until it is, or one of the two is merged. Clusters of one are left out. `apart`: the
    smaller number first.
    """
    found: list[list[int]] = []
    for member in sorted(members):
        place = next((cluster for cluster in found if (cluster[0], member) not in apart), None)
        if place is None:
            found.append([member])
        else:
            place.append(member)
    return [cluster for cluster in found if len(cluster) > 1]
