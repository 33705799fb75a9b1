"""Measure how danger is heard, on writers whose phrases were left out, and fit its calibration.

    python -m benchmarks.danger [--write]

For each writer of phrases, the classifier learns from the other writers' and from all but one writer of the question
bank; it is then asked with the left-out writers' messages. Prints recall on danger, and false alarms on harmless messages
in alarming words and on ordinary questions, for the patterns, the classifier at several thresholds, and both.
`--write` puts the calibration (Platt 1999) into retrieval/calibration.json.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.components.crisis import crisis_kind
from bot.components.decision import DANGER_AT, DANGER_AT_PATTERN
from knowledge import default_plan_folder
from knowledge.bank import load_bank
from knowledge.danger import load_phrases
from retrieval.danger import VOICES, train_danger
from retrieval.encoder import Encoder, default_encoder
from retrieval.ngrams import Ngrams
from retrieval.ranker import CALIBRATION

RESULTS = Path(__file__).parent / "results"
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
    phrases, bank = load_phrases(), load_bank(default_plan_folder())
    encoder = Encoder(default_encoder())
    vectors, safe_vectors = encoder.encode([p.text for p in phrases]), encoder.encode([q.text for q in bank])
    ngrams = Ngrams.fit([q.text for q in bank])
    safe_grams = ngrams.transform([q.text for q in bank])
    writers = sorted({p.writer.split("_", 1)[1] for p in phrases})
    bank_writers = sorted({q.writer for q in bank})
    heard: list[Heard] = []
    for number, writer in enumerate(writers):
        out = np.array([p.writer.endswith(f"_{writer}") for p in phrases])
        safe_out = np.array([bank_writers.index(q.writer) % len(writers) == number for q in bank])
        print(f"leaving out {writer}", flush=True)
        rest = [p for p, left in zip(phrases, out, strict=True) if not left]
        model = train_danger(rest, vectors[~out], safe_vectors[~safe_out], safe_grams[~safe_out], ngrams)
        safe = safe_vectors[~safe_out]
        for row in np.flatnonzero(out):
            phrase, vector = phrases[row], vectors[row]
            voices = model.voices(vector, ngrams.transform([phrase.text]), safe @ vector)
            group = "harmless" if phrase.kind is None else "danger"
            heard.append(_heard(group, phrase.locale, phrase.text, voices))
        for row in np.flatnonzero(safe_out):
            question, vector = bank[row], safe_vectors[row]
            group = "questions" if question.node_id is not None else "unanswerable"
            heard.append(_heard(group, question.locale, question.text, model.voices(vector, safe_grams[row], safe @ vector)))
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
    rules["as shipped"] = lambda h: chance[id(h)] >= (DANGER_AT_PATTERN if h.pattern else DANGER_AT)
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
