"""Identifiers of conversations and messages."""

import secrets


def new_id() -> str:
    """Return a fresh identifier: 22 URL-safe characters holding 128 random bits."""
    return secrets.token_urlsafe(16)
