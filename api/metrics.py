"""What is counted; never with a message's text or a person's name."""

from prometheus_client import Counter, Histogram

MESSAGES = Counter("puente_messages_total", "Messages answered.", ["outcome", "language", "channel"])
SECONDS = Histogram("puente_message_seconds", "Seconds to answer a message.", buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5))
PURGED = Counter("puente_purged_conversations_total", "Conversations deleted at the end of their retention.")
