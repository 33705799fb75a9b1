"""How people write when someone is in danger, and harmless messages in alarming words.

`danger.<locale>.yml` maps each writer's messages to a kind. They belong to no plan: every plan is served with them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from knowledge.document import Fault, read_document
from knowledge.models import LOCALES, Locale

DangerKind = Literal["self_harm", "abuse", "violence", "missing"]
DANGER_KINDS: tuple[DangerKind, ...] = get_args(DangerKind)
HARMLESS, SMALL_TALK = "harmless", "small_talk"
KINDS = (*DANGER_KINDS, HARMLESS, SMALL_TALK)
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Phrase:
    """One message by one writer; `kind` is the danger that it speaks of, None where it is harmless or small talk."""

    text: str
    locale: Locale
    writer: str
    kind: DangerKind | None
    small_talk: bool = False


@lru_cache(maxsize=1)
def load_phrases(folder: Path = FOLDER) -> tuple[Phrase, ...]:
    """Every phrase of the folder's two files. Raises ValueError that lists all faults of a broken file."""
    faults = check_phrases(folder)
    if faults:
        raise ValueError("\n".join(str(fault) for fault in faults))
    return tuple(_phrases(folder))


def _phrases(folder: Path) -> Iterator[Phrase]:
    for locale in LOCALES:
        document, _ = read_document(folder / f"danger.{locale}.yml")
        assert isinstance(document.data, dict)
        for writer, groups in document.data.items():
            for kind, texts in groups.items():
                for text in texts:
                    safe = kind in (HARMLESS, SMALL_TALK)
                    yield Phrase(text, locale, str(writer), None if safe else kind, kind == SMALL_TALK)


def check_phrases(folder: Path = FOLDER) -> list[Fault]:
    """Faults of the two files: broken YAML, unknown kinds, what is not a list of texts, doubled messages."""
    faults: list[Fault] = []
    for locale in LOCALES:
        name = f"danger.{locale}.yml"
        document, found = read_document(folder / name)
        faults += found
        if found:
            continue
        if not isinstance(document.data, dict):
            faults.append(Fault(name, 1, "the file is empty", "List messages by writer and kind."))
            continue
        seen: set[str] = set()
        for writer, groups in document.data.items():
            if not isinstance(groups, dict):
                faults.append(Fault(name, document.line((writer,)), f"{writer} has no messages", "List them by kind."))
                continue
            for kind, texts in groups.items():
                line = document.line((writer, kind))
                if kind not in KINDS:
                    faults.append(Fault(name, line, f"{kind!r} is no kind", f"Use {', '.join(KINDS)}."))
                if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
                    message = f"{writer} {kind}: not a list of texts"
                    faults.append(Fault(name, line, message, "Quote what YAML reads as a number."))
                    continue
                for number, text in enumerate(texts):
                    folded = " ".join(text.lower().split())
                    if folded in seen:
                        message = f"the message {text!r} stands twice"
                        faults.append(Fault(name, document.line((writer, kind, number)), message, "Keep one of the two."))
                    seen.add(folded)
    return faults
