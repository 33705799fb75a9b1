"""Replies kept by the key of their request, so that a message sent twice is answered once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Create the table of kept replies."""
    op.create_table(
        "kept_replies",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("message_id", sa.Text, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("reply", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Drop the table of kept replies."""
    op.drop_table("kept_replies")
