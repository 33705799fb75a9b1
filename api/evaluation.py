"""Holding a running server against cases: outcome, citations, text and language of each reply.

A case is a JSON object with `text` (or `turns`, each with a text) and `expect`: `outcome`; `any_of`, ids of
which one must be among the first three citations; `must_have`, groups of which one alternative each must stand
in the text, numbers only as whole numbers; `answer_lang`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
from pydantic import BaseModel, Field, ValidationError

from retrieval.normalization import fold

COUNTED_CITATIONS = 3


class CaseError(Exception):
    """A case file that cannot be read; the message names the file and line."""


class Expect(BaseModel):
    """What a reply must be."""

    outcome: str
    any_of: list[str] = Field(default_factory=list)
    must_have: list[list[str]] = Field(default_factory=list)
    answer_lang: str | None = None


class CaseTurn(BaseModel):
    """One message of a case."""

    text: str
    lang: str = ""
    expect: Expect


class Case(BaseModel):
    """One question or conversation."""

    id: str
    kind: str = "turn"
    turns: list[CaseTurn]


class Tally(BaseModel):
    """How many of a group passed."""

    passed: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        """Passed over all, 0 where there are none."""
        return self.passed / self.of if self.of else 0.0


class Judged(BaseModel):
    """One turn as it was answered, and what is wrong with the answer; `faults` is empty where it passed."""

    case: str
    kind: str
    lang: str
    text: str
    expect: Expect
    outcome: str
    cited: list[str]
    confidence: float
    faults: list[str]


class Report(BaseModel):
    """Every judged turn, in order."""

    turns: list[Judged]

    @property
    def tallies(self) -> dict[str, Tally]:
        """How many passed: of all, by kind of case, by language, and by kind within a language."""
        found: dict[str, Tally] = {"all": Tally()}
        for turn in self.turns:
            groups = ("all", f"kind {turn.kind}", f"lang {turn.lang}", f"kind {turn.kind}, {turn.lang}")
            for group in groups:
                tally = found.setdefault(group, Tally())
                tally.of += 1
                tally.passed += not turn.faults
        return found

    @property
    def failures(self) -> list[Judged]:
        """The turns that did not pass, the most confident answers first."""
        return sorted((turn for turn in self.turns if turn.faults), key=lambda turn: -turn.confidence)


def read_cases(path: Path) -> list[Case]:
    """The cases of a JSON-lines file. Raises CaseError."""
    try:
        return list(_cases(path))
    except OSError as error:
        raise CaseError(f"{path}: cannot be read ({error.strerror}). Name a file of cases.") from None


def _cases(path: Path) -> Iterator[Case]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            turns = raw.get("turns", [raw])
            yield Case(id=raw.get("id", str(number)), kind=raw.get("kind", "turn"), turns=turns)
        except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
            raise CaseError(f"{path}:{number}: not a case ({type(error).__name__}). Write one JSON object a line.") from None


def judge(url: str, cases: list[Case]) -> Report:
    """Ask every turn of `cases` in order. Raises OSError where the server cannot be reached."""
    judged: list[Judged] = []
    with httpx.Client(base_url=url, timeout=60) as client:
        for case in cases:
            conversation: str | None = None
            for turn in case.turns:
                body = {"text": turn.text, "conversation_id": conversation, "channel": "api"}
                try:
                    reply = client.post("/api/v1/messages", json=body).json()
                except httpx.HTTPError as error:
                    raise OSError(f"no answer from {url} ({type(error).__name__}). Start it with `make run`.") from None
                conversation = reply.get("conversation_id")
                judged.append(
                    Judged(
                        case=case.id, kind=case.kind, lang=turn.lang, text=turn.text, expect=turn.expect,
                        outcome=str(reply.get("outcome", "")), cited=_cited(reply),
                        confidence=float(reply.get("confidence") or 0.0), faults=faults(turn.expect, reply),
                    )
                )
    return Report(turns=judged)


def faults(expect: Expect, reply: dict[str, object]) -> list[str]:
    """What is wrong with a reply; empty where it passes."""
    wrong: list[str] = []
    if reply.get("outcome") != expect.outcome:
        wrong.append(f"outcome {reply.get('outcome')!r}, not {expect.outcome!r}")
    cited = _cited(reply)[:COUNTED_CITATIONS]
    if expect.any_of and not set(cited) & set(expect.any_of):
        wrong.append(f"cites {cited}, none of {expect.any_of[:4]}")
    text = fold(str(reply.get("text", "")))
    wrong += [f"lacks {group[0]!r}" for group in expect.must_have if group and not any(_stands(a, text) for a in group)]
    if expect.answer_lang and reply.get("language") != expect.answer_lang:
        wrong.append(f"answers in {reply.get('language')!r}, not {expect.answer_lang!r}")
    return wrong


def _cited(reply: dict[str, object]) -> list[str]:
    citations = reply.get("citations")
    return [str(c["id"]) for c in citations if isinstance(c, dict)] if isinstance(citations, list) else []


def _stands(alternative: str, text: str) -> bool:
    pattern = re.escape(fold(alternative))
    if alternative[:1].isdigit():
        pattern = r"(?<!\d)(?<!\d[.,])" + pattern
    if alternative[-1:].isdigit():
        pattern += r"(?!\d)(?![.,]\d)"
    return re.search(pattern, text) is not None
