"""Searching an opened index: the evidence for one message, fused."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from knowledge.danger import DANGER_KINDS
from retrieval.encoder import Encoder, Vectors
from retrieval.index import Index
from retrieval.lexical import LexicalIndex
from retrieval.ranker import Calibration, Scores, best_by_node, load_calibration, standardise
from retrieval.spelling import Speller


@dataclass(frozen=True)
class Hit:
    """A node and the probability that it is what the message asks for."""

    node_id: str
    score: float


@dataclass(frozen=True)
class Evidence:
    """All that the index says of a message.

    `logits` holds one fused score per node of `node_ids`; `scope` the probability of each kind of message;
    `similarity` the best cosine to any passage, a plain measure of how near the plan is at all; `danger` the
    probability that it speaks of someone in danger, and `danger_kind` of which kind.
    """

    node_ids: list[str]
    logits: Scores
    scope: dict[str, float]
    similarity: float
    danger: float = 0.0
    danger_kind: str = DANGER_KINDS[0]

    def hits(self, limit: int = 10, boost: Mapping[str, float] | None = None, among: set[str] | None = None) -> list[Hit]:
        """The best nodes, softmax probabilities over all nodes (or over `among`), best first.

        `boost` adds to the logits of single nodes, as a conversation's topic does.
        """
        logits = self.logits.copy()
        for number, node_id in enumerate(self.node_ids):
            logits[number] += (boost or {}).get(node_id, 0.0)
            if among is not None and node_id not in among:
                logits[number] = -np.inf
        if not np.isfinite(logits).any():
            return []
        chances = np.exp(logits - logits.max())
        chances /= chances.sum()
        order = np.argsort(-chances, kind="stable")[:limit]
        return [Hit(self.node_ids[number], float(chances[number])) for number in order if np.isfinite(logits[number])]


class Searcher:
    """An index opened for questions. Safe to use from several threads."""

    def __init__(self, index: Index, encoder: Encoder, calibration: Calibration | None = None) -> None:
        self._ranker, self._encoder, self._vectors = index.ranker, encoder, index.vectors
        self.calibration = calibration or load_calibration()
        column = {node_id: number for number, node_id in enumerate(index.ranker.node_ids)}
        self._columns = np.array([column[p.node_id] for p in index.passages], dtype=np.int64)
        self._of_plan = np.array([p.source == "plan" for p in index.passages])
        self._lexical = LexicalIndex(index.passages)
        self._size = len(index.passages)
        self._speller = Speller(passage.text for passage in index.passages)

    def evidence(self, text: str) -> Evidence:
        """Encode `text`, ask every voice, and fuse."""
        return self.evidences([text])[0]

    def evidences(self, texts: list[str]) -> list[Evidence]:
        """The evidence for each of `texts`, their spelling mended, encoded together."""
        texts = [self._speller.mend(text) for text in texts]
        vectors = self._encoder.encode(texts)
        return [self._evidence(text, vector) for text, vector in zip(texts, vectors, strict=True)]

    def _evidence(self, text: str, vector: Vectors) -> Evidence:
        cosines = self._cosines(vector)
        grams = self._ranker.ngrams.transform([text])
        logits = np.zeros(len(self._ranker.node_ids), np.float32)
        for name, scores in self._voices(text, vector, cosines, grams).items():
            logits += np.float32(self.calibration.weights[name]) * standardise(scores)
        nearest = float(cosines.max(initial=-1.0))
        odds, shares = self._ranker.scope.refusal(vector, grams, nearest)
        danger = self._danger(self._ranker.danger.voices(vector, grams, self._safe(vector, cosines)))
        kind = self._ranker.danger.kind(vector)
        return Evidence(self._ranker.node_ids, logits, self._scope(odds, shares, nearest), nearest, danger, kind)

    def _danger(self, voices: dict[str, float]) -> float:
        """The calibrated probability of danger (Platt scaling over its voices)."""
        fitted = self.calibration.danger
        return _logistic(sum(fitted[name] * voice for name, voice in voices.items()) + fitted["bias"])

    def _safe(self, vector: Vectors, cosines: Scores) -> Vectors:
        """Cosines to all that is asked without danger: the passages, and what is refused."""
        refused = self._ranker.scope.refused
        return np.concatenate([cosines, refused @ vector]) if len(refused) else cosines

    def _scope(self, odds: float, shares: dict[str, float], nearest: float) -> dict[str, float]:
        """The calibrated probability of each kind of message (Platt scaling over two voices)."""
        fitted = self.calibration.refusal
        refused = _logistic(fitted["odds"] * odds + fitted["similarity"] * nearest + fitted["bias"])
        return {"plan": 1 - refused} | {reason: refused * share for reason, share in shares.items()}

    def nearest(self, text: str, sentences: Sequence[str]) -> int:
        """The place of the sentence whose vector is nearest to that of `text`."""
        vectors = self._encoder.encode([self._speller.mend(text), *sentences])
        return int(np.argmax(vectors[1:] @ vectors[0]))

    def refusal_voices(self, text: str, vector: Vectors) -> tuple[float, float]:
        """The scope's own log odds and the best cosine, for `text` with its unit vector; for measuring."""
        nearest = float(self._cosines(vector).max(initial=-1.0))
        return self._ranker.scope.refusal(vector, self._ranker.ngrams.transform([text]), nearest)[0], nearest

    def voices(self, text: str, vector: Vectors) -> dict[str, Scores]:
        """Each voice's score of every node for `text`, whose unit vector is `vector`; for measuring."""
        return self._voices(text, vector, self._cosines(vector), self._ranker.ngrams.transform([text]))

    def _voices(self, text: str, vector: Vectors, cosines: Scores, grams: sp.csr_matrix) -> dict[str, Scores]:
        nodes, of_plan, columns = len(self._ranker.node_ids), self._of_plan, self._columns
        return {
            "dense": best_by_node(cosines[of_plan], columns[of_plan], nodes, -1.0),
            "bank": best_by_node(cosines[~of_plan], columns[~of_plan], nodes, 0.0),
            "head": vector @ self._ranker.head[:-1] + self._ranker.head[-1],
            "ngrams": np.asarray((grams @ self._ranker.centroids.T).todense(), dtype=np.float32).ravel(),
            "lexical": best_by_node(self._lexical.scores(text), columns, nodes, 0.0),
        }

    def _cosines(self, vector: NDArray[np.float32]) -> Scores:
        """Cosine to every passage, in the index's order."""
        scores, rows = self._vectors.search(vector[None, :], self._size)
        cosines = np.empty(self._size, np.float32)
        cosines[rows[0]] = scores[0]
        return cosines


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-max(odds, -700.0)))
