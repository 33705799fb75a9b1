"""Does a message speak of someone in danger? Its own voices beside those of the kernel regression.

It works beside hand-written patterns: patterns know set phrases, the classifier hears what is only hinted at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge.danger import DANGER_KINDS, Phrase
from retrieval.encoder import Vectors
from retrieval.ngrams import Ngrams

# A danger that is missed costs more than a false alarm.
DANGER_WEIGHT = 3.0
PENALTY_INVERSE = 10.0
NEIGHBOURS = 3
VOICES = ("kernel", "sparse", "nearness")
NEVER = -100.0


@dataclass(frozen=True)
class Danger:
    """A linear classifier of danger on n-grams, and the vectors of the phrases that speak of danger and that do not.

    `sparse` has shape (BUCKETS + 1,), `phrases` (danger, dimensions), `harmless` (phrases, dimensions); `sparse` is empty
    where there was nothing to learn from, and then nothing is danger.
    """

    sparse: NDArray[np.float32]
    phrases: Vectors
    harmless: Vectors

    def voices(self, kinds: Vectors, grams: sp.csr_matrix, danger: Vectors, safe: Vectors) -> dict[str, float]:
        """What speaks for danger in a message with `grams` (1, BUCKETS).

        `kernel` sums the regression's outputs `kinds`; `sparse` are log odds; `nearness` is the mean cosine to the nearest
        phrases of danger, `danger`, less that to the nearest safe messages, `safe`.
        """
        if not len(self.sparse):
            return dict.fromkeys(VOICES, NEVER)
        return {
            "kernel": float(kinds.sum()),
            "sparse": float(self.sparse[grams.indices] @ grams.data + self.sparse[-1]),
            "nearness": _nearest(danger) - _nearest(safe),
        }


def danger_kind(kinds: Vectors) -> str:
    """The kind of danger that fits best, should it be danger."""
    return DANGER_KINDS[int(np.argmax(kinds))]


def train_danger(phrases: Sequence[Phrase], vectors: Vectors, safe_grams: sp.csr_matrix, ngrams: Ngrams) -> Danger:
    """Fit on `phrases` (with their vectors, row for row) against their harmless ones and other safe messages."""
    labels = np.array([phrase.kind is not None for phrase in phrases], dtype=bool)
    if not labels.any() or labels.all():
        return Danger(np.zeros(0, np.float32), vectors[labels], vectors[~labels])
    wanted = np.concatenate([labels, np.zeros(safe_grams.shape[0], bool)])
    grams = sp.csr_matrix(sp.vstack([ngrams.transform([phrase.text for phrase in phrases]), safe_grams]))
    return Danger(_fit(grams, wanted), vectors[labels], vectors[~labels])


def _nearest(cosines: Vectors) -> float:
    return float(np.partition(cosines, -NEIGHBOURS)[-NEIGHBOURS:].mean()) if len(cosines) > NEIGHBOURS else float(cosines.mean())


def _fit(features: sp.csr_matrix, wanted: NDArray[np.bool_]) -> NDArray[np.float32]:
    weight = {True: DANGER_WEIGHT, False: 1.0}
    model = LogisticRegression(C=PENALTY_INVERSE, class_weight=weight, max_iter=300, solver="liblinear", random_state=7)
    model.fit(features, wanted)
    return np.append(model.coef_[0], model.intercept_).astype(np.float32)
