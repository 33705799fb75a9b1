"""A conversation by text message in one process: what a number picks, and what HELP says."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from bot.assistant import Assistant
from bot.sms.composing import Limits, page
from bot.sms.conversation import Incoming, TextConversation, Texting, hashes
from bot.sms.segments import measure
from bot.store import Store
from knowledge import Plan
from retrieval.search import Evidence, Searcher

KEYS = (b"a key of these tests",)
NUMBER = "+12135550123"


class Near:
    """Stands for the encoder: every text is near to one node."""

    def evidence(self, text: str) -> Evidence:
        return Evidence(["2D"], np.ones(1, np.float32), {"plan": 1.0}, 0.5)

    def evidences(self, texts: list[str]) -> list[Evidence]:
        return [self.evidence(text) for text in texts]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/puente.db")
    yield opened
    opened.close()


def talk(plan: Plan, store: Store, segments: int, *texts: str) -> list[tuple[str, ...]]:
    """The messages that come back after each text."""
    how = Texting(KEYS, "https://bridge.example.org", Limits(segments))
    conversation = TextConversation(Assistant(plan, cast(Searcher, Near()), store, None), store, how)

    async def play() -> list[tuple[str, ...]]:
        return [(await conversation.receive(Incoming(NUMBER, text))).texts for text in texts]

    return asyncio.run(play())


def test_choices_are_offered_only_where_they_cost_no_segment() -> None:
    offered = page("A short answer.", None, "en", Limits(1), ["Targets", "Resources"])
    assert offered.offers and "Reply 1 Targets, 2 Resources" in offered.text
    full = page("a" * 150, None, "en", Limits(2), ["Targets", "Resources"])
    assert (full.offers, full.text) == (False, "a" * 150)
    cut = page("One sentence. " * 40, None, "en", Limits(1), ["Targets"])
    assert cut.rest and not cut.offers


@pytest.mark.parametrize("segments", [1, 2, 3, 10])
def test_a_number_picks_only_what_was_offered(plan: Plan, store: Store, segments: int) -> None:
    answer = talk(plan, store, segments, "what is priority 2D about")[0][0]
    phone = store.phones.phone(hashes(NUMBER, KEYS))
    assert phone is not None
    assert bool(phone.choices) == ("Reply 1" in answer)


@pytest.mark.parametrize(("text", "words"), [("HELP", ("911", "STOP", "(213)")), ("AYUDA", ("911", "ALTO", "(213)"))])
def test_help_fits_one_segment_and_names_a_person_and_the_emergency_number(
    plan: Plan, store: Store, text: str, words: tuple[str, ...]
) -> None:
    said = talk(plan, store, 2, text)[0][0]
    assert all(word in said for word in words)
    assert measure(said).segments == 1
