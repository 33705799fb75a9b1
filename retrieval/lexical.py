"""Lexical evidence: BM25 over folded, stemmed words, one index for each language."""

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from knowledge.models import LOCALES, Locale
from retrieval.normalization import words
from retrieval.passages import Passage

STEMMERS = {"en": "english", "es": "spanish"}


class LexicalIndex:
    """BM25 scores of passages (Robertson & Zaragoza 2009; the bm25s library, k1 = 1.2, b = 0.75)."""

    def __init__(self, passages: list[Passage]) -> None:
        self._size = len(passages)
        self._stemmers = {locale: Stemmer.Stemmer(STEMMERS[locale]) for locale in LOCALES}
        self._rows: dict[Locale, NDArray[np.int64]] = {}
        self._indexes: dict[Locale, bm25s.BM25] = {}
        for locale in LOCALES:
            rows = [row for row, passage in enumerate(passages) if passage.locale == locale]
            if not rows:
                continue
            index = bm25s.BM25(k1=1.2, b=0.75)
            index.index([self._stems(passages[row].text, locale) or ["-"] for row in rows], show_progress=False)
            self._rows[locale], self._indexes[locale] = np.array(rows, dtype=np.int64), index

    def _stems(self, text: str, locale: Locale) -> list[str]:
        stems: list[str] = self._stemmers[locale].stemWords(words(text))
        return stems

    def scores(self, text: str) -> NDArray[np.float32]:
        """The BM25 score of every passage for `text`, in the passages' order; 0 where no word is shared."""
        found = np.zeros(self._size, dtype=np.float32)
        for locale, index in self._indexes.items():
            stems = [stem for stem in self._stems(text, locale) if stem in index.vocab_dict]
            if stems:
                found[self._rows[locale]] = index.get_scores(stems)
        return found
