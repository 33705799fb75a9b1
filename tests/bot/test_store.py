import logging
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.store import Store, Turn, new_id
from bot.store.engine import build_engine
from bot.store.migrations import upgrade
from bot.store.models import Base

VERSIONS = Path(__file__).parents[2] / "bot" / "store" / "migrations" / "versions"

DAY = 86_400


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "puente.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{file}", keep=frozenset({"2132413840"}))
    yield opened
    opened.close()


def a_turn(conversation_id: str = "c1", **changes: object) -> Turn:
    turn = Turn(
        conversation_id=conversation_id,
        channel="web",
        language="es",
        user_text="¿Qué dice el plan?",
        message_id=new_id(),
        reply_text="El plan 2022-26 dice 2D.",
        outcome="answered",
        citations=("2D", "2D.M1"),
        shown=("2D",),
        last_answer={"ids": ["2D"], "text": "El plan"},
    )
    return replace(turn, **changes)  # type: ignore[arg-type]


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(file)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_round_trip(store: Store) -> None:
    turn = a_turn()
    before = int(time.time())
    store.record_turn(turn)
    conversation = store.conversation("c1")
    assert conversation is not None
    assert (conversation.id, conversation.channel, conversation.language) == ("c1", "web", "es")
    assert conversation.shown == ("2D",)
    assert conversation.last_answer == turn.last_answer
    user, reply = store.history("c1")
    assert (user.role, user.text, user.outcome, user.citations) == ("user", turn.user_text, None, ())
    assert (reply.id, reply.role, reply.text) == (turn.message_id, "assistant", turn.reply_text)
    assert (reply.outcome, reply.citations, reply.language) == ("answered", ("2D", "2D.M1"), "es")
    assert before <= reply.created_at <= int(time.time())


def test_later_turn_updates_the_conversation(store: Store) -> None:
    store.record_turn(a_turn())
    second = a_turn(language="en", shown=(), last_answer=None)
    store.record_turn(second)
    conversation = store.conversation("c1")
    assert conversation is not None
    assert (conversation.language, conversation.shown) == ("en", ())
    assert conversation.last_answer == {"ids": ["2D"], "text": "El plan"}
    store.record_turn(a_turn(language=None, last_answer={}))
    conversation = store.conversation("c1")
    assert conversation is not None and conversation.language == "en"
    assert conversation.last_answer == {}


def test_unknown_conversation(store: Store) -> None:
    assert store.conversation("none") is None
    assert store.history("none") == []
    assert store.delete_conversation("none") is False


def test_history_is_the_newest_messages_in_order(store: Store) -> None:
    for number in range(4):
        store.record_turn(a_turn(user_text=f"q{number}", reply_text=f"a{number}"))
    assert [message.text for message in store.history("c1", limit=3)] == ["a2", "q3", "a3"]
    assert len(store.history("c1")) == 8


def test_restart_keeps_everything(file: Path) -> None:
    first = Store.open(f"sqlite:///{file}")
    first.record_turn(a_turn())
    first.close()
    again = Store.open(f"sqlite:///{file}")
    assert len(again.history("c1")) == 2
    again.close()


def test_eight_threads_and_two_stores_lose_nothing(file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: Store.open(f"sqlite:///{file}"), range(2)))
        turns = [a_turn(user_text=f"q{number}", reply_text=f"a{number}") for number in range(80)]
        list(pool.map(lambda pair: stores[pair[0] % 2].record_turn(pair[1]), enumerate(turns)))
    history = stores[0].history("c1")
    assert sorted(message.text for message in history) == sorted(f"{kind}{n}" for kind in "qa" for n in range(80))
    for asked, replied in zip(history[::2], history[1::2], strict=True):
        assert (asked.role, replied.role, asked.text[1:]) == ("user", "assistant", replied.text[1:])
    assert rows(file, "SELECT min(position), max(position) FROM messages") == [(0, 159)]
    for store in stores:
        store.close()


def test_taken_message_id_is_an_error_and_writes_nothing(store: Store) -> None:
    turn = a_turn()
    store.record_turn(turn)
    with pytest.raises(IntegrityError):
        store.record_turn(replace(turn, conversation_id="c2"))
    assert store.conversation("c2") is None


