"""Searching an opened index: the evidence for one message, fused."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from knowledge.danger import DANGER_KINDS
from retrieval import scope
from retrieval.danger import danger_kind
from retrieval.encoder import Encoder, Vectors
from retrieval.index import Index
from retrieval.lexical import LexicalIndex
from retrieval.ranker import Calibration, Grouping, Reading, Scores, load_calibration, standardise
from retrieval.spelling import Speller

BELOW_ANY_COSINE = -2.0


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
        columns = np.array([column[p.node_id] for p in index.passages], dtype=np.int64)
        of_plan = np.array([p.source == "plan" for p in index.passages], dtype=bool)
        self._all = Grouping.of(np.arange(len(columns)), columns)
        self._of_plan, self._of_bank = (Grouping.of(np.flatnonzero(rows), columns) for rows in (of_plan, ~of_plan))
        self._lexical = LexicalIndex(index.passages)
        self._size = len(index.passages)
        self._speller = Speller(passage.text for passage in index.passages)

    @property
    def node_ids(self) -> list[str]:
        """The nodes that are ranked, in the order of the voices."""
        return self._ranker.node_ids

    def evidence(self, text: str) -> Evidence:
        """Encode `text`, ask every voice, and fuse."""
        return self.evidences([text])[0]

    def evidences(self, texts: list[str]) -> list[Evidence]:
        """The evidence for each of `texts`, their spelling mended, encoded together."""
        texts = [self._speller.mend(text) for text in texts]
        vectors = self._encoder.encode(texts)
        cosines, grams, readings = self._read(texts, vectors)
        return [self._evidence(text, *read) for text, *read in zip(texts, cosines, grams, readings, strict=True)]

    def _read(self, texts: list[str], vectors: Vectors) -> tuple[Vectors, sp.csr_matrix, list[Reading]]:
        cosines, grams = self._cosines(vectors), self._ranker.ngrams.transform(texts)
        return cosines, grams, self._ranker.read(vectors, grams, cosines)

    def _evidence(self, text: str, cosines: Scores, grams: sp.csr_matrix, reading: Reading) -> Evidence:
        logits = np.zeros(len(self._ranker.node_ids), np.float32)
        for name, scores in self._voices(text, cosines, reading).items():
            logits += np.float32(self.calibration.weights[name]) * standardise(scores)
        nearest = float(cosines.max(initial=-1.0))
        danger = self._chance(self.calibration.danger, self._danger_voices(grams, cosines, reading))
        kind = danger_kind(reading.kinds)
        return Evidence(self._ranker.node_ids, logits, self._scope(reading, nearest), nearest, danger, kind)

    def _scope(self, reading: Reading, nearest: float) -> dict[str, float]:
        """The calibrated probability of each kind of message; everything is the plan's where nothing is known to refuse."""
        voices = _refusal_voices(reading, nearest)
        refused = self._chance(self.calibration.refusal, voices) if len(reading.refused) else 0.0
        return {"plan": 1 - refused} | {reason: refused * share for reason, share in scope.shares(reading.reasons).items()}

    @staticmethod
    def _chance(fitted: Mapping[str, float], voices: Mapping[str, float]) -> float:
        """A calibrated probability (Platt scaling over its voices)."""
        return _logistic(sum(fitted[name] * voice for name, voice in voices.items()) + fitted["bias"])

    def _danger_voices(self, grams: sp.csr_matrix, cosines: Scores, reading: Reading) -> dict[str, float]:
        """Danger's voices; safe is all that is asked without danger: the passages, what is refused, what only sounds so."""
        safe = np.concatenate([cosines, reading.refused, reading.harmless])
        return self._ranker.danger.voices(reading.kinds, grams, reading.danger, safe)

    def nearest(self, text: str, sentences: Sequence[str]) -> int:
        """The place of the sentence whose vector is nearest to that of `text`."""
        vectors = self._encoder.encode([self._speller.mend(text), *sentences])
        return int(np.argmax(vectors[1:] @ vectors[0]))

    def readings(self, text: str, vector: Vectors) -> tuple[dict[str, Scores], dict[str, float], dict[str, float]]:
        """The voices on nodes, refusal and danger for `text`, whose unit vector is `vector`; for measuring."""
        (cosines,), grams, (reading,) = self._read([text], vector[None])
        refusal = _refusal_voices(reading, float(cosines.max(initial=-1.0)))
        return self._voices(text, cosines, reading), refusal, self._danger_voices(grams, cosines, reading)

    def _voices(self, text: str, cosines: Scores, reading: Reading) -> dict[str, Scores]:
        nodes = len(self._ranker.node_ids)
        return {
            "dense": self._of_plan.best(cosines, nodes, -1.0),
            "bank": self._of_bank.best(cosines, nodes, 0.0),
            "kernel": reading.nodes,
            "lexical": self._all.best(self._lexical.scores(text), nodes, 0.0),
        }

    def _cosines(self, vectors: Vectors) -> Vectors:
        """Cosines of `vectors` (messages, dimensions) to every passage, in the index's order: shape (messages, passages)."""
        # All of them unsorted, an eighth of the time that the nearest `size` in order would take.
        _, scores, rows = self._vectors.range_search(vectors, BELOW_ANY_COSINE)
        cosines = np.empty((len(vectors), self._size), np.float32)
        cosines[np.repeat(np.arange(len(vectors)), self._size), rows] = scores
        return cosines


def _refusal_voices(reading: Reading, nearest: float) -> dict[str, float]:
    return scope.voices(reading.reasons, reading.nodes, float(reading.refused.max(initial=-1.0)), nearest)


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-max(odds, -700.0)))
