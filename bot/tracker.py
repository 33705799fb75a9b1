"""Rasa's tracker database: kept as long as conversations are, and no longer."""

import sqlite3
import time
from pathlib import Path

DAY = 86_400


def purge_tracker(path: Path, older_than_days: int, now: float | None = None) -> int:
    """Delete conversations silent for `older_than_days`; returns how many went."""
    return _delete(path, "at < ?", (now or time.time()) - older_than_days * DAY)


def delete_from_tracker(path: Path, conversation_id: str) -> int:
    """Delete one conversation; returns how many went, 0 or 1."""
    return _delete(path, "sender_id = ?", conversation_id)


def _delete(path: Path, condition: str, value: float | str) -> int:
    if not path.exists():
        return 0
    with sqlite3.connect(path, timeout=5) as database:
        database.execute("PRAGMA secure_delete=ON")
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'trackers'").fetchone():
            return 0
        return database.execute(f"DELETE FROM trackers WHERE {condition}", (value,)).rowcount
