"""The classifier of danger, learned from a few phrases."""

import numpy as np
import pytest

from knowledge.danger import DANGER_KINDS, Phrase
from retrieval.danger import Danger, danger_kind, train_danger
from retrieval.encoder import Encoder
from retrieval.ngrams import Ngrams

PHRASES = [
    Phrase("my daughter says that she does not want to live", "en", "ana", "self_harm"),
    Phrase("mi hijo dice que se quiere morir", "es", "ana", "self_harm"),
    Phrase("her stepfather beats her with a belt", "en", "ana", "abuse"),
    Phrase("mi esposo nos pega a mí y a los niños", "es", "ana", "abuse"),
    Phrase("what are the goals for reading", "en", "ana", None),
    Phrase("me muero de risa con ese maestro", "es", "ana", None),
    Phrase("cuántas juntas hay para padres", "es", "ana", None),
    Phrase("this traffic is killing me", "en", "ana", None),
]


@pytest.fixture(scope="module")
def ngrams() -> Ngrams:
    return Ngrams.fit([phrase.text for phrase in PHRASES])


@pytest.fixture(scope="module")
def danger(encoder: Encoder, ngrams: Ngrams) -> Danger:
    vectors = encoder.encode([phrase.text for phrase in PHRASES])
    return train_danger(PHRASES, vectors, ngrams.transform([]), ngrams)


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("my girl told me she wants to stop living", "how many students read at grade level"),
        ("mi niña dice que ya no quiere vivir", "a qué hora es la junta de padres"),
        ("her stepdad hits her with his belt", "the reading goals are hard on teachers"),
        ("mi marido nos golpea a los niños y a mí", "me muero de hambre"),
    ],
)
def test_danger_in_new_words_outweighs_harmless_words(
    danger: Danger, encoder: Encoder, ngrams: Ngrams, worse: str, better: str
) -> None:
    def voices(text: str) -> dict[str, float]:
        vector = encoder.encode([text])[0]
        kinds = np.zeros(len(DANGER_KINDS), np.float32)
        return danger.voices(kinds, ngrams.transform([text]), danger.phrases @ vector, danger.harmless @ vector)

    heard, unheard = voices(worse), voices(better)
    assert heard["sparse"] > unheard["sparse"]
    assert heard["nearness"] > unheard["nearness"]


def test_the_kinds_that_the_regression_hears_add_up(danger: Danger, ngrams: Ngrams) -> None:
    kinds = np.array([0.1, 0.5, 0.2, 0.0], np.float32)
    voices = danger.voices(kinds, ngrams.transform(["help"]), np.zeros(4, np.float32), np.zeros(4, np.float32))
    assert voices["kernel"] == pytest.approx(0.8)
    assert danger_kind(kinds) == DANGER_KINDS[1]


def test_without_phrases_nothing_is_danger(ngrams: Ngrams) -> None:
    nothing = train_danger([], np.zeros((0, 4), np.float32), ngrams.transform([]), ngrams)
    empty = np.zeros(0, np.float32)
    assert max(nothing.voices(np.zeros(4, np.float32), ngrams.transform(["help"]), empty, empty).values()) <= -100
