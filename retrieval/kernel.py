"""Kernel ridge regression over sentence vectors and character n-grams (Saunders et al. 1998).

The kernel of two texts is a Gaussian of their unit vectors' distance plus a share of their n-grams' cosine: meaning
where words differ, letters where spelling does. The n-gram part is linear, so its weights are kept per n-gram and a
message costs only its own.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from retrieval.encoder import Vectors

# Chosen on writers left out (benchmarks/ranking.py): the Gaussian's precision, the n-grams' share, the ridge.
PRECISION = 1.0
NGRAM_SHARE = 0.7
RIDGE = 0.3
ROWS_AT_ONCE = 1024


@dataclass(frozen=True)
class KernelRidge:
    """A fitted regression: `duals` has shape (texts, outputs), float32; `weights` (BUCKETS, outputs), float16."""

    duals: NDArray[np.float32]
    weights: NDArray[np.float16]

    def scores(self, cosines: Vectors, grams: sp.csr_matrix) -> NDArray[np.float32]:
        """Each output for each message, shape (messages, outputs).

        `cosines` (messages, texts) are those to the texts of the fit, `grams` (messages, BUCKETS) the messages' n-grams.
        """
        import torch

        # torch reads the duals once for all messages and with all threads; numpy took two to four times as long.
        alike = torch.exp(2 * PRECISION * (torch.from_numpy(cosines) - 1))
        scores = np.asarray((alike @ torch.from_numpy(self.duals)).numpy(), dtype=np.float32)
        for row, (start, end) in enumerate(pairwise(grams.indptr)):
            scores[row] += grams.data[start:end] @ self.weights[grams.indices[start:end]].astype(np.float32)
        return scores


def fit(vectors: Vectors, grams: sp.csr_matrix, targets: NDArray[np.float32], emphasis: NDArray[np.float32]) -> KernelRidge:
    """Regress `targets` (texts, outputs) on the texts' unit `vectors` (texts, dimensions) and `grams` (texts, BUCKETS).

    `emphasis` (texts,) is how much more each text's target counts than the ridge: 1 is plain. Needs memory for one
    float32 matrix of texts by texts. Raises ValueError where that matrix is not positive definite.
    """
    kernel = np.empty((len(vectors), len(vectors)), np.float32)
    # In slices: numpy's OpenBLAS crashes where a matrix of some 31,000 rows is multiplied by its own transpose at once.
    for start in range(0, len(kernel), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        alike = np.exp(2 * PRECISION * (vectors[rows] @ vectors.T - 1))
        kernel[rows] = alike + NGRAM_SHARE * (grams[rows] @ grams.T).toarray()
    kernel[np.diag_indices(len(kernel))] += RIDGE / emphasis
    duals = _solved(kernel, targets)
    return KernelRidge(duals, (NGRAM_SHARE * (grams.T @ duals)).astype(np.float16))


def _solved(kernel: NDArray[np.float32], targets: NDArray[np.float32]) -> NDArray[np.float32]:
    """The solution of `kernel` (symmetric; overwritten) times x = `targets`, by Cholesky's factors.

    With torch's LAPACK: the OpenBLAS that scipy brings crashes from some 28,000 rows on.
    """
    import torch

    # The transpose of a symmetric matrix lies as LAPACK wants it, and is factored without a copy.
    factor, fault = torch.from_numpy(kernel).mT, torch.empty((), dtype=torch.int32)
    torch.linalg.cholesky_ex(factor, out=(factor, fault))
    if fault.item():
        raise ValueError("the kernel of the texts is not positive definite; two texts may have damaged vectors")
    half = torch.linalg.solve_triangular(factor, torch.from_numpy(targets), upper=False)
    return np.asarray(torch.linalg.solve_triangular(factor.mT, half, upper=True), dtype=np.float32)