def test_feedback(store: Store, file: Path) -> None:
    turn = a_turn()
    store.record_turn(turn)
    assert store.add_feedback("none", True, None) is False
    assert store.add_feedback(turn.message_id, True, None) is True
    assert rows(file, "SELECT helpful, reason FROM feedback") == [(1, None)]
    assert store.add_feedback(turn.message_id, False, "llámeme al 213-555-0123") is True
    assert rows(file, "SELECT helpful, reason FROM feedback") == [(0, "llámeme al [phone]")]


def test_delete_cascades(store: Store, file: Path) -> None:
    turn = a_turn()
    store.record_turn(turn)
    store.record_turn(a_turn("c2"))
    store.add_feedback(turn.message_id, True, None)
    assert store.delete_conversation("c1") is True
    assert store.conversation("c1") is None
    assert rows(file, "SELECT DISTINCT conversation_id FROM messages") == [("c2",)]
    assert rows(file, "SELECT count(*) FROM feedback") == [(0,)]


def test_purge(store: Store, file: Path) -> None:
    for name in ("a", "b"):
        store.record_turn(a_turn(name))
    now = int(time.time())
    assert store.purge(30, now=now + 29 * DAY) == 0
    assert store.purge(30) == 0
    assert store.purge(30, now=now + 31 * DAY) == 2
    assert rows(file, "SELECT count(*) FROM messages") == [(0,)]
    with pytest.raises(ValueError):
        store.purge(-1)


def test_texts_are_redacted_and_hotlines_kept(store: Store) -> None:
    store.record_turn(a_turn(user_text="soy ana@x.org, id 0123456789A", reply_text="213-241-3840 no 213-555-0123"))
    assert [message.text for message in store.history("c1")] == ["soy [email], id [phone]A", "213-241-3840 no [phone]"]


def test_a_kept_reply_goes_with_its_conversation(store: Store) -> None:
    store.record_turn(a_turn(message_id="m1"))
    store.keep_reply("digest", "m1", {"text": "Hello"})
    store.keep_reply("digest", "m1", {"text": "Another"})
    assert store.kept_reply("digest") == store.reply_of("m1") == {"text": "Hello"}
    assert store.kept_reply("other") is None and store.reply_of("other") is None
    assert store.delete_conversation("c1")
    assert store.kept_reply("digest") is None
    store.keep_reply("digest", "m1", {"text": "too late"})
    assert store.kept_reply("digest") is None


def test_older_messages_are_reached_by_skipping_newer_ones(store: Store) -> None:
    for number in range(5):
        store.record_turn(a_turn(user_text=f"question {number}", message_id=f"m{number}"))
    assert [message.text for message in store.history("c1", limit=2, skip=4)][0] == "question 2"
    assert len(store.history("c1", limit=100, skip=8)) == 2
    assert store.history("c1", limit=2, skip=10) == []


def test_migrations_run_twice_and_match_the_models(file: Path) -> None:
    url = f"sqlite:///{file}"
    upgrade(url)
    upgrade(url)
    assert rows(file, "SELECT version_num FROM alembic_version") == [(max(path.name[:4] for path in VERSIONS.glob("0*.py")),)]
    engine = build_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_sqlite_settings(store: Store, file: Path) -> None:
    assert rows(file, "PRAGMA journal_mode") == [("wal",)]
    engine = build_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        values = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        ]
    engine.dispose()
    assert values == ["wal", 1, 5000, 1]


def test_in_memory_is_refused() -> None:
    with pytest.raises(ValueError):
        Store.open("sqlite://")


def test_ping(store: Store, file: Path) -> None:
    store.ping()
    connection = sqlite3.connect(file)
    connection.execute("DROP TABLE conversations")
    connection.close()
    with pytest.raises(OperationalError):
        store.ping()


def test_logs_and_errors_hold_no_text_or_ids(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    turn = a_turn("secret-conversation", user_text="palabra privada")
    store.record_turn(turn)
    with pytest.raises(IntegrityError) as raised:
        store.record_turn(turn)
    store.delete_conversation("secret-conversation")
    for written in (caplog.text, str(raised.value)):
        assert "privada" not in written
        assert "secret-conversation" not in written
        assert turn.message_id not in written


def test_ids_are_distinct_and_url_safe() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(id) == 22 and id.replace("-", "").replace("_", "").isalnum() for id in ids)
