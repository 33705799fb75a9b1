"""Whole conversations with the running product, written so that anyone can read them.

Each file in `conversations/` holds conversations: a title, and under it what the parent writes in turn and what
must be so of the answer. `outcome` is the answer's kind, `cites` ids that must be among the first three citations, `about`
the beginning of the first citation's id, `language` the answer's language, `says` words that must stand in it,
`never` words that must not.
"""

from pathlib import Path
from typing import Literal

import httpx
import pytest
import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent / "conversations"
COUNTED_CITATIONS = 3


class Turn(BaseModel):
    """What the parent writes, and what must be so of the answer."""

    model_config = ConfigDict(extra="forbid")

    parent: str
    outcome: Literal["answered", "gap", "abstain", "crisis", "smalltalk", "handoff", "language_switch"]
    language: Literal["en", "es"] | None = None
    cites: list[str] = []
    about: str = ""
    says: list[str] = []
    never: list[str] = []


def read(language: str) -> dict[str, list[Turn]]:
    raw = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return {title: [Turn.model_validate(turn) for turn in turns] for title, turns in raw.items()}


CONVERSATIONS = {language: read(language) for language in ("en", "es")}
CASES = [pytest.param(language, turns, id=f"{language}: {title}") for language, all_of in CONVERSATIONS.items() for title, turns in all_of.items()]


@pytest.mark.parametrize(("language", "turns"), CASES)
def test_conversation(client: httpx.Client, language: str, turns: list[Turn]) -> None:
    conversation: str | None = None
    for turn in turns:
        body = {"text": turn.parent, "conversation_id": conversation}
        reply = client.post("/api/v1/messages", json=body).raise_for_status().json()
        conversation = reply["conversation_id"]
        told = f"{turn.parent!r} was answered: {reply['text']}"
        cited = [citation["id"] for citation in reply["citations"]]
        assert reply["outcome"] == turn.outcome, told
        assert reply["language"] == (turn.language or language), told
        assert set(turn.cites) <= set(cited[:COUNTED_CITATIONS]), (told, cited)
        assert not turn.about or (cited and cited[0].startswith(turn.about)), (told, cited)
        assert not [words for words in turn.says if words.lower() not in reply["text"].lower()], told
        assert not [words for words in turn.never if words.lower() in reply["text"].lower()], told


@pytest.mark.parametrize("language", ["en", "es"])
def test_there_are_enough_conversations_of_more_than_one_turn(language: str) -> None:
    assert sum(len(turns) > 1 for turns in CONVERSATIONS[language].values()) >= 10
