"""Training data for Rasa made from the plan, the question bank and the phrases of danger: no plan needs an edit by hand."""

import random
from pathlib import Path

import yaml

from knowledge.bank import Question
from knowledge.danger import load_phrases
from knowledge.models import LOCALES, Pillar, Plan, Priority

EXAMPLES_OF_ASK = 4000
# Nor by those of what is refused, which the application's scope knows better.
EXAMPLES_OF_REFUSALS = 2000
# Few, so that the examples of small talk are not outweighed; the application hears danger by itself.
EXAMPLES_OF_DANGER = 240
SEED = 7
DATA = Path(__file__).parent / "data"


def write_training_data(folder: Path, plan: Plan, bank: list[Question]) -> None:
    """Write `plan.yml` (names and ids) and `bank.yml` (examples of intents) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "plan.yml", _names(plan))
    _write(folder / "bank.yml", _examples(bank))


def names_of(plan: Plan) -> dict[str, str]:
    """Each name of a pillar or priority, in both languages, with its id."""
    found: dict[str, str] = {}
    for node in plan.nodes.values():
        if isinstance(node, Pillar | Priority) and node.name is not None:
            found |= {node.name[locale]: node.id for locale in LOCALES}
    return found


def _names(plan: Plan) -> list[dict[str, str]]:
    by_id: dict[str, list[str]] = {}
    for name, node_id in names_of(plan).items():
        by_id.setdefault(node_id, []).append(name)
    synonyms = [{"synonym": node_id, "examples": _listed(names)} for node_id, names in by_id.items()]
    return [{"lookup": "plan_id", "examples": _listed(list(plan.nodes))}, *synonyms]


def _examples(bank: list[Question]) -> list[dict[str, str]]:
    draw = random.Random(SEED)
    asked = sorted({q.text for q in bank if q.node_id is not None}) or ["strategic plan"]
    groups = {"ask": draw.sample(asked, min(EXAMPLES_OF_ASK, len(asked)))}
    for question in bank:
        if question.reason is not None:
            groups.setdefault(question.reason, []).append(question.text)
    # Rasa wants each text under one intent; what is refused may also be known as harmless.
    known = {question.text for question in bank} | _written()
    phrases = [phrase for phrase in load_phrases() if not phrase.small_talk and phrase.text not in known]
    for intent, texts in (
        ("crisis", [phrase.text for phrase in phrases if phrase.kind is not None]),
        ("harmless", [phrase.text for phrase in phrases if phrase.kind is None]),
    ):
        groups[intent] = draw.sample(texts, min(EXAMPLES_OF_DANGER, len(texts)))
    for reason, texts in groups.items():
        apart = sorted(set(texts))
        groups[reason] = draw.sample(apart, min(EXAMPLES_OF_REFUSALS, len(apart)))
    return [{"intent": intent, "examples": _listed(texts)} for intent, texts in sorted(groups.items())]


def _written() -> set[str]:
    """The examples of small talk and the like that are written by hand, in bot/data."""
    entries = (e for path in sorted(DATA.glob("nlu.*.yml")) for e in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"])
    return {line.removeprefix("- ") for entry in entries for line in entry["examples"].splitlines()}


def _listed(texts: list[str]) -> str:
    """Rasa's list syntax; brackets would be read as entity annotations."""
    clean = ("".join(c for c in " ".join(text.split()) if c not in "[]{}()") for text in texts)
    return "".join(f"- {text}\n" for text in clean if text)


def _write(path: Path, entries: list[dict[str, str]]) -> None:
    text = yaml.safe_dump({"version": "3.1", "nlu": entries}, allow_unicode=True, sort_keys=False, width=10_000)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
