"""Wishes for the other language that only the classifier hears."""

import pytest

from bot.components.following import Evidence
from bot.components.references import find_references
from bot.components.wish import WISH_AT, WISH_NEAR_AT, wished_language

CALM = {"plan": 0.4, "off_topic": 0.6}


def wish(text: str, ranking: dict[str, float], evidence: Evidence | None = None) -> str | None:
    references = find_references(text, {}, frozenset({"2", "2D"}))
    return wished_language(text, references, ranking, evidence or Evidence(scope=CALM))


@pytest.mark.parametrize(("answered_in", "other"), [("en", "es"), ("es", "en")])
def test_in_a_conversation_the_other_language_is_wished(answered_in: str, other: str) -> None:
    heard = {"language_en": WISH_AT / 2, "language_es": WISH_AT / 2}
    assert wish("the other language", heard, Evidence(scope=CALM, answered_in=answered_in)) == other


def test_less_than_enough_is_no_wish() -> None:
    assert wish("the other language", {"language_en": WISH_AT - 0.01}) is None
    assert wish("the other language", {}) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("spanish would suit me", "es"),
        ("quisiera leer el inglés", "en"),
        ("I barely follow English", "es"),
        ("de español nada", "en"),
        ("I don't read English well, answer in Spanish", "es"),
        ("my own language", "en"),
    ],
)
def test_at_the_start_the_named_language_is_wished_or_the_other_where_it_is_lacking(text: str, language: str) -> None:
    assert wish(text, {"language_en": 0.6, "language_es": 0.3}) == language


def test_what_a_fact_answers_is_a_question_unless_the_wish_is_sure() -> None:
    evidence = Evidence(hits=(("1A.M4", 0.9),), scope={"plan": 0.99}, answered_in="en")
    assert wish("reading in Spanish", {"language_es": WISH_NEAR_AT - 0.01}, evidence) is None
    assert wish("reading in Spanish", {"language_es": WISH_NEAR_AT}, evidence) == "es"


def test_a_child_who_lacks_a_language_is_what_a_question_is_about() -> None:
    assert wish("mi hija no habla inglés", {"language_es": 0.8}) is None
    assert wish("mi hija no habla inglés", {"language_es": 0.95}, Evidence(scope=CALM, answered_in="en")) == "es"


@pytest.mark.parametrize(
    "text", ["will they talk Spanish with my mother?", "where can my husband read it"]
)
def test_languages_that_are_only_spoken_of_are_not_wished(text: str) -> None:
    assert wish(text, {"language_en": 0.5, "language_es": 0.49}, Evidence(scope=CALM, answered_in="en")) is None


def test_both_languages_at_once_are_no_first_wish() -> None:
    assert wish("classes in English and Spanish at once", {"language_en": 0.5, "language_es": 0.49}) is None


def test_a_named_part_of_the_plan_is_asked_for() -> None:
    assert wish("2D in Spanish", {"language_es": 1.0}) is None
