import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.normalization import fold, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("¿CUÁNTOS  niños\tfaltan?", "¿cuantos ninos faltan?"),
        ("  kínder\n", "kinder"),
        ("Pingüino", "pinguino"),
        ("canción", "cancion"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_nothing_folded_has_marks_or_runs_of_space(text: str) -> None:
    folded = fold(text)
    assert not any(unicodedata.combining(character) for character in folded)
    assert folded == " ".join(folded.split())


@given(st.text(alphabet="abcdeáéíóúüñÁÉÍÓÚÜÑ ¿?"))
def test_composed_and_decomposed_spellings_agree(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))
    assert fold(text) == fold(text.upper())


@given(st.text())
def test_words_are_parts_of_the_folded_text(text: str) -> None:
    found = words(text)
    assert all(word and word in fold(text) and not any(c.isspace() for c in word) for word in found)


def test_words_leave_punctuation_out() -> None:
    assert words("¿Qué es 2D.M1 (la meta)?") == ["que", "es", "2d", "m1", "la", "meta"]
    assert words("?!… —") == []
