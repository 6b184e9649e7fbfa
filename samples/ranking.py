"""How well a number ranks those to whom something happened above the others."""

import numpy as np
from numpy.typing import NDArray


def auc(number: NDArray[np.float64], happened: NDArray[np.bool_]) -> float:
    """Return the share (0..1) of pairs, one of each sort, in which the number is higher where it happened.

    A tie counts half (Mann and Whitney's U). Raises ValueError unless both sorts are there.
    """
    yes, no = int(happened.sum()), int((~happened).sum())
    if not yes or not no:
        raise ValueError("There is nothing to rank: all are of one sort.")
    _, place, ties = np.unique(number, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]
    return float((ranks[happened].sum() - yes * (yes + 1) / 2) / (yes * no))
