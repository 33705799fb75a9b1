"""Word alignment on a corpus small enough to check by hand."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from retrieval.training.alignment import align

ARTICLES = {"la": "the", "una": "a"}
NOUNS = {"casa": "house", "flor": "flower", "mesa": "table"}
COLOURS = {"verde": "green", "roja": "red"}
CORPUS = [
    (f"{la} {casa} {verde}", f"{the} {green} {house}")
    for (la, the), (casa, house), (verde, green) in product(ARTICLES.items(), NOUNS.items(), COLOURS.items())
]
CORPUS += [
    (f"{la} {casa}", f"{the} {house}") for la, the in ARTICLES.items() for casa, house in NOUNS.items()
]
CORPUS += [
    (f"la {casa} es {verde}", f"the {house} is {green}")
    for (casa, house), (verde, green) in product(NOUNS.items(), COLOURS.items())
]


def coded(sentences: Sequence[str]) -> tuple[list[NDArray[np.int64]], list[str]]:
    names = sorted({word for sentence in sentences for word in sentence.split()})
    return [np.array([names.index(word) for word in sentence.split()]) for sentence in sentences], names


def best_links(corpus: Sequence[tuple[str, str]]) -> dict[str, str]:
    spanish, spanish_names = coded([pair[0] for pair in corpus])
    english, english_names = coded([pair[1] for pair in corpus])
    found = align(spanish, english, iterations=10)
    links: dict[str, str] = {}
    for token, word in zip(found.spanish, found.english, strict=True):
        links.setdefault(spanish_names[token], english_names[word])
    return links


def test_words_meet_their_translations_across_word_order() -> None:
    assert best_links(CORPUS) == ARTICLES | NOUNS | COLOURS | {"es": "is"}


def test_link_counts_fall_and_never_pass_the_number_of_words() -> None:
    spanish, _ = coded([pair[0] for pair in CORPUS])
    english, _ = coded([pair[1] for pair in CORPUS])
    found = align(spanish, english)
    assert (np.diff(found.counts) <= 0).all()
    assert found.counts.sum() <= sum(len(sentence) for sentence in spanish)


def test_same_corpus_gives_the_same_alignment() -> None:
    assert best_links(CORPUS * 3) == best_links(CORPUS * 3)
