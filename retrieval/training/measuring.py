"""Figures on the development split of the training data, for decisions while training."""

from collections.abc import Sequence

import numpy as np

from retrieval.training.bank import Bank
from retrieval.training.data import Pair, QuestionPassage
from retrieval.training.encoder import Encoder, encode


def translation_figures(encoder: Encoder, pairs: Sequence[Pair], bfloat16: bool = False) -> dict[str, float]:
    """Percent of texts whose translation is the nearest of all, both ways, and the mean cosine of pairs."""
    english = encode(encoder, [pair.english for pair in pairs], bfloat16=bfloat16)
    spanish = encode(encoder, [pair.spanish for pair in pairs], bfloat16=bfloat16)
    scores = spanish @ english.T
    own = np.arange(len(pairs))
    return {
        "es-en": 100 * float((scores.argmax(1) == own).mean()),
        "en-es": 100 * float((scores.argmax(0) == own).mean()),
        "cosine": float(scores[own, own].mean()),
    }


def passage_figures(
    encoder: Encoder, rows: Sequence[QuestionPassage], bfloat16: bool = False
) -> dict[str, float]:
    """Percent of questions whose passage is the nearest of all, in the four language directions."""
    questions = {"en": [row.question.english for row in rows], "es": [row.question.spanish for row in rows]}
    passages = {"en": [row.passage.english for row in rows], "es": [row.passage.spanish for row in rows]}
    asked = {code: encode(encoder, texts, bfloat16=bfloat16) for code, texts in questions.items()}
    found = {code: encode(encoder, texts, bfloat16=bfloat16) for code, texts in passages.items()}
    own = np.arange(len(rows))
    return {
        f"{one}-{other}": 100 * float(((asked[one] @ found[other].T).argmax(1) == own).mean())
        for one in ("en", "es")
        for other in ("en", "es")
    }


def bank_figures(encoder: Encoder, bank: Bank, bfloat16: bool = False) -> dict[str, float]:
    """Percent of each writer's questions with their id first and in the first five, by its best passage."""
    names = list(dict.fromkeys(passage.id for passage in bank.passages))
    place = np.array([names.index(passage.id) for passage in bank.passages])
    found = encode(encoder, [passage.text for passage in bank.passages], bfloat16=bfloat16)
    figures = {}
    for writer in sorted({question.writer for question in bank.questions}):
        asked = [question for question in bank.questions if question.writer == writer]
        scores = encode(encoder, [question.text for question in asked], bfloat16=bfloat16) @ found.T
        best = np.stack([scores[:, place == index].max(1) for index in range(len(names))], axis=1)
        ranked = np.argsort(-best, axis=1, kind="stable")[:, :5]
        right = np.array([names.index(question.id) for question in asked])[:, None]
        figures[f"{writer}@1"] = 100 * float((ranked[:, :1] == right).any(1).mean())
        figures[f"{writer}@5"] = 100 * float((ranked == right).any(1).mean())
    return figures
