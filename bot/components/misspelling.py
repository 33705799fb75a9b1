"""Misspelt words of the vocabulary: one edit away, and no word of their own."""

import re
from functools import lru_cache

from .folding import within_one_edit
from .vocabulary import vocabulary

TOKEN = re.compile(r"[\w'&]+")
# Shorter aspects, ordinals and words of a phrase are too near to other words.
SHORTEST_ASPECT = 6
SHORTEST_ORDINAL = 5
SHORTEST_OF_PHRASE = 4
SHORTEST_PILLAR, SHORTEST_PRIORITY = 5, 7
# Words known by heart, so that a message costs only those that are new.
REMEMBERED = 4096
# Common words one edit away from an ordinal.
NOT_ORDINALS = frozenset({
    "cuartos", "cuartas", "cuanto", "cuarto", "cuanta", "fists", "firsts", "forty", "north", "fourths", "primero", "primera",
    "primeros", "primeras", "quintas", "quintos",
    "quita", "quitan", "quito", "seconds", "segundos", "segundas", "terceros", "terceras", "thirds", "third",
})
# Common words one edit away from a word of the vocabulary, which they do not misspell.
NOT_TYPOS = frozenset({
    "calle", "calles", "caller", "callers", "cuando", "hombre", "hombres", "media", "medias", "medica", "medicas", "millar",
    "parque", "season", "seasons", "starts", "stats", "treason", "villar",
})


@lru_cache(maxsize=REMEMBERED)
def role(token: str) -> str | None:
    """"pillar", "priority" or "aspect" where `token` is a word for one, misspelt or not."""
    words = vocabulary()
    if token in words.pillar or (len(token) >= SHORTEST_PILLAR and _misspells(token, "pillar")) or token == "pilars":
        return "pillar"
    if token in words.priority or len(token) >= SHORTEST_PRIORITY and any(_misspells(token, word) for word in words.priority):
        return "priority"
    return "aspect" if token in words.aspects or misspelt_aspects(token) else None


@lru_cache(maxsize=REMEMBERED)
def misspelt_aspects(token: str) -> frozenset[str]:
    """The aspects of one long word that `token` misspells."""
    long_ones = (word for word in vocabulary().aspects if len(word) >= SHORTEST_ASPECT and " " not in word)
    return frozenset(word for word in long_ones if _misspells(token, word))


@lru_cache(maxsize=REMEMBERED)
def misspelt_ordinal(token: str) -> str | None:
    """The ordinal that a word misspells by one edit: "frist", "secnd", "segnda"."""
    words = vocabulary()
    if len(token) < SHORTEST_ORDINAL or token in NOT_ORDINALS or token in words.empty:
        return None
    long_ones = ((word, number) for word, number in words.ordinals.items() if len(word) >= SHORTEST_ORDINAL)
    return next((number for word, number in long_ones if within_one_edit(token, word)), None)


def phrases_mended(text: str) -> str:
    """Folded `text` with misspelt aspects of several words put right: "linea bace" is "linea base"."""
    tokens = TOKEN.findall(text)
    known = set(tokens)
    meant = [_words_meant(token) for token in tokens]
    reached = frozenset().union(*meant) if meant else frozenset()
    for phrase in vocabulary().phrases:
        if known.isdisjoint(phrase.words) or not reached.issuperset(phrase.words):
            continue
        for start in range(len(tokens) - len(phrase.words) + 1):
            found = tokens[start : start + len(phrase.words)]
            if tuple(found) != phrase.words and all(word in meant[start + n] for n, word in enumerate(phrase.words)):
                text = text.replace(" ".join(found), phrase.text)
    return text


@lru_cache(maxsize=REMEMBERED)
def _words_meant(token: str) -> frozenset[str]:
    """The words of phrases that `token` is or misspells."""
    words = {word for phrase in vocabulary().phrases for word in phrase.words}
    return frozenset(w for w in words if token == w or len(w) >= SHORTEST_OF_PHRASE and _misspells(token, w))


def _misspells(token: str, word: str) -> bool:
    return token not in NOT_TYPOS and within_one_edit(token, word)
