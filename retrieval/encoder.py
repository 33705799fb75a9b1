"""Turning texts into unit vectors with a sentence-transformers model that lies on this machine."""

import hashlib
import os
import warnings
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

OWN_WEIGHTS = Path(__file__).parent / "weights"
LEAST_VOCABULARY = 100
LEAST_LENGTH = 1e-12
# So many texts are a message and its readings; more are a build, where sorting them by length pays.
FEW = 4

Layers = Callable[["torch.Tensor", "torch.Tensor"], "torch.Tensor"]


class EncoderError(Exception):
    """An encoder folder that is missing or cannot be read; the message says which and what to do."""


def default_encoder() -> str:
    """The folder of the encoder used when none is set: the project's own bilingual one."""
    return str(OWN_WEIGHTS)


class Encoder:
    """A loaded model. `name` is a folder, or a sentence-transformers name already in the local cache."""

    def __init__(self, name: str, threads: int | None = None) -> None:
        """Load the model; no network is touched.

        Raises EncoderError where the folder is missing, truncated or not a sentence-transformers model.
        """
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self.name = name
        self._model = _load(name)
        if threads is not None:
            import torch

            torch.set_num_threads(threads)

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.encode(["x"]).shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the model's files: two encoders with the same fingerprint give the same vectors."""
        return fingerprint(self.name)

    @cached_property
    def _layers(self) -> Layers | None:
        """The transformer's layers as a recorded graph; None where the model is of another kind than those it is known to fit."""
        bert = getattr(self._model[0], "model", None)
        if bert is None or getattr(bert.config, "model_type", "") != "bert":
            return None
        return _record(bert, self._model.preprocess(["a message", "and one of another length"]))

    def encode(self, texts: list[str]) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimensions), float32."""
        if 0 < len(texts) <= FEW and self._layers is not None:
            found = _encode_few(self._model, self._layers, texts)
        else:
            found = self._model.encode(texts, batch_size=64, convert_to_numpy=True, show_progress_bar=False)
        vectors = np.ascontiguousarray(found, dtype=np.float32)
        # After bfloat16's three digits a length would not be one.
        vectors /= np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), LEAST_LENGTH)
        return vectors


def _record(bert: "torch.nn.Module", example: dict[str, "torch.Tensor"]) -> Layers:
    """Record the calls that `bert` makes to tensors (torch.jit.trace): without Python between them one text takes half the time.

    The same calls on the same weights, for texts of any number and length: the vectors do not change.
    """
    import torch

    class Hidden(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            hidden: torch.Tensor = self.bert(input_ids=ids, attention_mask=mask)[0]
            return hidden

    with warnings.catch_warnings(), torch.no_grad():
        # torch wants compilation instead, which needs a C++ compiler on the machine.
        warnings.simplefilter("ignore")
        traced = torch.jit.trace(  # type: ignore[no-untyped-call]
            Hidden().eval(), (example["input_ids"], example["attention_mask"]), check_trace=False
        )
        layers: Layers = torch.jit.freeze(traced)
    return layers


def _encode_few(model: "SentenceTransformer", layers: Layers, texts: list[str]) -> Vectors:
    """The model's vectors of `texts`, through its recorded layers."""
    import torch

    with torch.inference_mode():
        features = model.preprocess(texts)
        features["token_embeddings"] = layers(features["input_ids"], features["attention_mask"])
        for module in list(model)[1:]:
            features = module(features)
        return np.asarray(features["sentence_embedding"].float().numpy(), dtype=np.float32)


def fingerprint(name: str) -> str:
    """Hash of an encoder's files (name, size and content); of its name where it is not a folder."""
    digest = hashlib.sha256(b"" if Path(name).is_dir() else name.encode())
    folder = Path(name)
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file() and path.suffix in {".json", ".safetensors", ".txt", ".bin"}:
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _load(name: str) -> "SentenceTransformer":
    looks_like_folder = os.sep in name or name.startswith(".")
    if looks_like_folder and not Path(name).is_dir():
        raise EncoderError(f"There is no encoder folder {name}. Set PUENTE_ENCODER to a sentence-transformers folder.")
    if looks_like_folder and not (Path(name) / "modules.json").exists():
        raise EncoderError(f"{name} is not a sentence-transformers folder: it has no modules.json.")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    damaged = f"The encoder {name} cannot be loaded; its files are damaged or absent. Restore them."
    try:
        model = SentenceTransformer(name, device="cpu", local_files_only=True)
    except Exception as error:
        raise EncoderError(damaged) from error
    # Without its vocabulary files a tokenizer loads all the same, and reads every word as unknown.
    if len(model.tokenizer) < LEAST_VOCABULARY:
        raise EncoderError(damaged)
    return (model.bfloat16() if _multiplies_bfloat16() else model.float()).eval()


def _multiplies_bfloat16() -> bool:
    """True where the processor multiplies bfloat16 itself; one text then takes two thirds of float32's time."""
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported())
