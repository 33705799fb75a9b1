"""Database engines set up for the store."""

from pathlib import Path
from sqlite3 import Connection as SQLiteConnection

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

# secure_delete overwrites what a person asked to delete instead of leaving it in free pages.
_PRAGMAS = (
    "busy_timeout=5000",
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=NORMAL",
    "secure_delete=ON",
)


def build_engine(url: str) -> Engine:
    """Return an engine for `url`, creating the parent folder of a SQLite file.

    Raises `ValueError` for an in-memory SQLite database, which threads cannot share, and
    `sqlalchemy.exc.ArgumentError` for a malformed URL.
    """
    parsed = make_url(url)
    # Bound values hold people's words, so they stay out of error messages and logs.
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    if not parsed.database or parsed.database == ":memory:":
        raise ValueError("the store needs a SQLite file, not an in-memory database")
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def writing(engine: Engine) -> Engine:
    """Return a view of `engine` whose transactions take the write lock at their start (SQLite only)."""
    return engine.execution_options(write=True)


def _set_up(connection: SQLiteConnection, _: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would begin too late for the write lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
