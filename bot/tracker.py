"""Rasa's tracker database: kept as long as conversations are, and no longer."""

import sqlite3
import time
from pathlib import Path

DAY = 86_400


def purge_tracker(path: Path, older_than_days: int, now: float | None = None) -> int:
    """Delete the events of conversations silent for `older_than_days`; returns how many events went."""
    if not path.exists():
        return 0
    before = (now or time.time()) - older_than_days * DAY
    with sqlite3.connect(path, timeout=5) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
            return 0
        silent = "SELECT sender_id FROM events GROUP BY sender_id HAVING MAX(timestamp) < ?"
        return database.execute(f"DELETE FROM events WHERE sender_id IN ({silent})", (before,)).rowcount


def delete_from_tracker(path: Path, conversation_id: str) -> int:
    """Delete one conversation's events; returns how many went."""
    if not path.exists():
        return 0
    with sqlite3.connect(path, timeout=5) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
            return 0
        return database.execute("DELETE FROM events WHERE sender_id = ?", (conversation_id,)).rowcount
