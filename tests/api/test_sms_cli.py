"""`puente sms`: a conversation by text message in the terminal, played in this process where no server runs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.settings import Settings
from tests.conftest import free_port


@pytest.fixture
def data(make_settings: Callable[[Path], Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_settings(tmp_path / "data").data
    monkeypatch.setenv("PUENTE_DATA", str(folder))
    monkeypatch.setenv("PUENTE_PORT", str(free_port()))
    monkeypatch.setenv("PUENTE_TWILIO_AUTH_TOKEN", "a token of tests")
    return folder


def play(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["sms", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_conversation_is_played_with_segments_encoding_and_cost(data: Path) -> None:
    shown = play("what are the strategies of 2D", "more", "STOP", "hello", "hello")
    assert "> what are the strategies of 2D" in shown and "Reply MORE." in shown
    assert "2 segments, GSM-7" in shown and "$0.0166" in shown
    assert shown.rstrip().endswith("(no message)")
    assert shown.count("(no message)") == 2


def test_each_phone_has_a_conversation_of_its_own_that_is_remembered(data: Path) -> None:
    assert "INICIO" in play("ALTO", "--from", "+12135550101")
    assert "(no message)" in play("hola", "--from", "+12135550101")
    assert "Puente" in play("hola", "--from", "+12135550102")
    assert "Puente" in play("INICIO", "--from", "+12135550101")


def test_without_a_text_the_usage_is_told() -> None:
    assert CliRunner().invoke(app, ["sms"]).exit_code == 2
