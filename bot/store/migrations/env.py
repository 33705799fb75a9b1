"""Alembic's entry point: runs the migrations on the connection handed over by `upgrade`."""

from alembic import context

from bot.store.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
