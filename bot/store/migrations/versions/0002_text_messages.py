"""Telephones that text, and the text messages that came in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "phones",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("language", sa.Text),
        sa.Column("conversation_id", sa.Text),
        sa.Column("opted_out", sa.Boolean, nullable=False),
        sa.Column("warned_at", sa.BigInteger),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.Column("rest", sa.Text, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
    )
    op.create_index("ix_phones_last_at", "phones", ["last_at"])
    op.create_table(
        "texts",
        sa.Column("sid", sa.Text, primary_key=True),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("claimed_at", sa.BigInteger, nullable=False),
        sa.Column("reply", sa.Text),
        sa.Column("delivered", sa.Boolean, nullable=False),
    )
    op.create_index("ix_texts_phone", "texts", ["phone"])
    op.create_index("ix_texts_claimed_at", "texts", ["claimed_at"])


def downgrade() -> None:
    """Drop both tables; opt-outs are lost."""
    op.drop_table("texts")
    op.drop_table("phones")
