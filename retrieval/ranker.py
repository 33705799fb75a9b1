"""The learned ranker: four voices on which fact a message asks for, summed with fitted weights.

Voices, each one score per node: `dense`, the best cosine to the node's plan passages; `bank`, the best cosine
to its questions; `kernel`, a kernel ridge regression from message to node over passages and questions;
`lexical`, its best BM25 score. Each voice is standardised over the nodes of one message, so that their weights
compare. The same regression has an output for each reason to refuse and each kind of danger.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from knowledge.bank import REASONS, Question
from knowledge.danger import DANGER_KINDS, Phrase
from knowledge.models import Plan
from retrieval.danger import Danger, train_danger
from retrieval.encoder import Vectors
from retrieval.kernel import KernelRidge, fit
from retrieval.ngrams import Ngrams
from retrieval.passages import Passage

VOICES = ("dense", "bank", "kernel", "lexical")
CALIBRATION = Path(__file__).parent / "calibration.json"
# Refused messages and phrases of danger are few beside the questions.
EMPHASIS = 4.0

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Reading:
    """What the regression and the known messages outside the plan say of one message.

    `nodes`, `reasons` and `kinds` are the regression's outputs; `refused`, `danger` and `harmless` the cosines to the
    refused messages and to the phrases that speak of danger and that do not.
    """

    nodes: Scores
    reasons: Scores
    kinds: Scores
    refused: Scores
    danger: Scores
    harmless: Scores


@dataclass(frozen=True)
class Ranker:
    """What is learned at build time. `refused` holds the refused messages' vectors, shape (messages, dimensions).

    The regression's texts are, in this order, the passages, the refused messages, the phrases of danger and the harmless
    ones; its outputs `node_ids`, then the reasons, then the kinds of danger.
    """

    node_ids: list[str]
    ngrams: Ngrams
    kernel: KernelRidge
    refused: Vectors
    danger: Danger

    @cached_property
    def _beside(self) -> Vectors:
        """The vectors of what is known beside the passages: refused messages, phrases of danger, harmless ones."""
        return np.ascontiguousarray(np.vstack([self.refused, self.danger.phrases, self.danger.harmless]), dtype=np.float32)

    def read(self, vectors: Vectors, grams: sp.csr_matrix, cosines: Scores) -> list[Reading]:
        """Read messages by their `vectors` (messages, dimensions), `grams` (messages, BUCKETS) and `cosines` to the passages."""
        import torch

        beside = (torch.from_numpy(vectors) @ torch.from_numpy(self._beside).T).numpy()
        outputs = self.kernel.scores(np.hstack([cosines, beside]), grams)
        kinds_from = len(self.node_ids) + len(REASONS)
        harmless_from = len(self.refused) + len(self.danger.phrases)
        return [
            Reading(*np.split(scored, [len(self.node_ids), kinds_from]), *np.split(near, [len(self.refused), harmless_from]))
            for scored, near in zip(outputs, beside, strict=True)
        ]

    def save(self, path: Path) -> None:
        """Write everything as one npz file."""
        np.savez(
            path, node_ids=np.array(self.node_ids), idf=self.ngrams.idf, duals=self.kernel.duals.astype(np.float16),
            weights=self.kernel.weights, refused=self.refused, danger_sparse=self.danger.sparse,
            danger_phrases=self.danger.phrases, danger_harmless=self.danger.harmless,
        )

    @classmethod
    def load(cls, path: Path) -> "Ranker":
        """Read what `save` wrote."""
        with np.load(path) as stored:
            ids = [str(i) for i in stored["node_ids"]]
            kernel = KernelRidge(stored["duals"].astype(np.float32), stored["weights"])
            danger = Danger(*(stored[f"danger_{part}"] for part in ("sparse", "phrases", "harmless")))
            return cls(ids, Ngrams(stored["idf"]), kernel, stored["refused"], danger)


def train_ranker(
    plan: Plan,
    passages: list[Passage],
    vectors: Vectors,
    refused: list[Question],
    refused_vectors: Vectors,
    phrases: Sequence[Phrase],
    phrase_vectors: Vectors,
) -> Ranker:
    """Learn which node, reason or danger a message means from passages, refused questions and `phrases`.

    Vectors belong to passages, refused questions and phrases row for row.
    """
    present = {passage.node_id for passage in passages}
    node_ids = [node_id for node_id in plan.nodes if node_id in present]
    danger = [phrase for phrase in phrases if phrase.kind is not None]
    harmless = [phrase for phrase in phrases if phrase.kind is None]
    outputs = {name: number for number, name in enumerate((*node_ids, *REASONS, *DANGER_KINDS))}
    named = [*(p.node_id for p in passages), *(str(q.reason) for q in refused), *(str(p.kind) for p in danger)]
    texts = [*(p.text for p in passages), *(q.text for q in refused), *(p.text for p in danger), *(p.text for p in harmless)]
    targets = np.zeros((len(texts), len(outputs)), np.float32)
    targets[np.arange(len(named)), [outputs[name] for name in named]] = 1
    emphasis = np.ones(len(texts), np.float32)
    emphasis[len(passages) : len(named)] = EMPHASIS
    ngrams = Ngrams.fit(texts)
    grams = ngrams.transform(texts)
    heard = train_danger(phrases, phrase_vectors, grams[: len(passages) + len(refused)], ngrams)
    kernel = fit(np.vstack([vectors, refused_vectors, heard.phrases, heard.harmless]), grams, targets, emphasis)
    return Ranker(node_ids, ngrams, kernel, refused_vectors, heard)


@dataclass(frozen=True)
class Grouping:
    """Passages by node: `rows` holds them node by node, each node's from its start in `starts` on, `columns` the nodes."""

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    columns: NDArray[np.int64]

    @classmethod
    def of(cls, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> "Grouping":
        """Group `rows` (passages) by `columns` (the node of every passage)."""
        rows = rows[np.argsort(columns[rows], kind="stable")]
        found, starts = np.unique(columns[rows], return_index=True)
        return cls(rows, starts, found)

    def best(self, scores: Scores, nodes: int, floor: float) -> Scores:
        """The highest of `scores` (one per passage) for each node, at least `floor`."""
        best = np.full(nodes, floor, np.float32)
        if len(self.rows):
            best[self.columns] = np.maximum(np.maximum.reduceat(scores[self.rows], self.starts), np.float32(floor))
        return best


def standardise(scores: Scores) -> Scores:
    """Zero mean and unit deviation over the nodes."""
    return np.asarray((scores - scores.mean()) / (scores.std() + 1e-6), dtype=np.float32)


@dataclass(frozen=True)
class Calibration:
    """Fitted constants and the figures of the fit (shares on writers left out).

    `weights`: one for each voice. `refusal` and `danger`: the log odds of each are the weighted sum of its voices, plus
    `bias`.
    """

    weights: dict[str, float]
    refusal: dict[str, float]
    danger: dict[str, float]
    figures: dict[str, float]


def load_calibration(path: Path = CALIBRATION) -> Calibration:
    """Read the calibration file, made by benchmarks/ranking.py."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Calibration(stored["weights"], stored["refusal"], stored["danger"], stored["figures"])
