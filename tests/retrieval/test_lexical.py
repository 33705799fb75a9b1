import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexical import LexicalIndex
from retrieval.passages import Passage

TEXTS: list[tuple[str, str]] = [
    ("en", "Train campus staff in welcoming practices"),
    ("es", "Capacitación del personal de los planteles"),
    ("en", "Fewer students are chronically absent"),
    ("es", "Menos niños con ausentismo crónico"),
    ("en", "Libraries open longer"),
]
INDEX = LexicalIndex([
    Passage(str(number), "es" if locale == "es" else "en", text, "plan") for number, (locale, text) in enumerate(TEXTS)
])


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("libraries", 4), ("library", 4), ("training", 0), ("student absent", 2), ("crónico", 3), ("capacitaciones", 1),
        ("plantel", 1), ("NIÑOS", 3),
    ],
)
def test_shared_words_and_their_stems_score_highest(text: str, row: int) -> None:
    scores = INDEX.scores(text)
    assert scores[row] > 0
    assert int(scores.argmax()) == row


@pytest.mark.parametrize(
    ("accented", "plain"), [("ausentismo crónico", "ausentismo cronico"), ("niños", "ninos"), ("CAPACITACIÓN", "capacitacion")]
)
def test_accentless_equals_accented(accented: str, plain: str) -> None:
    assert INDEX.scores(accented).max() > 0
    assert np.array_equal(INDEX.scores(accented), INDEX.scores(plain))


@pytest.mark.parametrize("text", ["", "   ", "?!", "xyzzy qwrtp", "🙂", "\x00"])
def test_nothing_shared_scores_zero_everywhere(text: str) -> None:
    scores = INDEX.scores(text)
    assert scores.shape == (len(TEXTS),)
    assert not scores.any()


@given(st.text())
def test_any_text_gives_finite_scores(text: str) -> None:
    scores = INDEX.scores(text)
    assert scores.shape == (len(TEXTS),)
    assert np.isfinite(scores).all()


def test_more_shared_words_score_higher() -> None:
    assert INDEX.scores("absent students")[2] > INDEX.scores("absent")[2]


def test_one_language_alone_and_no_passage_at_all() -> None:
    assert LexicalIndex([Passage("1", "es", "hola", "plan")]).scores("hola hello").shape == (1,)
    assert LexicalIndex([]).scores("hello").shape == (0,)


def test_passage_without_words_takes_its_place() -> None:
    index = LexicalIndex([Passage("1", "en", "...", "plan"), Passage("2", "en", "safe parks", "plan")])
    assert index.scores("park").argmax() == 1
