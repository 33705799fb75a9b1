"""Entries of the bank that lie nearer to another fact than to their own."""

import numpy as np

from knowledge import Plan
from knowledge.bank import Question
from retrieval.neighbours import strays
from retrieval.passages import Passage

BANK = [
    Question("how often are children absent", "en", "ana", node_id="2D.M1"),
    Question("trees in the yard", "en", "ana", node_id="2D.M1"),
    Question("a greener yard", "en", "ben", node_id="2A.S3"),
]
VECTORS = np.array([[1, 0, 0], [0, 1, 0], [0, 0.75, 0.66]], np.float32)
PLAN_ENTRIES = [Passage("2D.M1", "en", "absence", "plan"), Passage("2A.S3", "en", "green space", "plan")]
ENTRIES = [*PLAN_ENTRIES, *(Passage(str(q.node_id), q.locale, q.text, "bank") for q in BANK)]
ENTRY_VECTORS = np.vstack([np.array([[0.9, 0, 0.44], [0, 0.6, 0.8]], np.float32), VECTORS])


def test_a_question_nearer_to_another_fact_is_named_with_it(excerpt: Plan) -> None:
    found = strays(excerpt, BANK, VECTORS, ENTRIES, ENTRY_VECTORS)
    assert [(s.question.text, s.nearer_id) for s in found] == [("trees in the yard", "2A.S3")]
    assert found[0].other > found[0].own


def test_a_writer_is_no_witness_for_himself(excerpt: Plan) -> None:
    alone = [Question("trees in the yard", "en", "ana", node_id="2D.M1"), Question("a greener yard", "en", "ana", node_id="2A.S3")]
    entries = [*PLAN_ENTRIES, *(Passage(str(q.node_id), q.locale, q.text, "bank") for q in alone)]
    vectors = VECTORS[1:]
    assert [s.other for s in strays(excerpt, alone, vectors, entries, np.vstack([ENTRY_VECTORS[:2], vectors]))] == [0.6]


def test_a_wider_margin_names_fewer(excerpt: Plan) -> None:
    assert strays(excerpt, BANK, VECTORS, ENTRIES, ENTRY_VECTORS, margin=2.0) == []
