"""What a chain of weights carries nowhere: to hold that carrying loses nothing unseen."""

import numpy as np

from db.core.figures import Floats
from db.core.harmonise import ROUNDING, Weights


def uncarried(counts: Floats, by: Weights) -> Floats:
    """What of each old count reaches no new area, as shape of `counts`; NaN where absent."""
    carried = np.bincount(by.old, by.of_old, by.olds)
    lost = np.where(carried >= 1 - ROUNDING, 0.0, 1 - carried)
    left: Floats = (counts.T * lost).T
    return left
