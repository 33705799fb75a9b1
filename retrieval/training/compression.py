"""Making a finished encoder smaller: fewer layers, or fewer vocabulary rows."""

from collections.abc import Sequence

import torch
from transformers import BertConfig, BertModel

from retrieval.training.encoder import Encoder
from retrieval.training.errors import TrainingError
from retrieval.training.vocabulary import PREFIX, SPECIAL, wordpiece_tokenizer


def with_layers(encoder: Encoder, layers: Sequence[int]) -> Encoder:
    """A copy of the encoder with only the named layers (from 0), in the given order.

    Raises TrainingError where the encoder has no such layer.
    """
    config = encoder.model.config
    if not layers or not all(0 <= layer < config.num_hidden_layers for layer in layers):
        raise TrainingError(f"Layers must be among 0 to {config.num_hidden_layers - 1}.")
    state = {}
    for name, value in encoder.model.state_dict().items():
        if name.startswith("encoder.layer."):
            _, _, number, rest = name.split(".", 3)
            for place, layer in enumerate(layers):
                if layer == int(number):
                    state[f"encoder.layer.{place}.{rest}"] = value
        else:
            state[name] = value
    return _rebuilt(encoder, state, num_hidden_layers=len(layers))


def with_tokens(encoder: Encoder, texts: Sequence[str], rows: int) -> Encoder:
    """A copy with only `rows` tokens: special and single-character ones, then by use in `texts`."""
    vocabulary = encoder.tokenizer.get_vocab()
    use = [0] * len(vocabulary)
    for encoding in encoder.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False):
        for identifier in encoding.ids:
            use[identifier] += 1
    fixed = {token for token in vocabulary if token in SPECIAL or len(token.removeprefix(PREFIX)) == 1}
    others = sorted(set(vocabulary) - fixed, key=lambda token: (-use[vocabulary[token]], vocabulary[token]))
    kept = sorted(fixed | set(others[: max(rows - len(fixed), 0)]), key=vocabulary.__getitem__)
    name = "embeddings.word_embeddings.weight"
    state = dict(encoder.model.state_dict())
    state[name] = state[name][[vocabulary[token] for token in kept]]
    smaller = _rebuilt(encoder, state, vocab_size=len(kept))
    return Encoder(wordpiece_tokenizer(encoder.tokenizer, kept), smaller.model)


def _rebuilt(encoder: Encoder, state: dict[str, torch.Tensor], **changes: int) -> Encoder:
    config = BertConfig(**{**encoder.model.config.to_dict(), **changes})
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(state)
    model.train(False)
    return Encoder(encoder.tokenizer, model)
