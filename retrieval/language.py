"""Is a message English or Spanish, and does it ask to be answered in one of them?

Our own voice is naive Bayes over words (Manning, Raghavan and Schütze, Introduction to Information Retrieval,
chapter 13) whose evidence per word is bounded, with function words counting more than content words, and
character n-grams for words never seen. langdetect, held to the same two languages, is asked only when that
voice is unsure. All weights are natural-log odds, positive towards Spanish. `retrieval.training.language` makes
the data file; `benchmarks/language.py` measures the constants below.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np

from knowledge.models import Locale
from retrieval.language_requests import DATA, language_request, word_lists
from retrieval.normalization import fold

WEIGHTS_FILE = "weights.npz"
# Stored weights are 8-bit whole numbers; this many steps make one unit of log odds.
STEPS_PER_UNIT = 16.0

TEXT_LIMIT = 4_000  # characters read of a message
UNSEEN_SHARE = 0.35  # of the n-gram evidence, for a word never seen
NAME_SHARE = 0.1  # of the evidence in words of names that both languages write the same
CAPITAL_SHARE = 0.5  # of the evidence in a content word with a capital inside a sentence
# Shares of the evidence in the words that open a clause: question words and verbs stand there, quoted titles do not.
FIRST_FUNCTION_WORD_SHARE = 6.0
FIRST_CONTENT_WORD_SHARE = 1.5
SECOND_FUNCTION_WORD_SHARE = 2.0
WEAK_OPENER_SHARE = 1.5
INVERTED_MARK = 3.0  # log odds of "¿" or "¡"
UNSURE = 3.0  # below this much log odds langdetect is asked
LANGDETECT_WEIGHT = 0.1
MEMORY = 2.0  # log odds that the conversation's language is worth
CALIBRATION = 0.9  # log odds of the answer per unit of score

_TOKEN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]+(?:['’][A-Za-zÀ-ÖØ-öø-ɏ]+)*")
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\b(?=\w*\d)\w+(?:[.\-]\w+)*|\b[A-Za-z]-[A-Za-z]\b")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_CLAUSE_END = re.compile(r"[,;:.?!¿¡\n]")
_SENTENCE_END = re.compile(r"[.!?¿¡:\n]\s*[\"'“(]*$")


@dataclass(frozen=True)
class Detection:
    """A message's language and how it was found.

    `probability` (0 to 1) is that of `language`. `source`: an explicit "request", the "text" itself, the
    conversation's "memory", or "default" (English) where nothing speaks. `requested` is the language that the
    message asks to be answered in, if it asks, and `asks_only_that` is true where it asks for nothing else.
    """

    language: Locale
    probability: float
    source: Literal["request", "text", "memory", "default"]
    requested: Locale | None = None
    asks_only_that: bool = False


@dataclass(frozen=True)
class Weights:
    """Log odds by word and by character n-gram, in steps; kinds of word; names by first word, longest first."""

    words: Mapping[str, int]
    ngrams: Mapping[str, int]
    function_words: frozenset[str]
    greetings: frozenset[str]
    weak_openers: frozenset[str]
    names: Mapping[str, list[list[str]]]


def detect(text: str, remembered: Locale | None = None) -> Detection:
    """Find the language that a message should be answered in.

    `remembered` is the conversation's language so far; it decides near-ties only. The same text and memory
    give the same answer in every process. Raises nothing for any text.
    """
    text = unicodedata.normalize("NFC", text[:TEXT_LIMIT])
    score, words = own_score(text)
    asked = language_request(text, score)
    if asked is not None:
        return Detection(asked.language, 1.0, "request", asked.language, asked.alone)
    if words == 0:
        return Detection(remembered or "en", 0.5, "memory" if remembered else "default")
    if abs(score) < UNSURE:
        score += LANGDETECT_WEIGHT * langdetect_log_odds(text)
    prior = {"en": -MEMORY, "es": MEMORY, None: 0.0}[remembered]
    spanish = score + prior > 0
    language: Locale = "es" if spanish else "en"
    probability = 1 / (1 + math.exp(-CALIBRATION * min(abs(score + prior), 50.0)))
    if remembered is not None and spanish != (score > 0) or score == 0 and remembered is not None:
        return Detection(language, probability, "memory")
    return Detection(language, probability, "default" if score == 0 else "text")


def own_score(text: str) -> tuple[float, int]:
    """Log odds of Spanish by our own voice alone, and the number of Latin-letter words behind it."""
    weights = load_weights()
    text = _STRETCHED.sub(r"\1", _NOT_WORDS.sub(" ", text))
    matches = list(_TOKEN.finditer(text))
    tokens = [match.group().lower().replace("’", "'") for match in matches]
    named = _in_names(tokens, weights.names)
    shouting = sum(match.group()[0].isupper() for match in matches) * 2 > len(matches)
    score = INVERTED_MARK if "¿" in text or "¡" in text else 0.0
    position = previous_end = 0
    for index, (match, token) in enumerate(zip(matches, tokens, strict=True)):
        evidence = word_log_odds(token, weights)
        function = token in weights.function_words or _plain(token) in weights.function_words
        if _CLAUSE_END.search(text[previous_end : match.start()]):
            position = 0
        previous_end = match.end()
        # ELA, EL or SBAC are the same in both languages.
        acronym = len(token) > 1 and match.group().isupper() and not shouting
        if named[index] or acronym:
            score += evidence * NAME_SHARE
            continue
        inside = not _SENTENCE_END.search(text[max(0, match.start() - 4) : match.start()])
        if match.group()[0].isupper() and index and inside and not shouting and not function:
            evidence *= CAPITAL_SHARE
        if _plain(token) in weights.greetings:
            score += evidence
        else:
            score += evidence * _place_share(position, function, _plain(token) in weights.weak_openers)
            position += 1
    return score, len(tokens)


def tokens_of(text: str) -> list[str]:
    """The lower-case Latin-letter words of a text, without ids, addresses and numbers."""
    return [token.lower().replace("’", "'") for token in _TOKEN.findall(_NOT_WORDS.sub(" ", text))]


def word_log_odds(token: str, weights: Weights) -> float:
    """Log odds of one lower-case word: as spelled, else without accents, else by its n-grams."""
    for form in (token, _plain(token), token.replace("'", "")):
        if form in weights.words:
            return weights.words[form] / STEPS_PER_UNIT
    grams = [weights.ngrams[gram] for gram in character_ngrams(token) if gram in weights.ngrams]
    if len(token) == 1 or not grams:
        return 0.0
    return UNSEEN_SHARE * max(-6.0, min(6.0, sum(grams) / STEPS_PER_UNIT))


def character_ngrams(token: str) -> list[str]:
    """The 3- and 4-character pieces of a word between the marks of its beginning and end."""
    marked = f"^{token}$"
    return [marked[start : start + size] for size in (3, 4) for start in range(len(marked) - size + 1)]


def langdetect_log_odds(text: str) -> float:
    """Log odds of Spanish by langdetect with only English and Spanish, even priors and a fixed seed."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _langdetect_factory().create()
    detector.set_prior_map({"en": 0.5, "es": 0.5})
    detector.append(text.lower())
    try:
        found = {result.lang: result.prob for result in detector.get_probabilities()}
    except LangDetectException:
        return 0.0
    return math.log((found.get("es", 0.0) + 1e-4) / (found.get("en", 0.0) + 1e-4))


