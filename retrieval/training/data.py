"""Reading the training data: parallel pairs and question-passage pairs, and the mixes made of them."""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import zstandard

from retrieval.training.errors import TrainingError

PARALLEL_FILE = "parallel.tsv.zst"
QUESTIONS_FILE = "qa.jsonl.zst"

CIVIC = frozenset(
    {
        "vita-min",
        "irs-direct-file",
        "login-gov-idp",
        "usagov-benefits",
        "vote-gov",
        "crt-portal",
        "justice40",
        "cdc-simplereport",
        "nj-d4ad",
        "bloom-housing",
    }
)
SCHOOL = frozenset({"kolibri", "open-sdg", "african-storybook", "k12-glossary", "k12-template"})
EVERYDAY = frozenset({"tatoeba", "tico19", "ntrex-128", "mkqa"})

# Copyleft program catalogues and dictionaries: left out, they were not needed.
LEFT_OUT = ("deb-", "gibbon-school", "scratch-l10n", "justfix-tenants", "freedict", "omw-wikt")

ALIGNMENT_CAPS: Mapping[str, int] = {
    "openstax-": 15_000,
    "msdocs-": 12_000,
    "python-docs-es": 4_000,
    "omw-mcr": 65_000,
    "omw-gloss": 15_000,
}
DISTILLATION_CAPS: Mapping[str, int] = {
    "openstax-": 10_000,
    "msdocs-": 8_000,
    "python-docs-es": 3_000,
    "omw-mcr": 25_000,
    "omw-gloss": 8_000,
}


@dataclass(frozen=True)
class Pair:
    """One text in both languages and the name of the source that it comes from."""

    source: str
    english: str
    spanish: str


@dataclass(frozen=True)
class QuestionPassage:
    """A question (or heading, or term) and the passage that answers it, both in both languages."""

    source: str
    question: Pair
    passage: Pair


Row = TypeVar("Row", Pair, QuestionPassage)


def read_pairs(folder: Path) -> list[Pair]:
    """Read every pair of `parallel.tsv.zst` whose source is not left out, in file order.

    Raises TrainingError where the file is missing, truncated or not of this format.
    """
    pairs = []
    for number, line in enumerate(_lines(folder / PARALLEL_FILE), start=1):
        fields = line.split("\t")
        if len(fields) != 3:
            raise TrainingError(
                f"{folder / PARALLEL_FILE}, line {number}: expected source, English, Spanish."
            )
        if not fields[0].startswith(LEFT_OUT):
            pairs.append(Pair(*fields))
    return pairs


def read_question_passages(folder: Path) -> list[QuestionPassage]:
    """Read every row of `qa.jsonl.zst` whose source is not left out, in file order.

    Raises TrainingError where the file is missing, truncated or not of this format.
    """
    rows = []
    for number, line in enumerate(_lines(folder / QUESTIONS_FILE), start=1):
        try:
            row = json.loads(line)
            source = str(row["src"])
            question = Pair(source, str(row["q_en"]), str(row["q_es"]))
            passage = Pair(source, str(row["p_en"]), str(row["p_es"]))
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingError(
                f"{folder / QUESTIONS_FILE}, line {number}: no object with src, q_en, q_es, p_en, p_es."
            ) from error
        if not source.startswith(LEFT_OUT):
            rows.append(QuestionPassage(source, question, passage))
    return rows


def capped(rows: Iterable[Row], caps: Mapping[str, int], seed: int) -> list[Row]:
    """Draw at most `caps[prefix]` rows of each source that begins with a prefix; take other sources in full.

    The result is shuffled; the same rows, caps and seed give the same result.
    """
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.source].append(row)
    drawn: list[Row] = []
    generator = random.Random(seed)
    for source in sorted(groups):
        group = groups[source]
        cap = next((count for prefix, count in caps.items() if source.startswith(prefix)), len(group))
        drawn += group if len(group) <= cap else generator.sample(group, cap)
    generator.shuffle(drawn)
    return drawn


def held_out(
    pairs: list[Pair], sources: frozenset[str], count: int, seed: int
) -> tuple[list[Pair], list[Pair]]:
    """Split off `count` pairs of the named sources for development.

    Returns (training, development). No English or Spanish development text is left in training,
    and no text occurs twice in development, so that finding the translation has one right answer.
    """
    generator = random.Random(seed)
    candidates = [pair for pair in pairs if pair.source in sources]
    generator.shuffle(candidates)
    english: set[str] = set()
    spanish: set[str] = set()
    development: list[Pair] = []
    for pair in candidates:
        if len(development) == count:
            break
        if pair.english not in english and pair.spanish not in spanish:
            english.add(pair.english)
            spanish.add(pair.spanish)
            development.append(pair)
    training = [pair for pair in pairs if pair.english not in english and pair.spanish not in spanish]
    return training, development


def counts_by_source(rows: Iterable[Pair | QuestionPassage]) -> dict[str, int]:
    """Count rows by source, the largest first."""
    return dict(Counter(row.source for row in rows).most_common())


def _lines(path: Path) -> Iterator[str]:
    if not path.is_file():
        raise TrainingError(f"The data folder has no {path.name}: {path.parent}.")
    decompressor = zstandard.ZstdDecompressor().decompressobj()
    rest = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                *lines, rest = (rest + decompressor.decompress(chunk)).split(b"\n")
                yield from (line.decode("utf-8") for line in lines)
    except (zstandard.ZstdError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path} is damaged or not a zstandard text file.") from error
    if rest or not decompressor.eof:
        raise TrainingError(f"{path} is truncated.")
