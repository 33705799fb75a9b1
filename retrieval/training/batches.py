"""Batches of similar length, in an order that is random and reproducible."""

import random
from collections.abc import Sequence


def bucketed(lengths: Sequence[int], size: int, generator: random.Random, pool: int = 50) -> list[list[int]]:
    """Cut 0..len(lengths)-1 into batches of at most `size` rows whose lengths are close.

    Rows are shuffled, sorted by length within pools of `pool` batches, cut, and the batches shuffled;
    a batch of rows of more than 32 tokens is halved for each doubling, so that memory and time stay even.
    """
    order = list(range(len(lengths)))
    generator.shuffle(order)
    batches: list[list[int]] = []
    for start in range(0, len(order), size * pool):
        chosen = sorted(order[start : start + size * pool], key=lambda row: lengths[row])
        while chosen:
            count = size
            while count > 8 and lengths[chosen[min(count, len(chosen)) - 1]] * count > 32 * size:
                count //= 2
            batches.append(chosen[:count])
            chosen = chosen[count:]
    generator.shuffle(batches)
    return batches
