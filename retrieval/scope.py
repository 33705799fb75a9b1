"""Is this a question the plan can answer? What the kernel regression and the nearest known messages say of it."""

import numpy as np
from numpy.typing import NDArray

from knowledge.bank import REASONS

VOICES = ("refused", "node", "nearness", "similarity", "distance")
# Below this cosine nothing that is known of the plan lies near a message (of answered questions 1 in 20 is below it).
NEAR = 0.6
LEAST_SHARE = 0.01

CLASSES: tuple[str, ...] = ("plan", *REASONS)


def voices(reasons: NDArray[np.float32], nodes: NDArray[np.float32], refused: float, nearest: float) -> dict[str, float]:
    """What speaks for refusing a message.

    `reasons` and `nodes` are the regression's outputs; `refused` and `nearest` the best cosine to a refused message and
    to a passage or answerable question.
    """
    return {
        "refused": float(reasons.sum()),
        "node": float(nodes.max(initial=0.0)),
        "nearness": refused - nearest,
        "similarity": nearest,
        "distance": max(0.0, NEAR - nearest),
    }


def shares(reasons: NDArray[np.float32]) -> dict[str, float]:
    """How a refusal divides among the reasons; sums to 1."""
    positive = np.maximum(reasons, LEAST_SHARE)
    return {reason: float(share) for reason, share in zip(REASONS, positive / positive.sum(), strict=True)}
