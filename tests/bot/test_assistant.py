"""The assistant in one process, with the real index and the real store, without Rasa."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import engine
from api.settings import Settings
from bot.assistant import Assistant, Reply
from bot.dialogue import DialogueClient
from bot.store import Store
from knowledge.models import Locale
from retrieval.search import Searcher


@pytest.fixture(scope="module")
def searcher(settings: Settings) -> Searcher:
    return engine.open_searcher(settings, print)[1]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/puente.db")
    yield opened
    opened.close()


@pytest.fixture
def assistant(settings: Settings, searcher: Searcher, store: Store) -> Assistant:
    return Assistant(engine.read_knowledge(settings)[0], searcher, store, None)


async def talk(assistant: Assistant, *texts: str, language: Locale | None = None) -> list[Reply]:
    """The replies to `texts`, sent one after the other in one conversation."""
    replies: list[Reply] = []
    for text in texts:
        conversation = replies[-1].conversation_id if replies else None
        replies.append(await assistant.reply(text, conversation, language, "api"))
    return replies


def cited(reply: Reply) -> list[str]:
    return [citation.id for citation in reply.citations]


async def test_the_last_answer_is_said_again_in_the_other_language(assistant: Assistant) -> None:
    first, spanish, english = await talk(assistant, "targets of 2D", "en español por favor", "in english please")
    assert [spanish.outcome, english.outcome] == ["language_switch"] * 2
    assert [first.language, spanish.language, english.language] == ["en", "es", "en"]
    assert cited(first) == cited(spanish) == cited(english)
    assert first.text in english.text and "12.8%" in spanish.text


@pytest.mark.parametrize("question", ["estrategias de 2D", "medidas de 5A", "prioridad 1B", "pilar 2", "recursos de 3B"])
async def test_every_kind_of_answer_can_be_repeated(assistant: Assistant, question: str) -> None:
    first, again = await talk(assistant, question, "in english please")
    assert cited(first) == cited(again)
    assert (first.language, again.language) == ("es", "en")
    assert len(again.text) > 60 and first.text not in again.text


async def test_a_request_for_a_language_without_an_answer_before_is_granted(assistant: Assistant) -> None:
    (reply,) = await talk(assistant, "en español por favor")
    assert (reply.outcome, reply.language) == ("language_switch", "es")


@pytest.mark.parametrize("quiet", ["2D", "3B?", "😀", "12"])
async def test_what_is_in_no_language_keeps_the_conversations(assistant: Assistant, quiet: str) -> None:
    for opening, language in (("estrategias de la prioridad 3B", "es"), ("strategies of priority 3B", "en")):
        assert (await talk(assistant, opening, quiet))[1].language == language


async def test_a_follow_up_works_without_rasa(assistant: Assistant) -> None:
    _, targets = await talk(assistant, "strategies of 2D", "and the targets?")
    assert cited(targets)[:2] == ["2D", "2D.M1"]


async def test_thanks_crisis_and_refusals_keep_the_topic(assistant: Assistant) -> None:
    *_, targets = await talk(assistant, "strategies of 2D", "😀", "my son wants to kill himself", "and the targets?")
    assert "2D.M1" in cited(targets)


async def test_a_deleted_conversation_is_forgotten(assistant: Assistant, store: Store) -> None:
    (reply,) = await talk(assistant, "strategies of 2D")
    assert assistant.forget(reply.conversation_id)
    assert not assistant.forget(reply.conversation_id)
    assert store.history(reply.conversation_id) == []


async def test_nothing_personal_is_remembered(assistant: Assistant, store: Store) -> None:
    (reply,) = await talk(assistant, "strategies of 2D, call me at 310 555 0123 or rosa.p@example.org")
    kept = f"{store.history(reply.conversation_id)} {store.conversation(reply.conversation_id)}"
    assert "0123" not in kept and "rosa.p" not in kept


async def test_what_the_chips_send_is_understood(assistant: Assistant) -> None:
    """Every suggestion under a priority's answer leads to an answer on that priority, in the same language."""
    for opening in ("priority 2D", "prioridad 3B"):
        (first,) = await talk(assistant, opening)
        assert first.suggestions
        for chip in first.suggestions:
            (reply,) = await talk(assistant, chip.text)
            assert reply.outcome in ("answered", "gap"), chip.text
            assert cited(reply)[0][:2] == cited(first)[-1][:2], chip.text
            assert reply.language == first.language


async def test_a_dialogue_server_that_is_gone_is_not_asked_again_at_once(
    settings: Settings, searcher: Searcher, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    client = DialogueClient("http://127.0.0.1:1", "token", 5)
    assistant = Assistant(engine.read_knowledge(settings)[0], searcher, store, client)
    replies = await talk(assistant, "strategies of 2D", "strategies of 3B", "quetzal strategies of 2A")
    await client.close()
    assert [reply.outcome for reply in replies] == ["answered"] * 3
    assert caplog.text.count("without dialogue context") == 1
    assert "quetzal" not in caplog.text


async def test_many_conversations_at_once_do_not_mix(assistant: Assistant) -> None:
    asked = ["2A", "2B", "2D", "3B"] * 3
    replies = await asyncio.gather(*(assistant.reply(f"strategies of {node}", None, None, "api") for node in asked))
    assert [cited(reply)[0] for reply in replies] == asked
    assert len({reply.conversation_id for reply in replies}) == len(asked)


async def test_a_year_of_which_no_fact_speaks_is_not_answered(assistant: Assistant) -> None:
    english, spanish = await talk(assistant, "targets of 2D for 2031"), await talk(assistant, "metas de 2D en 2031")
    assert [reply.outcome for reply in (*english, *spanish)] == ["abstain"] * 2
    assert "2022" in english[0].text and "2026" in spanish[0].text
    told = await talk(assistant, "targets of 2D for 2026")
    assert told[0].outcome == "answered"
