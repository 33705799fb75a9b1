"""Is this a question the plan can answer? A classifier over embedding and character n-grams."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge.bank import REASONS, Question
from retrieval.encoder import Vectors
from retrieval.ngrams import BUCKETS, Ngrams

# Weight of the nearest neighbours beside the classifiers' logits.
NEARNESS = 6.0
NEVER = -20.0

CLASSES: tuple[str, ...] = ("plan", *REASONS)


@dataclass(frozen=True)
class Scope:
    """Two linear classifiers over CLASSES, on embeddings and on n-grams, and the nearest refused question.

    `dense` has shape (classes, dimensions + 1), `sparse` (classes, BUCKETS + 1), `refused` (questions,
    dimensions); all empty where the bank has no refused questions, and then everything counts as on the plan.
    """

    dense: NDArray[np.float32]
    sparse: NDArray[np.float32]
    refused: Vectors

    def refusal(self, vector: Vectors, grams: sp.csr_matrix, nearest: float) -> tuple[float, dict[str, float]]:
        """Log odds that a message is none of the plan's, and how the refusal divides among the reasons.

        `vector` (dimensions,) and `grams` (1, BUCKETS) are the message's; `nearest` its best cosine to any
        passage or answerable question. The classifiers' logits are added, and to every refusal the difference
        between the nearest refused question and `nearest`.
        """
        if not len(self.dense):
            return NEVER, dict.fromkeys(REASONS, 1 / len(REASONS))
        logits = _log_softmax(self.dense[:, :-1] @ vector + self.dense[:, -1])
        logits = logits + _log_softmax(self.sparse[:, grams.indices] @ grams.data + self.sparse[:, -1])
        refusals = logits[1:] + np.float32(NEARNESS * (float((self.refused @ vector).max()) - nearest))
        shares = np.exp(_log_softmax(refusals))
        odds = float(np.logaddexp.reduce(refusals) - logits[0])
        return odds, {reason: float(share) for reason, share in zip(REASONS, shares, strict=True)}


def train_scope(
    texts: list[str], vectors: Vectors, grams: sp.csr_matrix, refused: list[Question], refused_vectors: Vectors, ngrams: Ngrams
) -> Scope:
    """Fit on the plan's passages and questions against the refused ones; classes weigh alike."""
    if not refused:
        empty = np.zeros((0, 0), np.float32)
        return Scope(empty, empty, empty)
    labels = np.array(["plan"] * len(texts) + [str(question.reason) for question in refused])
    dense = _fit(np.vstack([vectors, refused_vectors]), labels, penalty_inverse=10.0)
    refused_grams = ngrams.transform([question.text for question in refused])
    sparse = _fit(sp.csr_matrix(sp.vstack([grams, refused_grams])), labels, penalty_inverse=10.0)
    return Scope(_in_order(dense, vectors.shape[1]), _in_order(sparse, BUCKETS), refused_vectors)


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


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)
