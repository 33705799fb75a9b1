"""Does a message speak of someone in danger? A classifier over embedding and character n-grams.

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
PENALTY_INVERSE = {"dense": 3.0, "sparse": 10.0}
NEIGHBOURS = 3
VOICES = ("dense", "sparse", "nearness")
NEVER = -100.0


@dataclass(frozen=True)
class Danger:
    """Linear classifiers of danger on embeddings and on n-grams, of its kind on embeddings, and the phrases' vectors.

    `dense` has shape (dimensions + 1,), `sparse` (BUCKETS + 1,), `kinds` (kinds, dimensions + 1), `phrases` (danger,
    dimensions) and `harmless` (phrases, dimensions); all empty where there was nothing to learn from, and then nothing
    is danger.
    """

    dense: NDArray[np.float32]
    sparse: NDArray[np.float32]
    kinds: NDArray[np.float32]
    phrases: Vectors
    harmless: Vectors

    def voices(self, vector: Vectors, grams: sp.csr_matrix, safe: Vectors) -> dict[str, float]:
        """What speaks for danger in the message with `vector` (dimensions,) and `grams` (1, BUCKETS).

        `dense` and `sparse` are log odds; `nearness` is the mean cosine to the nearest phrases of danger less that to the
        nearest safe messages, whose cosines to this one are `safe`.
        """
        if not len(self.dense):
            return dict.fromkeys(VOICES, NEVER)
        return {
            "dense": float(self.dense[:-1] @ vector + self.dense[-1]),
            "sparse": float(self.sparse[grams.indices] @ grams.data + self.sparse[-1]),
            "nearness": _nearest(self.phrases @ vector) - _nearest(np.concatenate([self.harmless @ vector, safe])),
        }

    def kind(self, vector: Vectors) -> str:
        """The kind of danger that fits best, should it be danger."""
        if not len(self.kinds):
            return DANGER_KINDS[0]
        return DANGER_KINDS[int(np.argmax(self.kinds[:, :-1] @ vector + self.kinds[:, -1]))]


def train_danger(
    phrases: Sequence[Phrase], vectors: Vectors, safe_vectors: Vectors, safe_grams: sp.csr_matrix, ngrams: Ngrams
) -> Danger:
    """Fit on `phrases` (with their vectors, row for row) against their harmless ones and other safe messages."""
    labels = np.array([phrase.kind is not None for phrase in phrases], dtype=bool)
    if not labels.any() or labels.all():
        nothing, none = np.zeros(0, np.float32), np.zeros((0, 0), np.float32)
        return Danger(nothing, nothing, none, none, none)
    wanted = np.concatenate([labels, np.zeros(len(safe_vectors), bool)])
    grams = sp.csr_matrix(sp.vstack([ngrams.transform([phrase.text for phrase in phrases]), safe_grams]))
    kinds = np.array([str(phrase.kind) for phrase in phrases])[labels]
    return Danger(
        _fit(np.vstack([vectors, safe_vectors]), wanted, PENALTY_INVERSE["dense"]),
        _fit(grams, wanted, PENALTY_INVERSE["sparse"]),
        _fit_kinds(vectors[labels], kinds), vectors[labels], vectors[~labels],
    )


def _nearest(cosines: Vectors) -> float:
    return float(np.partition(cosines, -NEIGHBOURS)[-NEIGHBOURS:].mean()) if len(cosines) > NEIGHBOURS else float(cosines.mean())


def _fit(features: Vectors | sp.csr_matrix, wanted: NDArray[np.bool_], penalty_inverse: float) -> NDArray[np.float32]:
    weight = {True: DANGER_WEIGHT, False: 1.0}
    model = LogisticRegression(C=penalty_inverse, class_weight=weight, max_iter=300, solver="liblinear", random_state=7)
    model.fit(features, wanted)
    return np.append(model.coef_[0], model.intercept_).astype(np.float32)


def _fit_kinds(vectors: Vectors, kinds: NDArray[np.str_]) -> NDArray[np.float32]:
    """One weight row per kind; a kind without a phrase gets one that keeps it from winning."""
    rows = np.zeros((len(DANGER_KINDS), vectors.shape[1] + 1), np.float32)
    rows[:, -1] = -30
    for number, kind in enumerate(DANGER_KINDS):
        mine = kinds == kind
        if mine.all():
            rows[number, -1] = 0
        elif mine.any():
            model = LogisticRegression(C=PENALTY_INVERSE["sparse"], class_weight="balanced", max_iter=300).fit(vectors, mine)
            rows[number] = np.append(model.coef_[0], model.intercept_)
    return rows
