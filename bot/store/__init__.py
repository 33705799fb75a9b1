"""Storage of conversations, their redacted messages and the feedback on them."""

from bot.store.database import Store
from bot.store.ids import new_id
from bot.store.records import Conversation, StoredMessage, Turn

__all__ = ["Conversation", "Store", "StoredMessage", "Turn", "new_id"]
