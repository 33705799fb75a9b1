"""The kernel regression, against the formulas it implements and on what it is for."""

import numpy as np
import pytest
import scipy.sparse as sp

from retrieval.encoder import Encoder
from retrieval.kernel import NGRAM_SHARE, PRECISION, RIDGE, KernelRidge, fit
from retrieval.ngrams import Ngrams

TEXTS = [
    "my son misses a lot of school",
    "mi hija falta mucho a clases",
    "the cafeteria food is cold",
    "la comida de la escuela no sabe bien",
]
TARGETS = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
ONES = np.ones(len(TEXTS), np.float32)


@pytest.fixture(scope="module")
def ngrams() -> Ngrams:
    return Ngrams.fit(TEXTS)


@pytest.fixture(scope="module")
def vectors(encoder: Encoder) -> np.ndarray:
    return encoder.encode(TEXTS)


@pytest.fixture(scope="module")
def model(vectors: np.ndarray, ngrams: Ngrams) -> KernelRidge:
    return fit(vectors, ngrams.transform(TEXTS), TARGETS, ONES)


def test_scores_are_those_of_the_closed_form(model: KernelRidge, vectors: np.ndarray, ngrams: Ngrams) -> None:
    grams = ngrams.transform(TEXTS).toarray()
    kernel = np.exp(-PRECISION * ((vectors[:, None] - vectors[None]) ** 2).sum(-1)) + NGRAM_SHARE * grams @ grams.T
    wanted = kernel @ np.linalg.solve(kernel + RIDGE * np.eye(len(TEXTS)), TARGETS)
    for row, text in enumerate(TEXTS):
        scores = model.scores((vectors @ vectors[row])[None], ngrams.transform([text]))[0]
        assert scores == pytest.approx(wanted[row], abs=2e-3)


@pytest.mark.parametrize(
    ("text", "output"),
    [("my daughter is absent very often", 0), ("la comida esta fria", 1), ("mija falta muchisimo", 0), ("kids hate the food", 1)],
)
def test_a_message_in_other_words_scores_highest_for_what_it_means(
    model: KernelRidge, vectors: np.ndarray, encoder: Encoder, ngrams: Ngrams, text: str, output: int
) -> None:
    scores = model.scores(encoder.encode([text]) @ vectors.T, ngrams.transform([text]))[0]
    assert int(np.argmax(scores)) == output


def test_what_is_emphasised_is_fitted_more_closely(vectors: np.ndarray, ngrams: Ngrams, model: KernelRidge) -> None:
    emphasis = np.array([8, 1, 1, 1], np.float32)
    grams = ngrams.transform(TEXTS)
    closer = fit(vectors, grams, TARGETS, emphasis)
    cosines = (vectors @ vectors[0])[None]
    assert closer.scores(cosines, grams[0])[0, 0] > model.scores(cosines, grams[0])[0, 0]


def test_a_message_of_unknown_letters_still_has_scores(model: KernelRidge, vectors: np.ndarray, ngrams: Ngrams) -> None:
    nothing = sp.csr_matrix((1, ngrams.transform(["a"]).shape[1]), dtype=np.float32)
    assert np.isfinite(model.scores((vectors @ vectors[0])[None], nothing)).all()
