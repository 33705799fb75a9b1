"""Measure how danger is heard, on writers whose phrases were left out, and fit its calibration.

    python -m benchmarks.danger [--write]

Writers of phrases and of the question bank are left out, a fifth at a time; the classifier learns from the others' and is
then asked with the left-out writers' messages. Prints recall on danger, and false alarms on harmless messages
in alarming words and on ordinary questions, for the patterns, the classifier at several thresholds, and both.
`--write` puts the calibration (Platt 1999) into retrieval/calibration.json.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.ranking import opened
from bot.components.crisis import crisis_kind
from bot.components.danger import hears_danger
from knowledge import default_plan_folder, load_plan
from knowledge.bank import load_bank
from knowledge.danger import load_phrases
from retrieval.danger import VOICES
from retrieval.encoder import Encoder, default_encoder
from retrieval.passages import passages
from retrieval.ranker import CALIBRATION

RESULTS = Path(__file__).parent / "results"
FOLDS = 5
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Heard:
    """One left-out message: what it is, and what patterns and classifier say of it."""

    group: str
    locale: str
    text: str
    pattern: bool
    voices: tuple[float, ...]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write retrieval/calibration.json")
    args = parser.parse_args()
    heard = listen()
    fitted = fit(heard)
    table = report(heard, fitted)
    print(table)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "danger.md").write_text(table + "\n", encoding="utf-8")
    if args.write:
        stored = json.loads(CALIBRATION.read_text(encoding="utf-8"))
        figures = stored.pop("figures")
        CALIBRATION.write_text(json.dumps(stored | {"danger": fitted, "figures": figures}, indent=1) + "\n", encoding="utf-8")


def listen() -> list[Heard]:
    """Every phrase and every question of the bank once, by a classifier that has not seen their writers."""
    plan, phrases, bank = load_plan(), load_phrases(), load_bank(default_plan_folder())
    encoder = Encoder(default_encoder())
    texts = [*(p.text for p in phrases), *(q.text for q in bank), *(p.text for p in passages(plan, []))]
    vectors = dict(zip(texts, encoder.encode(texts), strict=True))
    writers = sorted({p.writer.split("_", 1)[1] for p in phrases})
    bank_writers = sorted({q.writer for q in bank})
    heard: list[Heard] = []
    for fold in range(FOLDS):
        left_out = tuple(f"_{writer}" for writer in writers[fold::FOLDS])
        print(f"leaving out {', '.join(writers[fold::FOLDS])}", flush=True)
        asked_by = set(bank_writers[fold::FOLDS])
        rest = [p for p in phrases if not p.writer.endswith(left_out)]
        searcher = opened(plan, [q for q in bank if q.writer not in asked_by], rest, encoder, vectors)
        for phrase in phrases:
            if phrase.writer.endswith(left_out):
                group = "harmless" if phrase.kind is None else "danger"
                heard.append(_heard(group, phrase.locale, phrase.text, searcher.readings(phrase.text, vectors[phrase.text])[2]))
        for question in bank:
            if question.writer in asked_by:
                group = "questions" if question.node_id is not None else "unanswerable"
                voices = searcher.readings(question.text, vectors[question.text])[2]
                heard.append(_heard(group, question.locale, question.text, voices))
    return heard


def _heard(group: str, locale: str, text: str, voices: dict[str, float]) -> Heard:
    return Heard(group, locale, text, crisis_kind(text) is not None, tuple(voices[name] for name in VOICES))


def fit(heard: list[Heard]) -> dict[str, float]:
    """Logistic regression of danger on the classifier's voices; danger and the rest weigh alike."""
    voices, wanted = np.array([h.voices for h in heard]), np.array([h.group == "danger" for h in heard])
    model = LogisticRegression(C=100.0, class_weight="balanced", max_iter=1000).fit(voices, wanted)
    weights = dict(zip(VOICES, model.coef_[0], strict=True)) | {"bias": model.intercept_[0]}
    return {name: round(float(weight), 4) for name, weight in weights.items()}


def report(heard: list[Heard], fitted: dict[str, float]) -> str:
    """The table, in percent raised."""
    weights = np.array([fitted[name] for name in VOICES])
    chance = {id(h): 1 / (1 + np.exp(-(weights @ np.array(h.voices) + fitted["bias"]))) for h in heard}
    rules = {"patterns": lambda h: h.pattern}
    for threshold in THRESHOLDS:
        rules[f"classifier at {threshold}"] = lambda h, t=threshold: chance[id(h)] >= t  # type: ignore[misc]
    rules["as shipped"] = lambda h: hears_danger(h.text, chance[id(h)], None) is not None
    groups = [(g, locale) for g in ("danger", "harmless", "questions", "unanswerable") for locale in ("en", "es")]
    counts = [sum(h.group == g and h.locale == locale for h in heard) for g, locale in groups]
    lines = ["| raised, % | " + " | ".join(f"{g} {locale} ({n})" for (g, locale), n in zip(groups, counts, strict=True)) + " |"]
    lines.append("|---" * (len(groups) + 1) + "|")
    for name, rule in rules.items():
        shares = [np.mean([rule(h) for h in heard if (h.group, h.locale) == group] or [0.0]) for group in groups]
        lines.append(f"| {name} | " + " | ".join(f"{100 * share:.1f}" for share in shares) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
