"""Mending misspelt words before search, from the words that the plan and its questions use.

Only words that are in no list and in hardly any of the texts are touched: first by sound, as Spanish is often
written by ear ("ke", "nuebos", "isieron"), then by a small edit distance (Damerau 1964; the rapidfuzz library).
"""

import re
from collections import Counter
from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

from retrieval.language import load_weights
from retrieval.normalization import WORD, fold

SHORTEST = 5  # letters; shorter words have too many neighbours
LONG = 8  # letters from which two edits are allowed
SEEN_AT_LEAST = 3  # times a word must have been used to be offered as a correction

# Letters that sound alike in Latin American Spanish, to one letter each, in this order.
SOUNDS = (
    (r"qu(?=[ei])", "k"), (r"c(?=[ei])", "s"), ("ch", "1"), ("c", "k"), ("q", "k"), ("z", "s"), ("v", "b"), ("ll", "y"),
    (r"g(?=[ei])", "j"), ("h", ""), ("w", "u"), (r"n(?=[bp])", "m"), ("x", "s"), (r"(.)\1", r"\1"),
)


def sound(word: str) -> str:
    """A folded word as it sounds in Latin American Spanish: "hicieron" and "isieron" give the same."""
    for pattern, letter in SOUNDS:
        word = re.sub(pattern, letter, word)
    return word


class Speller:
    """Corrections towards the words of `texts`."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts = Counter(word for text in texts for word in WORD.findall(fold(text)))
        self._known = {word for word, n in counts.items() if n >= SEEN_AT_LEAST} | set(load_weights().words)
        self._offered = {w: n for w, n in counts.items() if n >= SEEN_AT_LEAST and len(w) >= SHORTEST - 1 and w.isalpha()}
        self._by_sound: dict[str, str] = {}
        for word in sorted(self._offered, key=self._offered.__getitem__):
            self._by_sound[sound(word)] = word

    def mend(self, text: str) -> str:
        """`text` folded, with unknown words replaced where a known one is near; unchanged where all are known."""
        folded = fold(text)
        unknown = {word for word in WORD.findall(folded) if word not in self._known and word.isalpha()}
        mended = {word: better for word in unknown if len(word) >= SHORTEST - 1 and (better := self._nearest(word))}
        if not mended:
            return text
        return WORD.sub(lambda match: mended.get(match.group(0), match.group(0)), folded)

    def _nearest(self, word: str) -> str | None:
        if (heard := self._by_sound.get(sound(word))) is not None:
            return heard
        if len(word) < SHORTEST:
            return None
        allowed = 2 if len(word) >= LONG else 1
        found = extract(word, self._offered.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=5)
        distances = {other: distance for other, distance, _ in found}
        begins = sound(word)[:1]
        likely = (other for other, distance, _ in found if distance == 1 or sound(other)[:1] == begins)
        return min(likely, key=lambda other: (distances[other], -self._offered[other], other), default=None)
