"""The learned ranker: five voices on which fact a message asks for, summed with fitted weights.

Voices, each one score per node: `dense`, the best cosine to the node's plan passages; `bank`, the best cosine
to its questions; `head`, a ridge regression from embedding to node (Hoerl & Kennard 1970) over passages and
questions; `ngrams`, the cosine of character n-grams to the node's centroid; `lexical`, its best BM25 score.
Each voice is standardised over the nodes of one message, so that their weights compare.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from knowledge.bank import Question
from knowledge.danger import Phrase
from knowledge.models import Plan
from retrieval.danger import Danger, train_danger
from retrieval.encoder import Vectors
from retrieval.ngrams import Ngrams, unit_rows
from retrieval.passages import Passage
from retrieval.scope import Scope, train_scope

VOICES = ("dense", "bank", "head", "ngrams", "lexical")
CALIBRATION = Path(__file__).parent / "calibration.json"
RIDGE = 1.0

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Ranker:
    """What is learned at build time. `head` has shape (dimensions + 1, nodes); `centroids` (nodes, BUCKETS)."""

    node_ids: list[str]
    head: Vectors
    ngrams: Ngrams
    centroids: sp.csr_matrix
    scope: Scope
    danger: Danger

    def save(self, path: Path) -> None:
        """Write everything as one npz file."""
        c = self.centroids
        np.savez(
            path, node_ids=np.array(self.node_ids), head=self.head, idf=self.ngrams.idf, data=c.data,
            indices=c.indices, indptr=c.indptr, scope_dense=self.scope.dense, scope_sparse=self.scope.sparse,
            scope_refused=self.scope.refused, danger_dense=self.danger.dense, danger_sparse=self.danger.sparse,
            danger_kinds=self.danger.kinds, danger_phrases=self.danger.phrases, danger_harmless=self.danger.harmless,
        )

    @classmethod
    def load(cls, path: Path) -> "Ranker":
        """Read what `save` wrote."""
        with np.load(path) as stored:
            ids = [str(i) for i in stored["node_ids"]]
            idf = stored["idf"]
            centroids = sp.csr_matrix((stored["data"], stored["indices"], stored["indptr"]), shape=(len(ids), len(idf)))
            scope = Scope(stored["scope_dense"], stored["scope_sparse"], stored["scope_refused"])
            danger = Danger(*(stored[f"danger_{part}"] for part in ("dense", "sparse", "kinds", "phrases", "harmless")))
            return cls(ids, stored["head"], Ngrams(idf), centroids, scope, danger)


def train_ranker(
    plan: Plan,
    passages: list[Passage],
    vectors: Vectors,
    refused: list[Question],
    refused_vectors: Vectors,
    phrases: Sequence[Phrase],
    phrase_vectors: Vectors,
) -> Ranker:
    """Learn the head and the centroids from passages, the scope from the refused questions too, danger from `phrases`.

    Vectors belong to passages, refused questions and phrases row for row.
    """
    present = {passage.node_id for passage in passages}
    node_ids = [node_id for node_id in plan.nodes if node_id in present]
    column = {node_id: number for number, node_id in enumerate(node_ids)}
    columns = np.array([column[passage.node_id] for passage in passages])
    texts = [passage.text for passage in passages]
    ngrams = Ngrams.fit(texts)
    grams = ngrams.transform(texts)
    ones, rows = np.ones(len(columns), np.float32), np.arange(len(columns))
    members = sp.csr_matrix((ones, (columns, rows)), shape=(len(node_ids), len(columns)))
    centroids = unit_rows(sp.csr_matrix(members @ grams))
    scope = train_scope(texts, vectors, grams, refused, refused_vectors, ngrams)
    safe_grams = sp.csr_matrix(sp.vstack([grams, ngrams.transform([question.text for question in refused])]))
    danger = train_danger(phrases, phrase_vectors, np.vstack([vectors, refused_vectors]), safe_grams, ngrams)
    return Ranker(node_ids, ridge_head(vectors, columns, len(node_ids)), ngrams, centroids, scope, danger)


def ridge_head(vectors: Vectors, columns: NDArray[np.int64], nodes: int) -> Vectors:
    """Ridge regression from unit vectors (n, d) to one-hot nodes; shape (d + 1, nodes), the last row the intercept."""
    padded = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    wanted = np.zeros((len(vectors), nodes), np.float32)
    wanted[np.arange(len(vectors)), columns] = 1
    gram = padded.T @ padded + RIDGE * np.eye(padded.shape[1], dtype=np.float32)
    return np.asarray(np.linalg.solve(gram, padded.T @ wanted), dtype=np.float32)


def best_by_node(scores: Scores, columns: NDArray[np.int64], nodes: int, floor: float) -> Scores:
    """The highest of `scores` (one per passage) for each node; `floor` where it has no passage."""
    best = np.full(nodes, floor, np.float32)
    np.maximum.at(best, columns, scores)
    return best


def standardise(scores: Scores) -> Scores:
    """Zero mean and unit deviation over the nodes."""
    return np.asarray((scores - scores.mean()) / (scores.std() + 1e-6), dtype=np.float32)


@dataclass(frozen=True)
class Calibration:
    """Fitted constants and the figures of the fit (shares on writers left out).

    `weights`: one for each voice. `refusal`: the log odds of refusing are `odds` times the scope's own, plus
    `similarity` times the best cosine to anything known, plus `bias`. `danger`: its log odds are the
    weighted sum of its voices, plus `bias`.
    """

    weights: dict[str, float]
    refusal: dict[str, float]
    danger: dict[str, float]
    figures: dict[str, float]


def load_calibration(path: Path = CALIBRATION) -> Calibration:
    """Read the calibration file, made by benchmarks/ranking.py."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Calibration(stored["weights"], stored["refusal"], stored["danger"], stored["figures"])
