"""Word alignment of parallel text: IBM model 1 in both directions, with agreement and a diagonal prior."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Probability of no counterpart and sharpness of the diagonal, as in fast_align (Dyer et al. 2013).
NULL_PROBABILITY = 0.08
DIAGONAL_TENSION = 4.0


@dataclass(frozen=True)
class Alignment:
    """Expected numbers of links between Spanish tokens and English words, as three parallel arrays."""

    spanish: NDArray[np.int64]
    english: NDArray[np.int64]
    counts: NDArray[np.float64]


@dataclass(frozen=True)
class _Cells:
    """Every (Spanish position, English position) of every sentence pair, flattened."""

    spanish_position: NDArray[np.int64]
    english_position: NDArray[np.int64]
    key: NDArray[np.int64]
    distance: NDArray[np.float32]


def align(
    spanish: Sequence[NDArray[np.int64]], english: Sequence[NDArray[np.int64]], iterations: int = 5
) -> Alignment:
    """Align sentence pairs given as arrays of ids; returns expected link counts, largest first.

    IBM model 1 (Brown et al. 1993) is estimated in both directions with a prior that favours the
    diagonal (Dyer et al. 2013); a link's probability is the product of both directions' posteriors
    (alignment by agreement, Liang et al. 2006).
    """
    spanish_ids, english_ids = np.concatenate(spanish), np.concatenate(english)
    cells = _cells(spanish, english, spanish_ids, english_ids)
    width = int(english_ids.max()) + 1
    keys, index = np.unique(cells.key, return_inverse=True)
    key_spanish, key_english = keys // width, keys % width
    prior = np.exp(-DIAGONAL_TENSION * cells.distance)
    forward = _posterior(
        index, key_spanish, key_english, cells.spanish_position, spanish_ids, prior, iterations
    )
    backward = _posterior(
        index, key_english, key_spanish, cells.english_position, english_ids, prior, iterations
    )
    counts = np.bincount(index, forward * backward, minlength=len(keys)).astype(np.float64)
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] > 0]
    return Alignment(key_spanish[order], key_english[order], counts[order])


def _cells(
    spanish: Sequence[NDArray[np.int64]],
    english: Sequence[NDArray[np.int64]],
    spanish_ids: NDArray[np.int64],
    english_ids: NDArray[np.int64],
) -> _Cells:
    rows = np.array([len(sentence) for sentence in spanish])
    columns = np.array([len(sentence) for sentence in english])
    sizes = rows * columns
    sentence = np.repeat(np.arange(len(sizes)), sizes)
    offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    row, column = offset // columns[sentence], offset % columns[sentence]
    spanish_position = row + (np.cumsum(rows) - rows)[sentence]
    english_position = column + (np.cumsum(columns) - columns)[sentence]
    key = spanish_ids[spanish_position] * (int(english_ids.max()) + 1) + english_ids[english_position]
    distance = np.abs((row + 0.5) / rows[sentence] - (column + 0.5) / columns[sentence])
    return _Cells(spanish_position, english_position, key, distance.astype(np.float32))


def _posterior(
    index: NDArray[np.intp],
    produced: NDArray[np.int64],
    producing: NDArray[np.int64],
    position: NDArray[np.int64],
    ids: NDArray[np.int64],
    prior: NDArray[np.float32],
    iterations: int,
) -> NDArray[np.float64]:
    share = (1 - NULL_PROBABILITY) * prior / np.bincount(position, prior, minlength=len(ids))[position]
    # Expected counts start even, which makes the first translation table uniform per producing word.
    table = 1 / np.bincount(producing)[producing].astype(np.float64)
    null = np.full(int(ids.max()) + 1, 1 / len(np.unique(ids)))
    weight = share
    for _ in range(iterations):
        joint = table[index] * share
        none = NULL_PROBABILITY * null[ids]
        total = np.bincount(position, joint, minlength=len(ids)) + none
        weight = joint / total[position]
        counts = np.bincount(index, weight, minlength=len(table))
        table = counts / np.bincount(producing, counts)[producing]
        expected = np.bincount(ids, none / total, minlength=len(null))
        null = expected / expected.sum()
    return weight
