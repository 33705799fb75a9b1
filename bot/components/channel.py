"""The channel between the application and Rasa: REST with a bearer token."""

from __future__ import annotations

import hmac
from typing import Any, Awaitable, Callable, Dict, Optional, Text

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse


class PuenteInput(InputChannel):
    """POST /webhooks/puente/messages {"sender", "message", "metadata"} -> {"acts": [...]}."""

    @classmethod
    def name(cls) -> Text:
        """The channel's name in URLs."""
        return "puente"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> InputChannel:
        """Read the token from credentials.yml."""
        token = (credentials or {}).get("token") or ""
        if not token:
            raise ValueError("The puente channel needs a token: set PUENTE_DIALOGUE_TOKEN.")
        return cls(token)

    def __init__(self, token: Text) -> None:
        self._token = token

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes."""
        routes = Blueprint("puente_channel", "puente")

        @routes.route("/messages", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
                return response.json({"error": "wrong token"}, status=401)
            body = request.json or {}
            output = CollectingOutputChannel()
            message = UserMessage(
                body.get("message") or "", output, body.get("sender"), input_channel=self.name(), metadata=body.get("metadata")
            )
            await on_new_message(message)
            return response.json({"acts": [m["custom"] for m in output.messages if "custom" in m]})

        return routes
