"""Loading, saving and running an encoder."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from retrieval.training.encoder import encode, load, save
from retrieval.training.errors import TrainingError

TEXTS = ["Where is the school?", "Dónde", "A much longer text about the reading of books. " * 10]


def test_vectors_are_those_of_sentence_transformers(initialised: Path) -> None:
    ours = encode(load(initialised), TEXTS)
    model = SentenceTransformer(str(initialised), device="cpu")
    theirs = model.encode(TEXTS, show_progress_bar=False)
    assert next(model.parameters()).dtype == torch.float32
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


def test_order_and_batch_size_do_not_matter(initialised: Path) -> None:
    encoder = load(initialised)
    np.testing.assert_allclose(encode(encoder, TEXTS, tokens_per_batch=1), encode(encoder, TEXTS), atol=1e-5)


def test_what_is_saved_is_half_as_large_and_readable_by_all(initialised: Path, tmp_path: Path) -> None:
    save(load(initialised), tmp_path)
    weights = tmp_path / "model.safetensors"
    values = sum(value.numel() for value in load(initialised).model.state_dict().values())
    assert weights.stat().st_size < 2 * values + 20_000
    assert weights.stat().st_mode & 0o444 == 0o444


def test_missing_truncated_and_foreign_folders_are_one_sentence(initialised: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"has no config\.json"):
        load(tmp_path)
    shutil.copytree(initialised, tmp_path, dirs_exist_ok=True)
    weights = tmp_path / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:100_000])
    with pytest.raises(TrainingError, match="truncated"):
        load(tmp_path)
    weights.write_bytes(whole)
    settings = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    (tmp_path / "config.json").write_text(json.dumps({**settings, "vocab_size": 7}), encoding="utf-8")
    with pytest.raises(TrainingError, match="do not fit"):
        load(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({**settings, "model_type": "gpt2"}), encoding="utf-8")
    with pytest.raises(TrainingError, match="gpt2"):
        load(tmp_path)
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(TrainingError, match="cannot be read"):
        load(tmp_path)
