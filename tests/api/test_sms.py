"""Text messages: signed requests as Twilio sends them, over HTTP to a running server."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
import pytest
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from api.settings import Settings
from bot.sms.segments import measure
from tests.conftest import Serve

TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://bridge.example.org"
_numbers = itertools.count(1)


class Carrier:
    """Sends signed webhooks to a server, as Twilio does."""

    def __init__(self, url: str, token: str = TOKEN, public: str = PUBLIC) -> None:
        self._url = url
        self._validator, self._public = RequestValidator(token), public

    def post(self, fields: list[tuple[str, str]], signature: str | None = None) -> httpx.Response:
        if signature is None:
            signature = self._validator.compute_signature(f"{self._public}/sms/twilio", ImmutableMultiDict(fields))
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        return httpx.post(f"{self._url}/sms/twilio", content=urlencode(fields).encode(), headers=headers, timeout=60)

    def text(self, body: str, number: str, **more: str) -> list[str]:
        """The messages that come back."""
        return messages(self.post(form(body, number, **more)))


def form(body: str, number: str, sid: str | None = None, **more: str) -> list[tuple[str, str]]:
    fields = {
        "MessageSid": sid or f"SM{next(_numbers):032x}", "From": number, "To": "+12135550000", "Body": body, "NumMedia": "0",
        "FromZip": "", "SmsStatus": "received",
    }
    return list((fields | more).items())


def messages(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/xml")
    return [element.text or "" for element in ElementTree.fromstring(response.text).iter("Message")]


def number() -> str:
    return f"+1213555{next(_numbers):04d}"


@pytest.fixture(scope="module")
def sms_settings(settings: Settings, make_settings: Callable[[Path], Settings], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    own = make_settings(tmp_path_factory.mktemp("sms") / "data")
    shared = {"dialogue_port": settings.dialogue_port, "dialogue_token": settings.dialogue_token}
    return own.model_copy(
        update={"twilio_auth_token": TOKEN, "public_url": PUBLIC, "sms_key": "a first key of tests", "sms_per_hour": 8, **shared}
    )


@pytest.fixture(scope="module")
def carrier(server_url: str, sms_settings: Settings, serve: Serve) -> Iterator[Carrier]:
    with serve(sms_settings) as url:
        yield Carrier(url)


def test_a_first_answer_comes_with_who_this_is(carrier: Carrier) -> None:
    answer, intro = carrier.text("what is the attendance target for high schools", number())
    assert "21.5" in answer or "12.8" in answer
    assert f"{PUBLIC}/plan/2D" in answer
    assert measure(answer).segments <= 2
    assert all(word in intro for word in ("Puente", "rates", "STOP", "HELP"))
    assert measure(intro).segments == 1


def test_a_first_answer_in_spanish_is_in_spanish_and_cheap(carrier: Carrier) -> None:
    answer, intro = carrier.text("¿qué hacen por los niños que faltan mucho a la escuela?", number())
    assert "ALTO" in intro and "AYUDA" in intro
    for text in (answer, intro):
        assert measure(text).segments <= 2
        assert measure(text).encoding == "GSM-7"


@pytest.mark.parametrize("change", ["signature", "body", "field", "none"])
def test_an_unsigned_or_altered_request_is_refused(carrier: Carrier, change: str) -> None:
    fields = form("hello", number())
    right = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/sms/twilio", dict(fields))
    changed = {"signature": (fields, "x" + right), "body": ([(n, v + "!" if n == "Body" else v) for n, v in fields], right)}
    changed |= {"field": ([*fields, ("More", "")], right), "none": (fields, "")}
    refused = carrier.post(*changed[change])
    assert refused.status_code == 403
    assert refused.headers["content-type"].startswith("application/problem+json")


def test_repeated_and_empty_fields_are_part_of_the_signature(carrier: Carrier) -> None:
    fields = [*form("hello", number()), ("MediaUrl", "b"), ("MediaUrl", "a"), ("Empty", "")]
    assert messages(carrier.post(fields))


def test_without_a_token_every_message_is_refused(server_url: str) -> None:
    assert Carrier(server_url).post(form("hello", number())).status_code == 403


def test_the_same_message_is_answered_once(carrier: Carrier) -> None:
    fields = form("what are the pillars", number())
    assert messages(carrier.post(fields))
    assert messages(carrier.post(fields)) == []


def test_of_many_concurrent_messages_none_is_lost_and_none_doubled(carrier: Carrier) -> None:
    sent = [form("targets of 2D", number(), f"SMconcurrent{n:020d}") for n in range(40)] * 2
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda fields: (dict(fields)["MessageSid"], messages(carrier.post(fields))), sent))
    by_sid: dict[str, list[list[str]]] = {}
    for sid, found in answers:
        by_sid.setdefault(sid, []).append(found)
    assert len(by_sid) == 40
    assert all(sorted(len(found) for found in pair) == [0, 2] for pair in by_sid.values())


@pytest.mark.parametrize(("stop", "start", "said"), [("STOP", "START", "START"), ("ALTO", "INICIO", "INICIO")])
def test_stop_is_confirmed_once_then_silence_until_start(carrier: Carrier, stop: str, start: str, said: str) -> None:
    mine = number()
    carrier.text("hello", mine)
    assert said in carrier.text(stop, mine)[0]
    assert [carrier.text(text, mine) for text in (stop, "what is 2D", "HELP", "quiero morir")] == [[], [], [], []]
    assert len(carrier.text(start, mine)) == 1
    assert carrier.text("what is 2D", mine)


def test_an_opt_out_survives_a_restart(sms_settings: Settings, serve: Serve) -> None:
    mine = number()
    with serve(sms_settings) as url:
        assert len(Carrier(url).text("ya no me manden mensajes", mine)) == 1
    with serve(sms_settings) as url:
        assert Carrier(url).text("hola", mine) == []


def test_what_the_carrier_answered_itself_is_not_answered_again(carrier: Carrier) -> None:
    mine = number()
    carrier.text("hello", mine)
    assert carrier.text("STOP", mine, OptOutType="STOP") == []
    assert carrier.text("hello", mine) == []
    assert carrier.text("START", mine, OptOutType="START") == []
    assert carrier.text("what is 2D", mine)
    assert carrier.text("HELP", mine, OptOutType="HELP") == []


def test_help_names_a_person_to_call(carrier: Carrier) -> None:
    mine = number()
    carrier.text("hola, buenas tardes", mine)
    assert "(213)" in carrier.text("AYUDA", mine)[0]
    assert "STOP" in carrier.text("HELP", mine)[0]


def test_more_goes_on_where_the_answer_stopped(carrier: Carrier) -> None:
    mine = number()
    first = carrier.text("what are the strategies of 2D", mine)[0]
    assert "MORE" in first
    found = [first]
    while "MORE" in found[-1]:
        found.append(carrier.text("more", mine)[0])
        assert measure(found[-1]).segments <= 2
    assert len(found) >= 2
    assert "nothing more" in carrier.text("MORE", mine)[0]


def test_a_number_picks_a_suggestion(carrier: Carrier) -> None:
    mine = number()
    offered = carrier.text("ov_years", mine)[0]
    assert "Reply 1" in offered
    assert carrier.text("1", mine)[0] != offered
    assert "no number 9" in carrier.text("9", mine)[0]


def test_the_language_is_remembered_and_switched(carrier: Carrier) -> None:
    mine = number()
    carrier.text("¿qué es el plan?", mine)
    assert "estudiantes" in carrier.text("2D.M1", mine)[0]
    assert carrier.text("ENGLISH", mine)
    assert "students" in carrier.text("2D.M1", mine)[0]


@pytest.mark.parametrize("text", ["my daughter says she wants to kill herself", "mi hijo dice que ya no quiere vivir"])
def test_danger_is_answered_first_and_in_one_segment(carrier: Carrier, text: str) -> None:
    answer = carrier.text(text, number())
    assert len(answer) == 1
    assert "911" in answer[0] and "988" in answer[0]
    assert measure(answer[0]).segments == 1


@pytest.mark.parametrize("end", ["I want to kill myself", "quiero quitarme la vida"])
def test_danger_at_the_end_of_a_long_message_is_heard(carrier: Carrier, end: str) -> None:
    answer = carrier.text("the school told me about attendance and the bus. " * 31 + end, number())
    assert "911" in answer[0] and "988" in answer[0]


def test_too_many_messages_get_one_polite_answer_then_silence_but_danger_is_heard(carrier: Carrier) -> None:
    mine = number()
    answers = [carrier.text("what is 2D", mine) for _ in range(11)]
    assert all(answers[:8])
    assert "wait" in answers[8][0]
    assert answers[9:] == [[], []]
    assert "911" in carrier.text("my daughter says she wants to kill herself", mine)[0]


@pytest.mark.parametrize(
    ("body", "more", "word"),
    [("", {"NumMedia": "1"}, "pictures"), ("", {}, "question"), ("😢😢", {}, "question"), ("x" * 1600, {}, ""), ("   ", {}, "question")],
)
def test_what_is_no_question_gets_a_clear_answer(carrier: Carrier, body: str, more: dict[str, str], word: str) -> None:
    answer = carrier.text(body, number(), **more)[0]
    assert word in answer
    assert measure(answer).segments <= 2


def test_a_delivery_report_is_no_message(carrier: Carrier) -> None:
    report = [("MessageSid", "SM1"), ("MessageStatus", "delivered"), ("From", "+12135550000"), ("To", number())]
    assert messages(carrier.post(report)) == []


def test_a_form_that_is_no_message_is_named(carrier: Carrier) -> None:
    assert carrier.post([("Body", "hi")]).status_code == 422


def test_a_new_key_finds_the_phones_of_the_old_one(sms_settings: Settings, serve: Serve) -> None:
    mine = number()
    with serve(sms_settings) as url:
        Carrier(url).text("STOP", mine)
    moved = sms_settings.model_copy(update={"sms_key": "a second key of tests", "sms_old_keys": "a first key of tests"})
    with serve(moved) as url:
        assert Carrier(url).text("hello", mine) == []
    after = sms_settings.model_copy(update={"sms_key": "a second key of tests"})
    with serve(after) as url:
        assert Carrier(url).text("hello", mine) == []


def test_no_number_is_kept_and_no_text_unredacted(carrier: Carrier, sms_settings: Settings) -> None:
    mine = number()
    carrier.text("my phone is 213-555-7788, what is 2D", mine)
    with sqlite3.connect(sms_settings.data / "puente.db") as db:
        dump = "\n".join(db.iterdump())
    assert mine not in dump and mine[2:] not in dump and "555-7788" not in dump
    logs = "".join(path.read_text(encoding="utf-8") for path in (sms_settings.data / "logs").glob("*"))
    assert mine not in logs and "what is 2D" not in logs
