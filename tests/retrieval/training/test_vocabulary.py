"""The bilingual vocabulary and its tokenizer."""

from collections import Counter
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from retrieval.training.encoder import load
from retrieval.training.vocabulary import (
    SPECIAL,
    VocabularySize,
    bilingual_vocabulary,
    pieces,
    word_counts,
    wordpiece_tokenizer,
)

SPANISH = ["¿Dónde está la escuela?", "La inscripción es mañana", "nuestra escuela"]
ENGLISH = ["Where is the school?", "Enrollment is tomorrow"]


@pytest.fixture(scope="module")
def teacher_tokenizer(teacher: Path) -> Tokenizer:
    return load(teacher).tokenizer


@pytest.fixture(scope="module")
def tokens(teacher_tokenizer: Tokenizer) -> list[str]:
    english, spanish = word_counts(teacher_tokenizer, ENGLISH), word_counts(teacher_tokenizer, SPANISH)
    return bilingual_vocabulary(teacher_tokenizer, english, spanish, VocabularySize(4_000, 10, 3))


def test_pieces_are_the_longest_from_the_left() -> None:
    assert pieces("unable", {"un", "una", "##ble", "##able"}) == ["una", "##ble"]
    assert pieces("xyz", {"un"}) == ["[UNK]"]


def test_words_are_counted_without_case_and_accents(teacher_tokenizer: Tokenizer) -> None:
    assert word_counts(teacher_tokenizer, ["Más MAS más"]) == Counter({"mas": 3})


def test_vocabulary_keeps_its_size_its_specials_and_what_the_data_use(tokens: list[str]) -> None:
    assert len(tokens) == len(set(tokens)) <= 4_000
    assert tokens[: len(SPECIAL)] == list(SPECIAL)
    assert {"escuela", "inscripcion", "school", "where", "z", "##z"} <= set(tokens)


def test_accentless_spanish_is_the_same_text(teacher_tokenizer: Tokenizer, tokens: list[str]) -> None:
    tokenizer = wordpiece_tokenizer(teacher_tokenizer, tokens)
    assert tokenizer.encode("¿Dónde está?").ids == tokenizer.encode("¿donde esta?").ids
    assert tokenizer.encode("escuela").tokens == ["[CLS]", "escuela", "[SEP]"]
