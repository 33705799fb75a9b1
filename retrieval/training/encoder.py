"""A sentence encoder as the training sees it: a WordPiece tokenizer and a BERT, loaded, run and saved."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from transformers import BertConfig, BertModel

from retrieval.training.errors import TrainingError

MAX_TOKENS = 128
# What the teacher allows; training sees at most MAX_TOKENS.
SAVED_TOKENS = 256

MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]
SPECIAL = {
    "unk_token": "[UNK]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}


@dataclass(frozen=True)
class Encoder:
    """A tokenizer without padding or truncation, and the transformer that it feeds."""

    tokenizer: Tokenizer
    model: BertModel


def load(folder: Path) -> Encoder:
    """Load a sentence-transformers folder of a mean-pooled BERT; weights become float32 in memory.

    Raises TrainingError where a file is missing or damaged, or where the folder holds another architecture.
    """
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise TrainingError(f"{folder} is not an encoder folder: it has no {name}.")
    try:
        settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if settings["model_type"] != "bert":
            raise TrainingError(f"{folder} holds a {settings['model_type']} model; a bert model is needed.")
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        state = load_file(folder / "model.safetensors")
    except TrainingError:
        raise
    except SafetensorError as error:
        raise TrainingError(f"{folder / 'model.safetensors'} is truncated or damaged.") from error
    except Exception as error:  # the tokenizers library raises bare Exception for a bad file
        raise TrainingError(
            f"{folder} is not an encoder folder: its configuration cannot be read."
        ) from error
    settings.pop("dtype", None)
    config = BertConfig(**settings)
    model = BertModel(config, add_pooling_layer=False)
    unused = ("pooler.", "embeddings.position_ids")
    state = {name: value.float() for name, value in state.items() if not name.startswith(unused)}
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise TrainingError(f"{folder}: the weights do not fit config.json.") from error
    if tokenizer.get_vocab_size() > config.vocab_size:
        raise TrainingError(f"{folder}: tokenizer.json and model.safetensors do not belong together.")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    model.train(False)
    return Encoder(tokenizer, model)


def save(encoder: Encoder, folder: Path, max_tokens: int = SAVED_TOKENS) -> None:
    """Write a folder that sentence-transformers loads: float16 on disk, float32 in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        name: value.half().contiguous()
        for name, value in encoder.model.state_dict().items()
        if name != "embeddings.position_ids"
    }
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    # The library writes files that only their owner reads; a wheel needs the usual rights.
    (folder / "model.safetensors").chmod(0o644)
    config = encoder.model.config
    keys = (
        "attention_probs_dropout_prob",
        "hidden_act",
        "hidden_dropout_prob",
        "hidden_size",
        "initializer_range",
        "intermediate_size",
        "layer_norm_eps",
        "max_position_embeddings",
        "model_type",
        "num_attention_heads",
        "num_hidden_layers",
        "pad_token_id",
        "type_vocab_size",
        "vocab_size",
    )
    settings: dict[str, object] = {key: getattr(config, key) for key in keys}
    settings |= {"architectures": ["BertModel"], "dtype": "float32"}
    _write(folder / "config.json", settings)
    tokenizer = Tokenizer.from_str(encoder.tokenizer.to_str())
    tokenizer.enable_truncation(max_tokens)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    _write(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "BertTokenizer",
            "do_lower_case": True,
            "strip_accents": True,
            "tokenize_chinese_chars": True,
            "model_max_length": max_tokens,
            **SPECIAL,
        },
    )
    _write(folder / "special_tokens_map.json", SPECIAL)
    # Without the argument the library makes an untrained pooling layer and warns that it has no weights.
    module = {"max_seq_length": max_tokens, "do_lower_case": False, "model_args": {"add_pooling_layer": False}}
    _write(folder / "sentence_bert_config.json", module)
    _write(folder / "modules.json", MODULES)
    _write(folder / "config_sentence_transformers.json", {"similarity_fn_name": "cosine"})
    (folder / "1_Pooling").mkdir(exist_ok=True)
    _write(
        folder / "1_Pooling" / "config.json",
        {
            "word_embedding_dimension": config.hidden_size,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
    )
    (folder / "2_Normalize").mkdir(exist_ok=True)


def token_ids(encoder: Encoder, texts: Sequence[str], max_tokens: int = MAX_TOKENS) -> list[list[int]]:
    """Token ids of each text with [CLS] and [SEP], cut to `max_tokens`."""
    separator = [int(encoder.tokenizer.token_to_id("[SEP]") or 0)]
    result: list[list[int]] = []
    for encoding in encoder.tokenizer.encode_batch_fast(list(texts)):
        ids: list[int] = list(encoding.ids)
        result.append(ids if len(ids) <= max_tokens else ids[: max_tokens - 1] + separator)
    return result


def vectors(encoder: Encoder, ids: Sequence[Sequence[int]]) -> Tensor:
    """Mean-pooled vectors of length one, float32, shape (texts, dimensions), with gradients where enabled.

    Mean pooling over the tokens as in Sentence-BERT (Reimers & Gurevych 2019).
    """
    longest = max(len(row) for row in ids)
    tokens = torch.zeros((len(ids), longest), dtype=torch.long)
    mask = torch.zeros((len(ids), longest), dtype=torch.long)
    for row, values in enumerate(ids):
        tokens[row, : len(values)] = torch.tensor(values)
        mask[row, : len(values)] = 1
    hidden = encoder.model(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
    weights = mask.unsqueeze(-1).float()
    mean = (hidden * weights).sum(1) / weights.sum(1)
    return torch.nn.functional.normalize(mean, dim=-1)


def encode(
    encoder: Encoder,
    texts: Sequence[str],
    max_tokens: int = MAX_TOKENS,
    tokens_per_batch: int = 4096,
    bfloat16: bool = False,
) -> NDArray[np.float32]:
    """Encode texts in batches of similar length; vectors of length one, shape (texts, dimensions)."""
    ids = token_ids(encoder, texts, max_tokens)
    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    result = np.zeros((len(ids), encoder.model.config.hidden_size), dtype=np.float32)
    encoder.model.train(False)
    start = 0
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
        while start < len(order):
            end = start + 1
            while end < len(order) and len(ids[order[end]]) * (end + 1 - start) <= tokens_per_batch:
                end += 1
            chosen = order[start:end]
            result[chosen] = vectors(encoder, [ids[index] for index in chosen]).numpy()
            start = end
    return result


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
