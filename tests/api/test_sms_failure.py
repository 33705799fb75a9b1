"""A text message whose answering fails is not lost: Twilio's retry of it is answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from twilio.request_validator import RequestValidator

from api import problems
from api.routes import sms
from api.settings import Settings
from bot.assistant import Reply
from bot.store import Store
from knowledge import Plan

TOKEN, PUBLIC = "0123456789abcdef0123456789abcdef", "https://bridge.example.org"
FIELDS = {"MessageSid": "SM1", "From": "+12135550123", "Body": "what is 2D", "NumMedia": "0"}


class FailsOnce:
    """Stands for the assistant: the first answer breaks, the next ones do not."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.asked = plan, 0

    async def in_danger(self, text: str) -> bool:
        return False

    async def reply(self, text: str, conversation_id: str, language: str | None, channel: str) -> Reply:
        self.asked += 1
        if self.asked == 1:
            raise OSError("the disk is full")
        return Reply(
            conversation_id=conversation_id, message_id="m", language="en", outcome="answered", text="An answer.",
            citations=[], suggestions=[], confidence=1.0,
        )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/puente.db")
    yield opened
    opened.close()


def test_a_retry_after_a_failure_is_answered_and_a_retry_after_an_answer_is_not(
    plan: Plan, store: Store, tmp_path: Path
) -> None:
    app = FastAPI()
    problems.install(app)
    app.include_router(sms.router)
    assistant = FailsOnce(plan)
    app.state.settings = Settings(data=tmp_path, twilio_auth_token=TOKEN, public_url=PUBLIC, sms_key="a key of these tests")
    app.state.assistant, app.state.store = assistant, store
    signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/sms/twilio", FIELDS)
    with TestClient(app, raise_server_exceptions=False) as client:
        posted = [client.post("/sms/twilio", data=FIELDS, headers={"X-Twilio-Signature": signature}) for _ in range(3)]
    assert [response.status_code for response in posted] == [500, 200, 200]
    assert "disk" not in posted[0].text and "2D" not in posted[0].text
    assert "An answer." in posted[1].text
    assert "<Message>" not in posted[2].text
    assert assistant.asked == 2


def test_only_an_unanswered_message_is_given_up(store: Store) -> None:
    assert store.phones.claim("SM2", "h", 1000).state == "mine"
    store.phones.release("SM2")
    assert store.phones.claim("SM2", "h", 1000).state == "mine"
    store.phones.answer("SM2", "<Response/>")
    store.phones.release("SM2")
    assert store.phones.claim("SM2", "h", 1000).state == "answered"
