"""Make the language detector's data file from the parallel training data.

Run as `python -m retrieval.training.language DATA_FOLDER`. Counts are of sentences that hold a word, in the
two languages with even priors, half as spelled and half without accents; see `retrieval.language` for their use.
"""

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from retrieval.language import STEPS_PER_UNIT, WEIGHTS_FILE, character_ngrams, tokens_of
from retrieval.language_requests import DATA
from retrieval.normalization import fold
from retrieval.training.data import CIVIC, EVERYDAY, SCHOOL, Pair, capped, held_out, read_pairs

SEED = 11
DEVELOPMENT_PAIRS = 2_000
CAPS = {"openstax-": 3_000, "msdocs-": 3_000, "python-docs-es": 1_000, "omw-mcr": 15_000, "omw-gloss": 3_000}

SMOOTHING = 0.3  # sentences added to every count
WORD_BOUND = 3.0  # log odds that one content word can weigh
FUNCTION_BOUND = 5.0  # log odds that one function word can weigh
FUNCTION_WORDS = 160  # the most frequent words of each language
FUNCTION_SHARE = 1.3  # of a function word's evidence
KEPT_WORD_COUNT = 2.0  # sentences below which a word is left to its n-grams
KEPT_NGRAM_COUNT = 6.0  # words
KEPT_NGRAM_EVIDENCE = 0.12  # log odds

Counts = dict[str, float]


def split(folder: Path) -> tuple[list[Pair], list[Pair]]:
    """The training pairs and the held-out pairs of everyday and civic sources, the same on every call.

    Raises TrainingError where the folder lacks the parallel data.
    """
    training, development = held_out(read_pairs(folder), EVERYDAY | CIVIC | SCHOOL, DEVELOPMENT_PAIRS, SEED)
    return capped(training, CAPS, SEED), development


def count_words(texts: Iterable[str]) -> Counts:
    """Count in how many of the texts each word occurs, half as spelled and half without accents."""
    tallies: Counter[str] = Counter()
    for text in texts:
        tallies.update(set(tokens_of(text)))
    counts: Counts = defaultdict(float)
    for token, tally in tallies.items():
        counts[token] += tally / 2
        counts[fold(token)] += tally / 2
    return counts


def count_ngrams(words: Counts) -> Counts:
    """Count n-grams over a language's different words; a frequent word counts by its logarithm."""
    counts: Counts = defaultdict(float)
    for word, tally in words.items():
        if len(word) > 1:
            for gram in character_ngrams(word):
                counts[gram] += math.log1p(tally)
    return counts


def log_odds(english: Counts, spanish: Counts, smoothing: float) -> Counts:
    """Smoothed log odds of Spanish for everything counted in either language, with even totals."""
    kinds = len(english.keys() | spanish.keys())
    english_total = sum(english.values()) + smoothing * kinds
    spanish_total = sum(spanish.values()) + smoothing * kinds
    offset = math.log(english_total / spanish_total)
    return {
        key: math.log((spanish.get(key, 0.0) + smoothing) / (english.get(key, 0.0) + smoothing)) + offset
        for key in sorted(english.keys() | spanish.keys())
    }


def read_informal(folder: Path = DATA) -> Counts:
    """The weights of short and spoken forms, by form."""
    weights = {}
    for line in (folder / "informal.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            form, language, strength = line.split("\t")
            weights[form] = float(strength) * (1 if language == "es" else -1)
    return weights


def most_frequent(counts: Counts, number: int) -> set[str]:
    """The `number` words with the highest counts; ties by spelling."""
    return set(sorted(counts, key=lambda word: (-counts[word], word))[:number])


def make(pairs: list[Pair], target: Path) -> dict[str, int]:
    """Write the detector's data file; the same pairs give the same bytes. Returns the size of each table."""
    english = count_words(pair.english for pair in pairs)
    spanish = count_words(pair.spanish for pair in pairs)
    spoken = [pair for pair in pairs if pair.source in EVERYDAY | CIVIC]
    function_words = most_frequent(count_words(pair.english for pair in spoken), FUNCTION_WORDS)
    function_words |= most_frequent(count_words(pair.spanish for pair in spoken), FUNCTION_WORDS)
    weights: Counts = {}
    for word, odds in log_odds(english, spanish, SMOOTHING).items():
        if english.get(word, 0.0) + spanish.get(word, 0.0) < KEPT_WORD_COUNT:
            continue
        if word in function_words:
            weights[word] = _bounded(odds * FUNCTION_SHARE, FUNCTION_BOUND)
        else:
            weights[word] = _bounded(odds, WORD_BOUND)
    weights |= read_informal()
    english_ngrams, spanish_ngrams = count_ngrams(english), count_ngrams(spanish)
    ngrams = {
        gram: _bounded(odds, WORD_BOUND)
        for gram, odds in log_odds(english_ngrams, spanish_ngrams, 1.0).items()
        if english_ngrams.get(gram, 0.0) + spanish_ngrams.get(gram, 0.0) >= KEPT_NGRAM_COUNT
        and abs(odds) >= KEPT_NGRAM_EVIDENCE
    }
    np.savez_compressed(
        target,
        words=_text(sorted(weights)),
        word_weights=_steps(weights),
        ngrams=_text(sorted(ngrams)),
        ngram_weights=_steps(ngrams),
        function_words=_text(sorted(function_words)),
    )
    return {"words": len(weights), "ngrams": len(ngrams), "bytes": target.stat().st_size}


def main() -> None:
    """Read the data folder named on the command line and write the package's data file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds parallel.tsv.zst")
    training, _ = split(parser.parse_args().data)
    for name, size in make(training, DATA / WEIGHTS_FILE).items():
        print(f"{name}: {size}")


def _bounded(value: float, bound: float) -> float:
    return max(-bound, min(bound, value))


def _text(lines: list[str]) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.frombuffer("\n".join(lines).encode("utf-8"), dtype=np.uint8)


def _steps(weights: Counts) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    return np.array([round(weights[key] * STEPS_PER_UNIT) for key in sorted(weights)], dtype=np.int8)


if __name__ == "__main__":
    main()
