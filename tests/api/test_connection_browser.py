"""The chat when the connection or the server fails in the middle: nothing is lost, and nothing is asked twice."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from api.settings import Settings

from ..conftest import Serve, free_port
from .conftest import ANSWER_DEADLINE_MS, PHONE, Open, Visit

QUESTION = "What is the plan doing about students who miss a lot of school?"


def asked_once(visit: Visit) -> None:
    """One question and one answer, on the page and, after a reload, in the store."""
    for _ in ("as shown", "as stored"):
        expect(visit.answers).to_have_count(1, timeout=ANSWER_DEADLINE_MS)
        expect(visit.page.locator(".message.user")).to_have_count(1)
        visit.page.reload()


def test_offline_is_told_and_the_question_goes_out_when_the_connection_is_back(reader: Visit) -> None:
    page = reader.page
    reader.context.set_offline(True)
    expect(page.get_by_text("No internet connection.")).to_be_visible()
    reader.question.fill(QUESTION)
    reader.question.press("Enter")
    expect(page.get_by_text("Your question was not sent yet.")).to_be_visible()
    reader.question.fill("and the targets?")
    reader.context.set_offline(False)
    expect(page.get_by_text("No internet connection.")).to_have_count(0)
    expect(reader.answers).to_have_count(1, timeout=ANSWER_DEADLINE_MS)
    expect(reader.question).to_have_value("and the targets?")
    asked_once(reader)


def test_a_question_that_failed_is_sent_again_by_hand(reader: Visit) -> None:
    reader.page.route("**/chat/turns", lambda route: route.fulfill(status=500, body="{}"))
    reader.question.fill(QUESTION)
    reader.question.press("Enter")
    expect(reader.page.get_by_text("Something went wrong on our side.")).to_be_visible()
    reader.page.unroute("**/chat/turns")
    reader.page.get_by_role("button", name="Try again").click()
    asked_once(reader)


def test_an_answer_lost_on_its_way_is_not_asked_twice(reader: Visit) -> None:
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route)
        route.fetch()
        route.abort()

    reader.page.route("**/chat/turns", lose)
    reader.question.fill(QUESTION)
    reader.question.press("Enter")
    asked_once(reader)


@pytest.mark.parametrize("answered", [True, False])
def test_a_reload_while_the_question_is_under_way_loses_nothing(reader: Visit, answered: bool) -> None:
    with reader.holding("**/chat/turns", answered=answered):
        reader.question.fill(QUESTION)
        reader.question.press("Enter")
        expect(reader.page.locator(".typing")).to_be_visible()
        reader.page.wait_for_timeout(500)
        # A page that is left behind must not send it again by itself.
        reader.page.goto("about:blank")
    reader.page.goto(reader.url)
    asked_once(reader)


def test_a_slow_network_shows_that_an_answer_is_coming(visit: Open, server_url: str) -> None:
    parent = visit(PHONE, "es-MX", go=False)
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000}
    parent.context.new_cdp_session(parent.page).send("Network.emulateNetworkConditions", slow)
    parent.page.goto(server_url)
    parent.question.fill("¿qué hace el plan por la asistencia?")
    parent.question.press("Enter")
    expect(parent.page.locator(".message.user")).to_contain_text("asistencia")
    expect(parent.page.locator(".typing")).to_be_visible()
    expect(parent.answers).to_have_count(1, timeout=ANSWER_DEADLINE_MS)
    expect(parent.page.locator(".typing")).to_have_count(0)
    parent.settle()


def test_a_server_that_starts_anew_goes_on_with_the_conversation(
    make_settings: Callable[[Path], Settings], serve: Serve, tmp_path: Path, visit: Open
) -> None:
    settings = make_settings(tmp_path / "data").model_copy(update={"dialogue_token": None})
    port = free_port()
    with serve(settings, port) as url:
        reader = visit(url=url)
        reader.ask("What are the strategies of 2D?")
    reader.question.fill("and the targets?")
    reader.question.press("Enter")
    expect(reader.page.get_by_role("button", name="Try again")).to_be_visible(timeout=ANSWER_DEADLINE_MS)
    with serve(settings, port):
        reader.page.get_by_role("button", name="Try again").click()
        expect(reader.answers).to_have_count(2, timeout=ANSWER_DEADLINE_MS)
        expect(reader.answers.last).to_contain_text("12.8%")
        reader.page.reload()
        expect(reader.page.locator(".message.user")).to_have_text([re.compile("strategies"), re.compile("targets")])
