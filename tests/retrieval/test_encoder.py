import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.encoder import FEW, Encoder, EncoderError, default_encoder, fingerprint


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "encoder"
    shutil.copytree(default_encoder(), folder)
    return folder


def test_vectors_have_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(["hello", "¿cuántas faltas?", ""])
    assert vectors.shape == (3, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_same_text_same_vector_and_meaning_brings_near(encoder: Encoder) -> None:
    absent, missing, money = encoder.encode(["students miss school", "children are absent", "the budget is balanced"])
    assert np.allclose(encoder.encode(["students miss school"])[0], absent, atol=1e-5)
    assert absent @ missing > absent @ money


@given(st.lists(st.text(max_size=400), min_size=1, max_size=FEW))
@settings(max_examples=25, deadline=None)
def test_a_few_texts_get_the_vectors_that_they_get_among_many(encoder: Encoder, texts: list[str]) -> None:
    many = encoder.encode(texts + ["one more"] * FEW)
    assert (np.sum(encoder.encode(texts) * many[: len(texts)], axis=1) > 0.999).all()


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"There is no encoder folder .*nowhere\. Set PUENTE_ENCODER") as raised:
        Encoder(str(tmp_path / "nowhere"))
    assert "\n" not in str(raised.value)


def test_folder_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"is not a sentence-transformers folder: it has no modules\.json"):
        Encoder(str(tmp_path))


@pytest.mark.parametrize("keep", [0, 7, 1000])
def test_truncated_weights(copied: Path, keep: int) -> None:
    weights = copied / "model.safetensors"
    content = weights.read_bytes()[:keep]
    weights.write_bytes(content)
    with pytest.raises(EncoderError, match=r"cannot be loaded; its files are damaged or absent\. Restore them\.$") as raised:
        Encoder(str(copied))
    assert str(copied) in str(raised.value)


@pytest.mark.parametrize("part", ["model.safetensors", "config.json", "tokenizer.json"])
def test_missing_part(copied: Path, part: str) -> None:
    (copied / part).unlink()
    with pytest.raises(EncoderError, match="cannot be loaded"):
        Encoder(str(copied))


def test_broken_modules_file(copied: Path) -> None:
    (copied / "modules.json").write_text("{")
    with pytest.raises(EncoderError, match="cannot be loaded"):
        Encoder(str(copied))


def test_unknown_name_is_not_fetched() -> None:
    with pytest.raises(EncoderError, match="no-such-model-anywhere"):
        Encoder("no-such-model-anywhere")


def test_fingerprint_follows_the_files(copied: Path) -> None:
    before = fingerprint(str(copied))
    assert before == fingerprint(default_encoder())
    (copied / "notes.md").write_text("not a part of the model")
    assert fingerprint(str(copied)) == before
    config = copied / "config.json"
    config.write_text(config.read_text() + " ")
    assert fingerprint(str(copied)) != before
    assert fingerprint("one-name") != fingerprint("other-name")
