"""Measure how hard the assistant's sentences are to read, in both languages.

    python -m benchmarks.voice

Reads the assistant's own sentences (the locale files) and the answer on each node of the plan. Grades are years of
schooling: in English the Automated Readability Index, in Spanish Crawford's. Writes benchmarks/results/voice.md with the
hardest of the own sentences.
"""

import re
import statistics
from pathlib import Path

import textstat
import yaml

from bot.answer import compose
from bot.resolution import Resolution
from bot.sentences import FOLDER
from knowledge import Plan, load_plan
from knowledge.models import LOCALES, Locale

RESULTS = Path(__file__).parent / "results"
# What is said whole to a reader; titles and single words have no grade.
LEAST_WORDS = 6
HARDEST = 5
SAMPLE = {"phone": "(213) 443-1300", "home": "lausd.org", "id": "2D", "name": "Attendance", "count": "five"}


def main() -> None:
    """Measure, print, write."""
    plan = load_plan()
    lines = ["| text | texts | grade, median | grade, 90% |", "|---|---|---|---|"]
    hardest: list[str] = []
    for locale in LOCALES:
        own = own_sentences(locale)
        groups = {"own sentences": list(own.values()), "answers on the plan": answers(plan, locale)}
        for name, texts in groups.items():
            grades = [grade(text, locale) for text in texts]
            cut = statistics.quantiles(grades, n=10)[-1]
            lines.append(f"| {name}, {locale} | {len(texts)} | {statistics.median(grades):.1f} | {cut:.1f} |")
        worst = sorted(own, key=lambda key: -grade(own[key], locale))[:HARDEST]
        hardest += [f"- {locale} `{key}`: {grade(own[key], locale):.1f}" for key in worst]
    report = "\n".join([*lines, "", "Hardest of the own sentences:", "", *hardest])
    print(report)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "voice.md").write_text(report + "\n", encoding="utf-8")


def own_sentences(locale: Locale) -> dict[str, str]:
    """The locale files' sentences of at least six words, with sample values in their places."""
    sentences: dict[str, str] = yaml.safe_load((FOLDER / f"{locale}.yml").read_text(encoding="utf-8"))
    filled = {key: re.sub(r"\{(\w+)\}", lambda m: SAMPLE.get(m[1], "three"), text) for key, text in sentences.items()}
    return {key: spoken(text) for key, text in filled.items() if len(spoken(text).split()) >= LEAST_WORDS}


def answers(plan: Plan, locale: Locale) -> list[str]:
    """The answer on each node, as it is told when a question is about it."""
    told = (compose(plan, Resolution(mode="facts", ids=(node_id,)), locale) for node_id in plan.nodes)
    return [spoken(answer.text) for answer in told if answer.outcome == "answered"]


def spoken(text: str) -> str:
    """`text` without addresses, telephones and bullets, which are looked at rather than read."""
    text = re.sub(r"https?://\S+|\S+\.(?:org|net|com)\S*|\(\d{3}\) \d{3}-\d{4}", "", text)
    return " ".join(text.replace("•", " ").split())


def grade(text: str, locale: Locale) -> float:
    """School years needed to read `text`: Automated Readability Index (1967) in English, Crawford (1989) in Spanish."""
    textstat.set_lang(locale)
    value = textstat.automated_readability_index(text) if locale == "en" else textstat.crawford(text)
    return max(0.0, float(value))


if __name__ == "__main__":
    main()
