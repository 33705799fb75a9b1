"""Misspelt words are mended towards the words of the texts, and known words are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.spelling import Speller, sound

TEXTS = [
    "the cafeteria serves lunch to volunteers", "hicieron voluntarios nuevos", "quieren el porcentaje de alumnos nuevos", "nombre",
] * 3


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(TEXTS)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("the cafateria", "the cafeteria"), ("boluntarios nuebos", "voluntarios nuevos"), ("isieron", "hicieron"),
        ("ke porsentaje de alunnos", "ke porcentaje de alumnos"), ("sin nonbre", "sin nombre"), ("kieren", "quieren"),
        ("boluntarois", "voluntarios"),
    ],
)
def test_a_misspelt_word_is_mended(speller: Speller, written: str, wanted: str) -> None:
    assert speller.mend(written) == wanted


def test_known_words_and_short_words_stay(speller: Speller) -> None:
    assert speller.mend("The Lunch is 2D, ok?") == "The Lunch is 2D, ok?"


@pytest.mark.parametrize(("one", "other"), [("hicieron", "isieron"), ("vecino", "besino"), ("llave", "yabe"), ("queso", "keso")])
def test_what_sounds_alike_gives_the_same_key(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@given(st.text(max_size=80))
def test_mending_never_fails_and_is_stable(text: str) -> None:
    speller = Speller(TEXTS)
    assert speller.mend(speller.mend(text)) == speller.mend(text)
