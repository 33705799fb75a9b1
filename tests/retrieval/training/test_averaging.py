"""Averaging encoders of the same shape, and the sentences for others."""

from pathlib import Path

import numpy as np
import pytest
import torch

from retrieval.training import steps
from retrieval.training.averaging import average
from retrieval.training.encoder import load
from retrieval.training.errors import TrainingError


def test_the_average_lies_between_by_its_shares(initialised: Path, tmp_path: Path) -> None:
    one, other = load(initialised), load(initialised)
    with torch.no_grad():
        for value in other.model.parameters():
            value += 1.0
    before = one.model.embeddings.word_embeddings.weight[5].detach().numpy().copy()
    mixed = average([one, other], [3.0, 1.0])
    assert np.allclose(mixed.model.embeddings.word_embeddings.weight[5].detach().numpy(), before + 0.25, atol=1e-5)
    steps.average_step([initialised, initialised], [1.0, 1.0], tmp_path / "same")
    same = load(tmp_path / "same").model.embeddings.word_embeddings.weight[5].detach().numpy()
    assert np.allclose(same, before, atol=1e-3)


def test_encoders_that_do_not_match_are_refused(initialised: Path, teacher: Path) -> None:
    with pytest.raises(TrainingError, match="same vocabulary"):
        average([load(initialised), load(teacher)], [1.0, 1.0])
    with pytest.raises(TrainingError, match="positive share"):
        average([load(initialised)], [1.0, 1.0])
