"""The classifier of danger, learned from a few phrases."""

import numpy as np
import pytest

from knowledge.danger import Phrase
from retrieval.danger import Danger, train_danger
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
    return train_danger(PHRASES, vectors, np.zeros((0, vectors.shape[1]), np.float32), ngrams.transform([]), ngrams)


@pytest.mark.parametrize(
    ("worse", "better", "kind"),
    [
        ("my girl told me she wants to stop living", "how many students read at grade level", "self_harm"),
        ("mi niña dice que ya no quiere vivir", "a qué hora es la junta de padres", "self_harm"),
        ("her stepdad hits her with his belt", "the reading goals are hard on teachers", "abuse"),
        ("mi marido nos golpea a los niños y a mí", "me muero de hambre", "abuse"),
    ],
)
def test_danger_in_new_words_outweighs_harmless_words(
    danger: Danger, encoder: Encoder, ngrams: Ngrams, worse: str, better: str, kind: str
) -> None:
    nothing_else = np.zeros(0, np.float32)
    heard, unheard = (danger.voices(encoder.encode([t])[0], ngrams.transform([t]), nothing_else) for t in (worse, better))
    assert heard["dense"] + heard["sparse"] > unheard["dense"] + unheard["sparse"]
    assert heard["nearness"] > unheard["nearness"]
    assert danger.kind(encoder.encode([worse])[0]) == kind


def test_without_phrases_nothing_is_danger(ngrams: Ngrams) -> None:
    nothing = train_danger([], np.zeros((0, 4), np.float32), np.zeros((0, 4), np.float32), ngrams.transform([]), ngrams)
    assert max(nothing.voices(np.ones(4, np.float32), ngrams.transform(["help"]), np.ones(2, np.float32)).values()) <= -100
