"""The untrained student: the teacher's layers over a bilingual vocabulary with transferred token vectors."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from retrieval.training.alignment import align
from retrieval.training.data import Pair
from retrieval.training.encoder import Encoder
from retrieval.training.vocabulary import PREFIX, SPECIAL, pieces, wordpiece_tokenizer

# A word of the teacher's that occurs this many times more often in Spanish text is Spanish to us.
SPANISH_RATIO = 30.0
SPANISH_MINIMUM = 20
LINKS = 8
LINK_SHARE = 0.05


@dataclass(frozen=True)
class Links:
    """For a Spanish token, its English words and their shares, the largest first."""

    words: Mapping[str, Sequence[tuple[str, float]]]


def links(tokenizer: Tokenizer, pairs: Sequence[Pair], longest: int = 20) -> Links:
    """Align the student's Spanish tokens with English words over pairs of at most `longest` tokens a side."""
    english_ids: dict[str, int] = {}
    spanish_rows: list[NDArray[np.int64]] = []
    english_rows: list[NDArray[np.int64]] = []
    for pair in pairs:
        spanish = tokenizer.encode(pair.spanish, add_special_tokens=False).ids
        normal = tokenizer.normalizer.normalize_str(pair.english)
        words = [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal)]
        if 0 < len(spanish) <= longest and 0 < len(words) <= longest:
            spanish_rows.append(np.array(spanish, dtype=np.int64))
            ids = [english_ids.setdefault(word, len(english_ids)) for word in words]
            english_rows.append(np.array(ids, dtype=np.int64))
    if not spanish_rows:
        return Links({})
    alignment = align(spanish_rows, english_rows)
    names = list(english_ids)
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for token, word, count in zip(alignment.spanish, alignment.english, alignment.counts, strict=True):
        found[str(tokenizer.id_to_token(int(token)))].append((names[word], float(count)))
    return Links({token: _shares(counts) for token, counts in found.items()})


def initialise(
    teacher: Encoder, tokens: Sequence[str], aligned: Links, english: Counter[str], spanish: Counter[str]
) -> Encoder:
    """Build the student: teacher's layers, and one vector for each token.

    An old token keeps the teacher's vector unless it is almost only Spanish in the data; it and every new
    token start as the mean of the teacher's vectors of its English words, weighted by alignment
    (as WECHSEL, Minixhofer et al. 2022, and trans-tokenization, Remy et al. 2024, do), or of its own
    pieces where nothing is aligned with it.
    """
    known = teacher.tokenizer.get_vocab()
    source = teacher.model.embeddings.word_embeddings.weight.detach().numpy()
    table = np.zeros((len(tokens), source.shape[1]), dtype=np.float32)
    scale = sum(english.values()) / max(sum(spanish.values()), 1)
    for row, token in enumerate(tokens):
        if token in known and not _is_spanish(token, english, spanish, scale):
            table[row] = source[known[token]]
        else:
            table[row] = _transferred(token, aligned, known, source)
    config = BertConfig(**{**teacher.model.config.to_dict(), "vocab_size": len(tokens)})
    model = BertModel(config, add_pooling_layer=False)
    state = dict(teacher.model.state_dict())
    state["embeddings.word_embeddings.weight"] = torch.from_numpy(table)
    model.load_state_dict(state)
    model.train(False)
    return Encoder(wordpiece_tokenizer(teacher.tokenizer, tokens), model)


def lexicon(aligned: Links, minimum: float = 0.3) -> dict[str, str]:
    """Spanish words and the English word that each is mostly aligned with."""
    result = {}
    for token, shares in aligned.words.items():
        word, share = shares[0]
        if token.isalpha() and len(token) > 3 and word.isalpha() and share >= minimum and word != token:
            result[token] = word
    return result


def _shares(counts: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    total = sum(count for _, count in counts)
    strongest = [(word, count / total) for word, count in counts[:LINKS]]
    kept = [(word, share) for word, share in strongest if share >= LINK_SHARE] or strongest[:1]
    whole = sum(share for _, share in kept)
    return [(word, share / whole) for word, share in kept]


def _is_spanish(token: str, english: Counter[str], spanish: Counter[str], scale: float) -> bool:
    frequent = token not in SPECIAL and len(token) > 1 and spanish[token] >= SPANISH_MINIMUM
    return frequent and spanish[token] * scale > SPANISH_RATIO * (english[token] + 1)


def _transferred(
    token: str, aligned: Links, known: Mapping[str, int], source: NDArray[np.float32]
) -> NDArray[np.float32]:
    shares = aligned.words.get(token)
    if shares is None:
        own = pieces(token.removeprefix(PREFIX), known)
        return _mean(own, known, source)
    parts = [share * _mean(pieces(word, known), known, source) for word, share in shares]
    result: NDArray[np.float32] = np.sum(parts, axis=0, dtype=np.float32)
    return result


def _mean(own: Sequence[str], known: Mapping[str, int], source: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = np.mean(source[[known[piece] for piece in own]], axis=0, dtype=np.float32)
    return result
