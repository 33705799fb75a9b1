"""What the encoders are compared on: passages of the plan, and public sets as retrieval tasks."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from retrieval.training.noise import as_sms, with_typos, without_accents

LANGUAGES = ("en", "es")
VARIANTS = ("clean", "accentless", "typos", "sms")


@dataclass(frozen=True)
class Task:
    """Questions in one language, texts in one, and the place of each question's right text."""

    name: str
    language: str
    questions: list[str]
    texts: list[str]
    text_language: str
    right: list[int]


def plan_passages(path: Path) -> list[tuple[str, dict[str, str]]]:
    """Each id of the plan with one passage a language: its text after the name of what it belongs to."""
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = [(str(row["id"]), _joined(row)) for row in plan["overview"]]
    for pillar in plan["pillars"]:
        found.append((str(pillar["id"]), _joined(pillar["name"], pillar["summary"])))
        for priority in pillar["priorities"]:
            parts = [priority[key] for key in ("name", "focus", "why") if (priority.get(key) or {}).get("en")]
            if not parts:
                continue
            found.append((priority["id"], _joined(*parts)))
            rows = priority["strategies"] + priority["measures"]
            found += [(row["id"], _joined(priority["name"], row)) for row in rows]
            found += [(row["id"], _joined(row["name"], row)) for row in priority["resources"]]
    return found + [(row["id"], _joined(row["name"], row)) for row in plan["resources"]]


def _joined(*parts: Mapping[str, Any]) -> dict[str, str]:
    return {language: ". ".join(part[language] for part in parts) for language in LANGUAGES}


def public_tasks(folder: Path) -> Iterator[Task]:
    """The public sets as retrieval tasks, in the same and in the other language."""
    paragraphs = {
        code: [
            paragraph
            for article in json.loads((folder / f"xquad.{code}.json").read_text("utf-8"))["data"]
            for paragraph in article["paragraphs"]
        ]
        for code in LANGUAGES
    }
    rows = [json.loads(line) for line in (folder / "civic_faq_en_es.jsonl").read_text("utf-8").splitlines()]
    for asked in LANGUAGES:
        for found in LANGUAGES:
            pairs = [
                (qa["question"], place) for place, row in enumerate(paragraphs[asked]) for qa in row["qas"]
            ]
            texts = [row["context"] for row in paragraphs[found]]
            yield Task(
                f"xquad {asked}-{found}", asked, [q for q, _ in pairs], texts, found, [p for _, p in pairs]
            )
            texts = [row[f"p_{found}"] for row in rows]
            questions = [row[f"q_{asked}"] for row in rows]
            yield Task(f"faq {asked}-{found}", asked, questions, texts, found, list(range(len(rows))))
    lines = (folder / "tatoeba_test_en_es.tsv").read_text("utf-8").splitlines()
    english, spanish = zip(*(line.split("\t") for line in lines), strict=True)
    yield Task("tatoeba es-en", "es", list(spanish), list(english), "en", list(range(len(lines))))
    yield Task("tatoeba en-es", "en", list(english), list(spanish), "es", list(range(len(lines))))


def typed(text: str, language: str, variant: str, generator: random.Random) -> str:
    """The question in one of the ways of typing it that are measured."""
    if variant == "accentless":
        return without_accents(text)
    if variant == "typos":
        return with_typos(text, generator, rate=0.3)
    return as_sms(text, language, generator) if variant == "sms" else text