@cache
def load_weights() -> Weights:
    """Read the package's data files once. Raises OSError where they are missing."""
    with np.load(DATA / WEIGHTS_FILE, allow_pickle=False) as stored:
        tables: dict[str, Any] = {name: stored[name] for name in stored.files}
    words = bytes(tables["words"]).decode("utf-8").split("\n")
    ngrams = bytes(tables["ngrams"]).decode("utf-8").split("\n")
    names: dict[str, list[list[str]]] = {}
    for line in (DATA / "names.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name = [_plain(token) for token in _TOKEN.findall(line)]
            names.setdefault(name[0], []).append(name)
    for group in names.values():
        group.sort(key=len, reverse=True)
    return Weights(
        dict(zip(words, tables["word_weights"].tolist(), strict=True)),
        dict(zip(ngrams, tables["ngram_weights"].tolist(), strict=True)),
        frozenset(bytes(tables["function_words"]).decode("utf-8").split("\n")),
        frozenset(word_lists()["greetings"]),
        frozenset(word_lists()["weak_openers"]),
        names,
    )


def _place_share(position: int, function: bool, weak: bool) -> float:
    if position > 1 or weak and position == 1:
        return 1.0
    if weak:
        return WEAK_OPENER_SHARE
    if not function:
        return FIRST_CONTENT_WORD_SHARE
    return SECOND_FUNCTION_WORD_SHARE if position == 1 else FIRST_FUNCTION_WORD_SHARE


def _in_names(tokens: list[str], names: Mapping[str, list[list[str]]]) -> list[bool]:
    plain = [_plain(token) for token in tokens]
    named = [False] * len(tokens)
    for start, token in enumerate(plain):
        for name in names.get(token, []):
            if plain[start : start + len(name)] == name:
                named[start : start + len(name)] = [True] * len(name)
                break
    return named


def _plain(token: str) -> str:
    return token if token.isascii() else fold(token)


@cache
def _langdetect_factory() -> Any:
    from langdetect.detector_factory import DetectorFactory

    factory = DetectorFactory()
    profiles = resources.files("langdetect") / "profiles"
    factory.load_json_profile([(profiles / name).read_text(encoding="utf-8") for name in ("en", "es")])
    factory.seed = 0
    return factory
