"""Rasa's memory: what it keeps of a conversation, for how long, and what is left after it is deleted."""

import json
import sqlite3
import subprocess
from pathlib import Path

import pytest

from api.settings import Settings
from api.supervisor import BOT, rasa_environment, rasa_python
from bot.tracker import DAY, delete_from_tracker, purge_tracker

NOW = 2_000_000_000.0

# Keeps nine turns, reads them back as another process would, and tells what was found.
KEEP_AND_READ = """
import asyncio, json, sys
from components.tracker_store import DocumentTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered

async def main(path):
    domain = Domain.load("domain.yml")
    store = DocumentTrackerStore(domain, path)
    tracker = await store.get_or_create_tracker("known")
    tracker.update(SlotSet("aspect", "target"))
    for number in range(9):
        tracker.update(UserUttered(f"turn {number}", intent={"name": "ask"}))
        tracker.update(SlotSet("topic", f"2D.M{number}"))
        tracker.update(ActionExecuted("utter_ask"))
        await store.save(tracker)
    again = await DocumentTrackerStore(domain, path).retrieve("known")
    print(json.dumps({
        "texts": [e.text for e in again.events if isinstance(e, UserUttered)],
        "slots": {name: again.get_slot(name) for name in ("topic", "aspect", "detail")},
        "unknown": await store.retrieve("nobody"), "keys": list(await store.keys()),
    }))

asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "tracker.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE trackers (sender_id TEXT PRIMARY KEY, dialogue TEXT NOT NULL, at REAL NOT NULL)")
        rows = [("old", "secret words", NOW - 31 * DAY), ("new", "[]", NOW - 29 * DAY)]
        made.executemany("INSERT INTO trackers VALUES (?, ?, ?)", rows)
    made.close()
    return path


def kept(path: Path) -> list[str]:
    with sqlite3.connect(path) as opened:
        found = [row[0] for row in opened.execute("SELECT sender_id FROM trackers ORDER BY sender_id")]
    opened.close()
    return found


def test_the_latest_turns_and_every_slot_come_back(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with sqlite3.connect(path) as before:
        before.execute("CREATE TABLE events (data TEXT)")
        before.execute("INSERT INTO events VALUES ('what an older version kept')")
    before.close()
    command = [str(rasa_python(settings)), "-c", KEEP_AND_READ, str(path)]
    done = subprocess.run(command, cwd=BOT, env=rasa_environment(settings), capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["texts"] == ["turn 5", "turn 6", "turn 7", "turn 8"]
    assert found["slots"] == {"topic": "2D.M8", "aspect": "target", "detail": None}
    assert (found["unknown"], found["keys"]) == (None, ["known"])
    assert b"older version" not in path.read_bytes()


def test_silent_conversations_go_after_their_time(database: Path) -> None:
    assert purge_tracker(database, 30, NOW) == 1
    assert kept(database) == ["new"]
    assert b"secret words" not in database.read_bytes()


def test_one_conversation_is_deleted(database: Path) -> None:
    assert (delete_from_tracker(database, "old"), delete_from_tracker(database, "old")) == (1, 0)
    assert kept(database) == ["new"]


def test_nothing_to_delete_where_rasa_never_ran(tmp_path: Path) -> None:
    assert purge_tracker(tmp_path / "tracker.db", 30) == 0
    sqlite3.connect(tmp_path / "tracker.db").close()
    assert delete_from_tracker(tmp_path / "tracker.db", "x") == 0
