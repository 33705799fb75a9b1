"""Averaging the weights of several finished encoders (Wortsman et al. 2022, "model soups")."""

from collections.abc import Sequence

import torch

from retrieval.training.encoder import Encoder
from retrieval.training.errors import TrainingError


def average(encoders: Sequence[Encoder], shares: Sequence[float]) -> Encoder:
    """The first of `encoders` with every weight the mean of all of theirs, by `shares` (positive; any sum).

    Raises TrainingError where the shares do not fit, or where vocabularies or layers differ.
    """
    if len(shares) != len(encoders) or not encoders or min(shares) <= 0:
        raise TrainingError("Averaging needs a positive share for each encoder.")
    first = encoders[0]
    states = [{name: value.clone() for name, value in encoder.model.state_dict().items()} for encoder in encoders]
    for encoder, state in zip(encoders[1:], states[1:], strict=True):
        same = encoder.tokenizer.get_vocab() == first.tokenizer.get_vocab() and state.keys() == states[0].keys()
        if not same or any(state[name].shape != value.shape for name, value in states[0].items()):
            raise TrainingError("Only encoders with the same vocabulary and layers can be averaged.")
    total = sum(shares)
    with torch.no_grad():
        for name, value in first.model.state_dict().items():
            if value.is_floating_point():
                mean = sum(state[name].float() * (share / total) for state, share in zip(states, shares, strict=True))
                value.copy_(torch.as_tensor(mean))
    return first
