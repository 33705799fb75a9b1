"""The two losses: distance to the teacher, and picking the right text among those of the batch."""

import torch
from torch import Tensor


def distance(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean squared distance between vectors of length one, shape (n, d) each: 0 the same, 2 unrelated.

    The objective of multilingual distillation (Reimers & Gurevych 2020).
    """
    return (student - teacher).pow(2).sum(-1).mean()


def contrast(queries: Tensor, targets: Tensor, same: Tensor, temperature: float = 0.05) -> Tensor:
    """Cross-entropy of picking target i for query i among the batch (InfoNCE, van den Oord et al. 2018).

    `queries` is (n, d), `targets` (m, d) with m >= n and target i right for query i; `same` is a Boolean
    (n, m) of targets that answer the query as well and are no negatives. The diagonal is never masked.
    """
    scores = queries @ targets.T / temperature
    rows = torch.arange(len(queries))
    masked = same.clone()
    masked[rows, rows] = False
    return torch.nn.functional.cross_entropy(scores.masked_fill(masked, -1e4), rows)
