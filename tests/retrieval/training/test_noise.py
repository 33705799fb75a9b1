"""Properties that typing noise has for any text."""

import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from retrieval.training.noise import (
    as_sms,
    as_spanglish,
    as_typed,
    with_typos,
    without_accents,
    without_punctuation,
)

texts = st.text(max_size=80)
spanish = st.lists(
    st.sampled_from(["¿dónde", "está", "la", "escuela", "mañana", "que", "también", "3.5", "maestra?"])
).map(" ".join)
seeds = st.integers(0, 1000)


@given(texts)
def test_no_combining_mark_is_left_and_once_is_enough(text: str) -> None:
    plain = without_accents(text)
    assert all(unicodedata.category(character) != "Mn" for character in unicodedata.normalize("NFD", plain))
    assert without_accents(plain) == plain


@given(texts)
def test_no_sentence_punctuation_is_left(text: str) -> None:
    assert not set('¿?¡!"«»()') & set(without_punctuation(text))


def test_numbers_keep_their_points() -> None:
    assert without_punctuation("¿Cuesta 3.5, o 1,000?") == "cuesta 3.5 o 1,000"


@given(texts, seeds)
def test_typos_keep_the_number_of_words_and_change_lengths_by_one_at_most(text: str, seed: int) -> None:
    before, after = text.split(" "), with_typos(text, random.Random(seed), rate=1.0).split(" ")
    assert len(before) == len(after)
    assert all(abs(len(old) - len(new)) <= 1 for old, new in zip(before, after, strict=True))


@given(texts, seeds)
def test_a_rate_of_zero_changes_nothing(text: str, seed: int) -> None:
    assert with_typos(text, random.Random(seed), rate=0.0) == text
    assert as_spanglish(text, {"casa": "house"}, random.Random(seed), rate=0.0) == text


@given(spanish, seeds)
def test_sms_is_lower_case_without_accents_and_keeps_digits(text: str, seed: int) -> None:
    sms = as_sms(text, "es", random.Random(seed))
    assert sms == without_accents(sms) == sms.lower()
    assert sms.count("3.5") == text.count("3.5")


@given(spanish, seeds)
def test_the_same_seed_types_the_same(text: str, seed: int) -> None:
    lexicon = {"escuela": "school", "manana": "tomorrow"}
    assert as_typed(text, "es", lexicon, random.Random(seed)) == as_typed(
        text, "es", lexicon, random.Random(seed)
    )


def test_spanglish_swaps_aligned_words_only() -> None:
    text = as_spanglish("mi maestra viene mañana", {"manana": "tomorrow"}, random.Random(1), rate=1.0)
    assert text == "mi maestra viene tomorrow"
