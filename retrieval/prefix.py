"""Search as one types: words by their beginnings, their stems and small slips, without the encoder.

A few hundred short documents fit in one dense matrix of word by document, so that a key press costs some slices of it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import Stemmer
from numpy.typing import NDArray
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

from retrieval.normalization import words

EXACT, STEM, BEGINNING, SLIP = 1.0, 0.85, 0.75, 0.5  # how much a match of each kind is worth
SHORTEST_SLIP = 4  # letters; a slip in a shorter word could be any other word
LONG = 8  # letters from which two edits are allowed
COVERED = 0.5  # share of the query's weight that a document must hold
LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True)
class Field:
    """A text of a document and how much its words count."""

    text: str
    weight: float


class PrefixIndex:
    """Documents by id, each with its fields, in the order in which ties are to be listed."""

    def __init__(self, documents: Mapping[str, Iterable[Field]]) -> None:
        self.ids = list(documents)
        held: dict[str, dict[int, float]] = {}
        for column, fields in enumerate(documents.values()):
            for field in fields:
                for word in words(field.text):
                    row = held.setdefault(word, {})
                    row[column] = max(row.get(column, 0.0), field.weight)
        self._words = sorted(held)
        self._weights = np.zeros((len(self._words), len(self.ids)), np.float32)
        for number, word in enumerate(self._words):
            self._weights[number, list(held[word])] = list(held[word].values())
        self._stemmers = [Stemmer.Stemmer(language) for language in ("english", "spanish")]
        self._stems: list[dict[str, list[int]]] = [{} for _ in self._stemmers]
        for stems, stemmer in zip(self._stems, self._stemmers, strict=True):
            for number, stem in enumerate(stemmer.stemWords(self._words)):
                stems.setdefault(stem, []).append(number)

    def search(self, query: str) -> list[tuple[str, float]]:
        """The documents that hold most of the query's words, best first, with their scores."""
        asked = list(dict.fromkeys(words(query)))
        if not asked or not self._words:
            return []
        score = np.zeros(len(self.ids), np.float32)
        covered = np.zeros_like(score)
        total = 0.0
        for word in asked:
            row = self._matches(word)
            rarity = float(np.log1p(len(self.ids) / (1 + np.count_nonzero(row))))
            total += rarity
            score += rarity * row
            covered += rarity * (row > 0)
        share = covered / total
        score *= share * share
        order = np.argsort(-score, kind="stable")
        return [(self.ids[n], float(score[n])) for n in order if score[n] > 0 and share[n] >= COVERED]

    def _matches(self, word: str) -> NDArray[np.float32]:
        """What each document holds of `word`: the best of the ways in which it can be there."""
        start, end = bisect_left(self._words, word), bisect_left(self._words, word + LAST_LETTER)
        row = BEGINNING * self._weights[start:end].max(axis=0, initial=0.0)
        if start < end and self._words[start] == word:
            row = np.maximum(row, EXACT * self._weights[start])
        for stems, stemmer in zip(self._stems, self._stemmers, strict=True):
            if (same := stems.get(stemmer.stemWord(word))) is not None:
                row = np.maximum(row, STEM * self._weights[same].max(axis=0))
        if not row.any() and len(word) >= SHORTEST_SLIP and not word.isdigit():
            row = SLIP * self._weights[self._near(word)].max(axis=0, initial=0.0)
        return np.asarray(row, np.float32)

    def _near(self, word: str) -> list[int]:
        """Rows of the words that begin with something a slip or two from `word`; the whole words come first."""
        allowed = 2 if len(word) >= LONG else 1
        for candidates in (self._words, [held[: len(word)] for held in self._words]):
            found = extract(word, candidates, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=12)
            if found:
                nearest = min(distance for _, distance, _ in found)
                return [number for _, distance, number in found if distance == nearest]
        return []
