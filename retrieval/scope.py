"""Is this a question the plan can answer? A classifier over embedding and character n-grams."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge.bank import REASONS, Question
from retrieval.encoder import Vectors
from retrieval.ngrams import BUCKETS, Ngrams

CLASSES: tuple[str, ...] = ("plan", *REASONS)


@dataclass(frozen=True)
class Scope:
    """Two linear classifiers over CLASSES, one on embeddings and one on n-grams, their probabilities averaged.

    `dense` has shape (classes, dimensions + 1), `sparse` (classes, BUCKETS + 1); both empty where the bank
    has no refused questions, and then everything counts as a question on the plan.
    """

    dense: NDArray[np.float32]
    sparse: NDArray[np.float32]

    def probabilities(self, vector: Vectors, grams: sp.csr_matrix) -> dict[str, float]:
        """Probability of each class for one message: `vector` (dimensions,), `grams` (1, BUCKETS)."""
        if not len(self.dense):
            return {name: float(name == "plan") for name in CLASSES}
        one = _softmax(self.dense[:, :-1] @ vector + self.dense[:, -1])
        columns = grams.indices
        two = _softmax(self.sparse[:, columns] @ grams.data + self.sparse[:, -1])
        return {name: float(p) for name, p in zip(CLASSES, (one + two) / 2, strict=True)}

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """What `from_arrays` needs."""
        return {"scope_dense": self.dense, "scope_sparse": self.sparse}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[np.float32]]) -> "Scope":
        """The classifier stored by `arrays`."""
        return cls(arrays["scope_dense"], arrays["scope_sparse"])


def train_scope(
    texts: list[str], vectors: Vectors, grams: sp.csr_matrix, refused: list[Question], refused_vectors: Vectors, ngrams: Ngrams
) -> Scope:
    """Fit on the plan's passages and questions against the refused ones; classes weigh alike."""
    if not refused:
        empty = np.zeros((0, 0), np.float32)
        return Scope(empty, empty)
    labels = np.array(["plan"] * len(texts) + [str(question.reason) for question in refused])
    dense = _fit(np.vstack([vectors, refused_vectors]), labels, penalty_inverse=10.0)
    refused_grams = ngrams.transform([question.text for question in refused])
    sparse = _fit(sp.csr_matrix(sp.vstack([grams, refused_grams])), labels, penalty_inverse=10.0)
    return Scope(_in_order(dense, vectors.shape[1]), _in_order(sparse, BUCKETS))


def _fit(features: Vectors | sp.csr_matrix, labels: NDArray[np.str_], penalty_inverse: float) -> LogisticRegression:
    model = LogisticRegression(C=penalty_inverse, class_weight="balanced", max_iter=300)
    return model.fit(features, labels)


def _in_order(model: LogisticRegression, width: int) -> NDArray[np.float32]:
    """The weights in the order of CLASSES; a class never seen gets a weight that keeps it from winning."""
    weights = np.zeros((len(CLASSES), width + 1), np.float32)
    weights[:, -1] = -30
    names = list(model.classes_)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(names) == 2:
        coefficients, intercepts = np.vstack([-coefficients, coefficients]) / 2, np.array([-intercepts[0], intercepts[0]]) / 2
    for row, name in enumerate(names):
        weights[CLASSES.index(name)] = np.append(coefficients[row], intercepts[row])
    return weights


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    exps = np.exp(logits - logits.max())
    return np.asarray(exps / exps.sum(), dtype=np.float32)
