"""Questions of the bank that lie nearer to another fact than to their own: wrong entries, or facts told apart badly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.bank import Question
from knowledge.models import Plan, Resource
from retrieval.encoder import Vectors
from retrieval.passages import Passage
from retrieval.ranker import Scores

ROWS_AT_ONCE = 1024
# A difference of cosines below this is within what a reworded question changes.
MARGIN = 0.05


@dataclass(frozen=True)
class Stray:
    """A question whose nearest texts belong to `nearer_id`; cosines to its own fact's nearest text and to that one's."""

    question: Question
    nearer_id: str
    own: float
    other: float


def strays(
    plan: Plan,
    bank: Sequence[Question],
    vectors: Vectors,
    entries: Sequence[Passage],
    entry_vectors: Vectors,
    margin: float = MARGIN,
) -> list[Stray]:
    """The answerable questions of `bank` that are nearer to another fact by more than `margin`, the farthest first.

    `vectors` are the questions', `entry_vectors` those of the index's passages, row for row. A question is compared with
    the plan's own passages and with other writers' questions, never with its own writer's: one writer repeats turns of
    phrase. Resources of the same name under two ids count as one fact.
    """
    writer_of = {(q.text, q.node_id): q.writer for q in bank}
    order = sorted(range(len(entries)), key=lambda row: entries[row].node_id)
    entries, entry_vectors = [entries[row] for row in order], entry_vectors[order]
    ids, starts = np.unique([entry.node_id for entry in entries], return_index=True)
    ids = ids.tolist()
    writers = np.array([writer_of.get((entry.text, entry.node_id), "") for entry in entries])
    asked = [(row, question) for row, question in enumerate(bank) if question.node_id in set(ids)]
    found: list[Stray] = []
    for start in range(0, len(asked), ROWS_AT_ONCE):
        part = asked[start : start + ROWS_AT_ONCE]
        cosines = vectors[[row for row, _ in part]] @ entry_vectors.T
        for (_, question), mine in zip(part, cosines, strict=True):
            best = np.maximum.reduceat(np.where(writers == question.writer, np.float32(-1), mine), starts)
            found += _stray(plan, question, best, ids, margin)
    return sorted(found, key=lambda stray: stray.own - stray.other)


def _stray(plan: Plan, question: Question, best: Scores, ids: list[str], margin: float) -> list[Stray]:
    same = twins(plan, str(question.node_id))
    own = max(float(best[ids.index(node_id)]) for node_id in same if node_id in ids)
    others = [(float(best[n]), node_id) for n, node_id in enumerate(ids) if node_id not in same]
    other, nearer = max(others, default=(-1.0, ""))
    return [Stray(question, nearer, round(own, 4), round(other, 4))] if other - own > margin else []


def twins(plan: Plan, node_id: str) -> set[str]:
    """The node, and the resources that state the same thing under another id."""
    node = plan.nodes[node_id]
    if not isinstance(node, Resource):
        return {node_id}
    name = node.name.en
    return {i for i, n in plan.nodes.items() if isinstance(n, Resource) and (n.name.en in name or name in n.name.en)} | {node_id}
