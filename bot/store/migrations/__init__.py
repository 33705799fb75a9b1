"""Schema migrations, run from inside the package."""

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.store.engine import build_engine, writing

# Alembic keeps its context in module globals, so one process upgrades one database at a time.
_lock = threading.Lock()


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest schema; a database already there is left as it is.

    Raises `sqlalchemy.exc.SQLAlchemyError` when the database cannot be reached and
    `alembic.util.CommandError` when its schema is newer than this package.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    engine = build_engine(url)
    try:
        with _lock, writing(engine).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
