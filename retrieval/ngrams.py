"""Character n-grams of folded words, hashed: robust to typos, shorthand and lost accents."""

from typing import Final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer

from retrieval.normalization import fold

BUCKETS: Final = 2**15


class Ngrams:
    """TF-IDF over hashed character n-grams (3 to 5 letters, within words; scikit-learn's HashingVectorizer)."""

    def __init__(self, idf: NDArray[np.float32]) -> None:
        self.idf = idf
        self._hasher = _hasher()

    @classmethod
    def fit(cls, texts: list[str]) -> "Ngrams":
        """Learn inverse document frequencies from `texts`."""
        counts = _hasher().transform([fold(text) for text in texts])
        seen = np.asarray((counts > 0).sum(axis=0)).ravel()
        return cls((np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32))

    def transform(self, texts: list[str]) -> sp.csr_matrix:
        """Rows of unit length, shape (len(texts), BUCKETS)."""
        if not texts:
            return sp.csr_matrix((0, BUCKETS), dtype=np.float32)
        counts = sp.csr_matrix(self._hasher.transform([fold(text) for text in texts]), dtype=np.float32)
        counts.data = 1 + np.log(counts.data)
        counts.data *= self.idf[counts.indices]
        return unit_rows(counts)


def unit_rows(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Scale each row to length 1; empty rows stay empty."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags(1 / np.maximum(lengths, 1e-9)) @ matrix, dtype=np.float32)


def _hasher() -> HashingVectorizer:
    return HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=BUCKETS, alternate_sign=False, norm=None, dtype=np.float32
    )
