"""The question bank: how people really ask for each fact, and what they ask that must not be answered.

`questions.<locale>.yml` maps each writer's questions to node ids; `unanswerable.<locale>.yml` holds, by reason,
messages that the plan does not answer. Writers are kept apart so that every figure can be taken on writers
whose questions were not used.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import yaml

from knowledge.document import Fault, read_document
from knowledge.models import LOCALES, Locale, Plan

Reason = Literal["off_topic", "personal", "injection"]
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True)
class Question:
    """One message by one writer; `node_id` is the fact that answers it, or `reason` why none does."""

    text: str
    locale: Locale
    writer: str
    node_id: str | None = None
    reason: Reason | None = None


def load_bank(folder: Path) -> list[Question]:
    """Every question of the plan folder; an absent file is an empty bank. Broken files raise ValueError."""
    questions: list[Question] = []
    for locale in LOCALES:
        for name in (f"questions.{locale}.yml", f"unanswerable.{locale}.yml"):
            path = folder / name
            if not path.exists():
                continue
            document, faults = read_document(path)
            found = list(_questions(document.data, locale, name.startswith("questions")))
            if faults:
                raise ValueError("\n".join(str(fault) for fault in faults))
            questions += found
    return questions


def _questions(data: object, locale: Locale, answerable: bool) -> Iterator[Question]:
    """The file's questions; it maps writer -> (node id or reason) -> list of texts."""
    if not isinstance(data, dict):
        return
    for writer, groups in data.items():
        for key, texts in (groups or {}).items():
            for text in texts:
                if answerable:
                    yield Question(str(text), locale, str(writer), node_id=str(key))
                else:
                    yield Question(str(text), locale, str(writer), reason=key)


def check_bank(folder: Path, plan: Plan, at_least: int = 0) -> list[Fault]:
    """Faults of the bank: broken files, unknown ids and reasons, doubled questions, ids with too few.

    `at_least` is the number of questions wanted for each id in each language; 0 asks for none.
    """
    faults: list[Fault] = []
    for locale in LOCALES:
        counts: Counter[str] = Counter()
        seen: dict[str, str] = {}
        for name in (f"questions.{locale}.yml", f"unanswerable.{locale}.yml"):
            if not (folder / name).exists():
                continue
            document, found = read_document(folder / name)
            faults += found
            if not isinstance(document.data, dict):
                continue
            answerable = name.startswith("questions")
            known = set(plan.nodes) if answerable else set(REASONS)
            for writer, groups in document.data.items():
                if not isinstance(groups, dict):
                    faults.append(Fault(name, document.line((writer,)), f"{writer} has no questions", "List them by id."))
                    continue
                for key, texts in groups.items():
                    line = document.line((writer, key))
                    if str(key) not in known:
                        what = "an id that the plan does not have" if answerable else f"a reason other than {', '.join(REASONS)}"
                        faults.append(Fault(name, line, f"{key!r} is {what}", "Correct it."))
                    if not isinstance(texts, list) or not all(isinstance(t, str) and t.strip() for t in texts):
                        message = f"{writer} {key}: not a list of texts"
                        faults.append(Fault(name, line, message, "Quote what YAML reads as a number."))
                        continue
                    for number, text in enumerate(texts):
                        place = f"{name}:{document.line((writer, key, number))}"
                        folded = " ".join(text.lower().split())
                        if folded in seen:
                            message = f"the question {text!r} already stands at {seen[folded]}"
                            faults.append(Fault(name, int(place.rsplit(':', 1)[1]), message, "Keep one of the two."))
                        seen[folded] = place
                        counts[str(key)] += answerable
        for node in plan.nodes.values():
            if at_least and counts[node.id] < at_least and not (node.kind == "priority" and node.name is None):
                message = f"{node.id} has {counts[node.id]} questions, fewer than {at_least}"
                faults.append(Fault(f"questions.{locale}.yml", 1, message, "Have more written."))
    return faults


def dump_questions(groups: dict[str, dict[str, list[str]]]) -> str:
    """The YAML text of a bank file: writer -> id or reason -> questions."""
    return yaml.safe_dump(groups, allow_unicode=True, sort_keys=False, width=1000)
