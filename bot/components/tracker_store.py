"""Rasa's memory of conversations: one row each, in SQLite.

Rasa's own SQL store reads and writes event by event through an ORM, which took half of its time for a message, and keeps
every event for good. Here a conversation is one document with its latest turns (Rasa's documentation, "Tracker Stores",
custom stores).
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import Dialogue, DialogueStateTracker

# The policies look three turns back; what the slots hold from before is kept beside them.
TURNS_KEPT = 4
# Each keeps a message from waiting for the disk; deleted texts are overwritten.
PRAGMAS = ("busy_timeout=5000", "journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON")
TABLE = "CREATE TABLE IF NOT EXISTS trackers (sender_id TEXT PRIMARY KEY, dialogue TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID"


class DocumentTrackerStore(TrackerStore):
    """Keeps each conversation's latest turns in the SQLite file `db`."""

    def __init__(
        self, domain: Domain | None, db: str, host: str | None = None, event_broker: EventBroker | None = None
    ) -> None:
        """Open or make the database; a table that Rasa's own store left there goes, with what it holds.

        Rasa gives a `host` to every store; a file has none.
        """
        super().__init__(domain, event_broker)
        self._database = sqlite3.connect(db, check_same_thread=False, isolation_level=None)
        for pragma in PRAGMAS:
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("DROP TABLE IF EXISTS events")
        self._database.execute(TABLE)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation's latest turns in the place of what was there."""
        events = [event.as_dict() for event in latest_turns(tracker)]
        row = (tracker.sender_id, json.dumps(events), time.time())
        self._database.execute("INSERT OR REPLACE INTO trackers (sender_id, dialogue, at) VALUES (?, ?, ?)", row)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it was last saved; None where there is none."""
        row = self._database.execute("SELECT dialogue FROM trackers WHERE sender_id = ?", (sender_id,)).fetchone()
        if row is None:
            return None
        tracker = self.init_tracker(sender_id)
        stored: list[Any] = json.loads(row[0])
        tracker.recreate_from_dialogue(Dialogue.from_parameters({"name": sender_id, "events": stored}))
        return tracker

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return [row[0] for row in self._database.execute("SELECT sender_id FROM trackers")]


def latest_turns(tracker: DialogueStateTracker) -> list[Event]:
    """The events of the last turns, before them the slots' values that are older than those turns."""
    events = list(tracker.events)
    turns = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= TURNS_KEPT:
        return events
    kept = events[turns[-TURNS_KEPT] :]
    held = {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}
    return [*(SlotSet(name, value, timestamp=kept[0].timestamp) for name, value in held.items()), *kept]
