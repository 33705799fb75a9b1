"""The SMS form of the plan's nodes: over HTTP, on the command line, and what survives in it."""

import json
import re

import httpx
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.routes.plan import SmsOut, find_node
from api.settings import Settings
from bot.sms.segments import measure
from knowledge import Plan
from knowledge.models import LOCALES, Locale, Measure, Node

SETTINGS = Settings(public_url="https://puente.example.org")


def node_forms(plan: Plan, node: Node, settings: Settings) -> dict[Locale, SmsOut]:
    found = find_node(plan, node.id, settings)
    assert found is not None
    return found.sms


@pytest.mark.parametrize("locale", LOCALES)
def test_every_number_of_every_target_survives_in_two_segments(plan: Plan, locale: Locale) -> None:
    measures = [node for node in plan.nodes.values() if isinstance(node, Measure)]
    assert measures
    for node in measures:
        form = node_forms(plan, node, SETTINGS)[locale]
        wanted = re.findall(r"\d[\d.,]*\d|\d", node.target[locale]) if node.target else []
        assert all(number in form.text for number in wanted), node.id


def test_every_node_is_a_message_within_the_limit_that_links_to_it(plan: Plan) -> None:
    for most in (1, 2, 3):
        settings = SETTINGS.model_copy(update={"sms_segments": most})
        for node in plan.nodes.values():
            for form in node_forms(plan, node, settings).values():
                assert form.segments <= most, node.id
                assert f"https://puente.example.org/plan/{node.id}" in form.text
                assert (form.encoding, form.segments) == (measure(form.text).encoding, measure(form.text).segments)


def test_accents_stay_where_the_setting_says_so(plan: Plan) -> None:
    settings = SETTINGS.model_copy(update={"sms_transliterate": False})
    forms = [node_forms(plan, node, settings)["es"] for node in plan.nodes.values()]
    assert any(form.encoding == "UCS-2" for form in forms)
    assert all(form.segments <= 2 for form in forms)


def test_the_plan_over_http_carries_it(client: httpx.Client) -> None:
    sms = client.get("/api/v1/plan/2D.M1").json()["sms"]
    assert sms.keys() == {"en", "es"}
    assert all(form.keys() == {"text", "encoding", "segments"} for form in sms.values())
    assert "21.5" in sms["en"]["text"] and "21.5" in sms["es"]["text"]


def test_show_prints_it_with_its_segments() -> None:
    runner = CliRunner()
    shown = runner.invoke(app, ["show", "2d.m1", "--sms"])
    assert shown.exit_code == 0
    assert shown.output.count("2 segments, GSM-7") == 2 and shown.output.count("$0.0166") == 2
    assert json.loads(runner.invoke(app, ["show", "2D.M1", "--json"]).output)["sms"]["es"]["segments"] == 2
    assert runner.invoke(app, ["show", "9Z", "--sms"]).exit_code == 1
