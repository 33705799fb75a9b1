"""Encoding, counting and cutting text messages, against a table worked by hand and an independent implementation."""

import re
import string

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from bot.sms.segments import BASIC, EXTENSION, economical, encoding, head, measure, pages, parts, plain, transliterate

GSM = st.sampled_from(sorted(BASIC | EXTENSION))
ANY = st.one_of(GSM, st.sampled_from("áíóúÁÍÓÚ’“”–—…•😢👍🏽ñ¿¡ \n"), st.characters(exclude_categories=["Cs"]))
MESSAGES = st.text(ANY, max_size=400)
WORDS = st.lists(st.text(st.sampled_from(string.ascii_letters + "áéíóúñ€[].!?"), min_size=1, max_size=20), max_size=120)


@pytest.mark.parametrize(
    ("text", "code", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("ñ" * 160, "GSM-7", 160, 1),
        ("é¿¡üÉÑÜ", "GSM-7", 7, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        # 76 pairs fill 152 of 153 septets; the 77th is not divided but goes into the next part.
        ("€" * 152, "GSM-7", 304, 2),
        ("€" * 153, "GSM-7", 306, 3),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("á", "UCS-2", 1, 1),
        ("á" * 70, "UCS-2", 70, 1),
        ("á" * 71, "UCS-2", 71, 2),
        ("á" * 134, "UCS-2", 134, 2),
        ("á" * 135, "UCS-2", 135, 3),
        ("😢" * 35, "UCS-2", 70, 1),
        ("😢" * 36, "UCS-2", 72, 2),
        # 33 pairs fill 66 of 67 code units; the 34th is not divided.
        ("😢" * 66, "UCS-2", 132, 2),
        ("😢" * 67, "UCS-2", 134, 3),
        ("a" * 159 + "ç", "UCS-2", 160, 3),
    ],
)
def test_segments_as_worked_by_hand(text: str, code: str, units: int, segments: int) -> None:
    found = measure(text)
    assert (found.encoding, found.units, found.segments) == (code, units, segments)


@given(MESSAGES)
def test_the_count_is_that_of_an_independent_implementation(text: str) -> None:
    theirs, mine = smsutil.split(text or " "), measure(text or " ")
    unicode = theirs.encoding != "gsm0338"
    assert mine.encoding == ("UCS-2" if unicode else "GSM-7")
    assert mine.units == theirs.total_bytes // (2 if unicode else 1)
    assert [len(part) for part in parts(text or " ")] == [len(part.content) for part in theirs.parts]


@given(MESSAGES)
def test_parts_join_to_the_text_and_never_divide_a_pair(text: str) -> None:
    found = parts(text)
    assert "".join(found) == text
    code = encoding(text)
    if code == "UCS-2":
        most = 70 if len(found) == 1 else 67
        assert all(len(part.encode("utf-16-be")) // 2 <= most for part in found)
    else:
        most = 160 if len(found) == 1 else 153
        assert all(sum(2 if char in EXTENSION else 1 for char in part) <= most for part in found)


@given(MESSAGES)
def test_transliteration_keeps_length_and_every_letter_that_gsm_has(text: str) -> None:
    written = transliterate(text)
    assert len(written) == len(text)
    for before, after in zip(text, written, strict=True):
        assert after == before or before not in BASIC | EXTENSION
    assert written.count("ñ") == text.count("ñ")


@given(MESSAGES)
def test_economy_never_costs_a_segment_and_may_be_forbidden(text: str) -> None:
    assert measure(economical(text)).segments <= measure(plain(text)).segments
    assert economical(text, allowed=False) == plain(text)


def test_accents_are_dropped_only_where_that_saves_a_segment() -> None:
    assert economical("¿Qué día es la reunión?") == "¿Qué día es la reunión?"
    longer = "¿Qué día es la reunión de los niños? " * 3
    assert economical(longer) == "¿Qué dia es la reunion de los niños? " * 3
    assert measure(economical(longer)).encoding == "GSM-7"
    assert measure(economical(longer * 5, allowed=False)).encoding == "UCS-2"


def test_typographic_characters_are_folded() -> None:
    assert plain("“Sí” – dijo… l’été\u00a0• ñ") == '"Sí" - dijo... l\'été - ñ'


@given(WORDS, st.integers(1, 4), st.booleans())
def test_pages_join_to_the_words_and_keep_within_the_limit(words: list[str], limit: int, allowed: bool) -> None:
    text = " ".join(words)
    found, rest = [], text
    while rest:
        first, rest = head(rest, limit, "\nexample.org/plan/2D", allowed)
        assert first
        assert measure(economical(first + "\nexample.org/plan/2D", allowed)).segments <= limit
        found.append(first)
    assert " ".join(found).split() == words


@given(WORDS.filter(bool), st.integers(1, 3))
def test_no_word_is_divided(words: list[str], limit: int) -> None:
    assert [word for page in pages(" ".join(words), limit) for word in page.split()] == words


def test_a_message_is_cut_between_sentences_where_that_leaves_more_than_half() -> None:
    text = "The first sentence is here. " * 5 + "The last one is not complete in this message because it goes on"
    first, rest = head(text, 1)
    assert first.endswith("here.")
    assert rest.startswith("The last")


@given(st.text(st.sampled_from("a€😢á"), min_size=400, max_size=600))
def test_a_word_longer_than_a_message_is_cut_between_characters(text: str) -> None:
    assert "".join(pages(text, 1)) == text
    assert not re.search("[\ud800-\udfff]", "".join(pages(text, 1)))


def test_ordinals_are_written_out_but_signs_keep_their_meaning() -> None:
    grades = "de kínder a 5.º y la 2.ª " * 7
    assert economical(grades) == "de kinder a 5.o y la 2.a " * 7
    assert transliterate("a ≠ b") == "a ≠ b"
    assert transliterate("ﬁn 5 m² ½") == "ﬁn 5 m² ½"
