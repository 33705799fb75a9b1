"""The bilingual vocabulary: the teacher's tokens that are used, Spanish words, and Spanish word ends."""

import json
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

PREFIX = "##"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
END_LENGTHS = range(2, 8)


@dataclass(frozen=True)
class VocabularySize:
    """How many tokens to keep and to add."""

    rows: int = 30_000
    spanish_words: int = 12_500
    spanish_ends: int = 800


def word_counts(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[str]:
    """Count words after the tokenizer's own lower-casing, accent stripping and splitting."""
    counts: Counter[str] = Counter()
    for text in texts:
        normal = tokenizer.normalizer.normalize_str(text)
        counts.update(word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal))
    return counts


def pieces(word: str, vocabulary: Container[str]) -> list[str]:
    """Split one word into the longest known pieces from left to right (WordPiece, Wu et al. 2016).

    A word with an unknown character is `["[UNK]"]`.
    """
    result = []
    start = 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = (PREFIX if start else "") + word[start:end]
            if piece in vocabulary:
                result.append(piece)
                start = end
                break
        else:
            return ["[UNK]"]
    return result


def bilingual_vocabulary(
    teacher: Tokenizer, english: Counter[str], spanish: Counter[str], size: VocabularySize
) -> list[str]:
    """Choose the tokens of the student: special, kept, then added ones, at most `size.rows` in all.

    Kept are the teacher's single characters and its most used Latin tokens in both languages' words;
    added are the most frequent Spanish words that the teacher splits, then the Spanish word ends
    that save most pieces. Ties break by the text of the token, so the order is reproducible.
    """
    known = teacher.get_vocab()
    use: Counter[str] = Counter()
    for counts in (english, spanish):
        for word, count in counts.items():
            for piece in pieces(word, known):
                use[piece] += count
    latin = [token for token in known if _is_latin(token)]
    single = [token for token in latin if len(token.removeprefix(PREFIX)) == 1]
    # The teacher's own order is by frequency in its pre-training text: it ranks what our data never use.
    longer = sorted(set(latin) - set(single), key=lambda token: (-use[token], known[token]))
    split = [word for word in spanish if word not in known and word.isalpha() and word.isascii()]
    words = sorted(split, key=lambda word: (-spanish[word], word))[: size.spanish_words]
    room = size.rows - len(SPECIAL) - len(single) - len(words) - size.spanish_ends
    kept = single + longer[: max(room, 0)]
    base = set(kept) | set(words)
    ends = _word_ends(spanish, base, size.spanish_ends)
    ordered = sorted(kept, key=known.__getitem__)
    return [*SPECIAL, *ordered, *words, *ends]


def wordpiece_tokenizer(teacher: Tokenizer, tokens: Sequence[str]) -> Tokenizer:
    """The teacher's tokenizer with another vocabulary; always lower-cases and strips accents."""
    settings = json.loads(teacher.to_str())
    vocabulary = {token: index for index, token in enumerate(tokens)}
    settings["model"]["vocab"] = vocabulary
    settings["normalizer"]["strip_accents"] = True
    settings["normalizer"]["lowercase"] = True
    settings["truncation"] = settings["padding"] = None
    for added in settings["added_tokens"]:
        added["id"] = vocabulary[added["content"]]
    for name, special in settings["post_processor"]["special_tokens"].items():
        special["ids"] = [vocabulary[name]]
    return Tokenizer.from_str(json.dumps(settings))


def _word_ends(spanish: Counter[str], base: set[str], count: int) -> list[str]:
    saved: Counter[str] = Counter()
    for word, frequency in spanish.items():
        if word in base or not word.isalpha():
            continue
        for length in END_LENGTHS:
            if length < len(word) - 1:
                end = PREFIX + word[-length:]
                if end not in base:
                    saved[end] += frequency
    ranked = sorted(saved, key=lambda end: (-saved[end] * (len(end) - 2), end))
    return ranked[:count]


def _is_latin(token: str) -> bool:
    text = token.removeprefix(PREFIX)
    return not (token.startswith("[") and token.endswith("]") and len(token) > 2) and all(
        ord(character) < 0x250 or 0x2010 <= ord(character) <= 0x20BF for character in text
    )
