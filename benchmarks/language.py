"""How often the language detector and its rivals are right, and what a call costs.

Run as `python benchmarks/language.py DATA_FOLDER EVAL_FOLDER [QUESTIONS_FOLDER]`: the training data, the development
questions with the public test files beside them, and optionally a folder of `LANGUAGE_NAME.tsv` files of
`id<TAB>question` lines. Prints the tables and writes them to benchmarks/results/language.md.
"""

import argparse
import json
import random
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import langdetect  # type: ignore[import-untyped]
from langdetect import DetectorFactory

sys.path.insert(0, str(Path(__file__).parent.parent))

from knowledge.models import Locale
from retrieval import language
from retrieval.training.language import split

RESULTS = Path(__file__).parent / "results" / "language.md"
SAMPLE = 500  # texts of each set that langdetect is asked about; it is slow
WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.25, 0.4, 0.7, 1.0)

Sets = dict[str, list[str]]
Detector = Callable[[str], str]


def held_out_sets(data: Path) -> tuple[Sets, Sets]:
    """The held-out pairs of the everyday and civic sources, by language."""
    _, pairs = split(data)
    english = [pair.english for pair in pairs]
    spanish = [pair.spanish for pair in pairs]
    short = [pair for pair in pairs if len(pair.english.split()) <= 3 and len(pair.spanish.split()) <= 3]
    return (
        {"held out": english, "held out, up to 3 words": [pair.english for pair in short]},
        {
            "held out": spanish,
            "held out, accentless": [without_accents(text) for text in spanish],
            "held out, up to 3 words": [pair.spanish for pair in short],
        },
    )


def test_sets(folder: Path, questions: Path | None) -> tuple[Sets, Sets]:
    """The public test files, the plan's development questions and other writers' questions, by language."""
    sets: tuple[Sets, Sets] = ({}, {})
    for name, file in (("MKQA test", "mkqa_test_en_es.tsv"), ("Tatoeba test", "tatoeba_test_en_es.tsv")):
        rows = [line.split("\t")[-2:] for line in (folder / "public" / file).read_text("utf-8").splitlines()]
        for index in (0, 1):
            sets[index][name] = [row[index] for row in rows]
        sets[1][name + ", accentless"] = [without_accents(row[1]) for row in rows]
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        sets[row["lang"] == "es"].setdefault("plan questions", []).append(row["text"])
    for path in sorted(questions.glob("e[ns]_*.tsv")) if questions else []:
        texts = [line.split("\t")[1] for line in path.read_text("utf-8").splitlines() if "\t" in line]
        sets[path.name.startswith("es")][f"other writers, {path.stem}"] = texts
    return sets


def without_accents(text: str) -> str:
    """A text as typed without accents, tildes and inverted marks."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in "¿¡")


def langdetect_alone(text: str) -> str:
    """langdetect with all of its languages and a fixed seed."""
    try:
        return str(langdetect.detect(text))
    except langdetect.LangDetectException:
        return ""


def langdetect_restricted(text: str) -> str:
    """langdetect with English and Spanish, even priors and a fixed seed."""
    return "es" if language.langdetect_log_odds(text) > 0 else "en"


def ours_alone(text: str) -> str:
    """Our own voice without langdetect."""
    return "es" if language.own_score(text)[0] > 0 else "en"


def ours(text: str) -> str:
    """The detector as it answers; a request to change language is the writer's, so it is not measured here."""
    score, _ = language.own_score(text)
    if abs(score) < language.UNSURE:
        score += language.LANGDETECT_WEIGHT * language.langdetect_log_odds(text)
    return "es" if score > 0 else "en"


DETECTORS: dict[str, tuple[Detector, bool]] = {
    "langdetect alone": (langdetect_alone, True),
    "langdetect, en and es": (langdetect_restricted, True),
    "ours without langdetect": (ours_alone, False),
    "ours": (ours, False),
}


def share_right(detector: Detector, texts: list[str], expected: Locale, slow: bool) -> float:
    """The share (0 to 1) of texts found to be in the expected language; slow detectors see a fixed sample."""
    if slow and len(texts) > SAMPLE:
        texts = random.Random(0).sample(texts, SAMPLE)
    return sum(detector(text) == expected for text in texts) / len(texts)


def accuracy_table(sets: dict[Locale, Sets]) -> list[str]:
    """One row for each set and language, one column for each detector."""
    lines = ["| set | language | texts | " + " | ".join(DETECTORS) + " |", "|---|---|--:|" + "--:|" * len(DETECTORS)]
    for expected, group in sets.items():
        for name, texts in group.items():
            shares = [share_right(detector, texts, expected, slow) for detector, slow in DETECTORS.values()]
            cells = " | ".join(f"{share:.1%}" for share in shares)
            lines.append(f"| {name} | {expected} | {len(texts)} | {cells} |")
    return lines


def weight_table(sets: dict[Locale, Sets]) -> list[str]:
    """Errors on the held-out texts at each weight of langdetect, among those that our voice is unsure of."""
    unsure = [
        (score, language.langdetect_log_odds(text), expected)
        for expected, group in sets.items()
        for texts in group.values()
        for text in texts
        if abs(score := language.own_score(text)[0]) < language.UNSURE
    ]
    lines = [f"| weight | errors of {len(unsure)} unsure |", "|--:|--:|"]
    for weight in WEIGHTS:
        errors = sum((score + weight * voice > 0) != (expected == "es") for score, voice, expected in unsure)
        lines.append(f"| {weight:g} | {errors} |")
    return lines


def time_table(texts: list[str]) -> list[str]:
    """Milliseconds a call, after the first, over the same texts."""
    calls = {name: detector for name, (detector, _) in DETECTORS.items()} | {"detect": language.detect}
    lines = ["| detector | ms a call |", "|---|--:|"]
    for name, call in calls.items():
        call(texts[0])
        start = time.perf_counter()
        for text in texts:
            call(text)
        lines.append(f"| {name} | {(time.perf_counter() - start) / len(texts) * 1000:.3f} |")
    language.load_weights.cache_clear()
    start = time.perf_counter()
    language.load_weights()
    lines.append(f"| loading the data file, once | {(time.perf_counter() - start) * 1000:.1f} |")
    return lines


def main() -> None:
    """Measure, print and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("questions", type=Path, nargs="?")
    arguments = parser.parse_args()
    DetectorFactory.seed = 0
    held, tests = held_out_sets(arguments.data), test_sets(arguments.evaluation, arguments.questions)
    development: dict[Locale, Sets] = {"en": held[0], "es": held[1]}
    everything: dict[Locale, Sets] = {"en": held[0] | tests[0], "es": held[1] | tests[1]}
    texts = [text for group in tests for text in group["plan questions"]]
    lines = ["# Language detection", "", "Share of texts found to be in their language; "]
    lines[-1] += f"the first two detectors see at most {SAMPLE} of a set."
    lines += ["", *accuracy_table(everything), "", "## Weight of langdetect, on the held-out texts", ""]
    lines += [*weight_table(development), "", "## Time, on the plan questions", "", *time_table(texts), ""]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
