"""How a message goes on from the last answer."""

import pytest

from bot.components.following import Evidence, continues, elaborates, for_others, lists_all, part_asked
from bot.components.pointing import by_ordinal
from bot.components.references import References, find_references
from knowledge import load_plan

KNOWN = frozenset(load_plan().nodes)
UNSURE = (("2A.S3", 0.3),)


def referring(text: str) -> References:
    return find_references(text, {}, KNOWN)


def after(topic: str, *shown: str) -> Evidence:
    return Evidence(hits=UNSURE, topic=(topic,), shown=shown)


@pytest.mark.parametrize("text", ["what kind of stuff tho", "y eso como es", "tell me more", "what exactly is offered?", "y quien lo da"])
def test_a_question_without_content_asks_for_more(text: str) -> None:
    assert elaborates(text, referring(text), after("res_tutoring"))
    assert not elaborates(text, referring(text), Evidence(hits=UNSURE))


@pytest.mark.parametrize("text", ["who are you", "y tu quien eres", "how is my daughter doing", "the second one", "ok"])
def test_what_is_about_something_else_does_not(text: str) -> None:
    assert not elaborates(text, referring(text), after("res_tutoring"))


@pytest.mark.parametrize("text", ["y cuanto cobran", "is it free?", "what hours", "hablan español?", "y a que numero llamo"])
def test_details_of_a_place_or_program(text: str) -> None:
    assert part_asked(text, referring(text), after("res_adult_ed")) == "resources"
    assert part_asked(text, referring(text), Evidence(hits=UNSURE)) is None


def test_a_figure_of_what_was_told() -> None:
    text = "is there a number for that"
    assert part_asked(text, referring(text), after("2A.S3")) == "measures"


def test_a_number_of_something_else_is_no_detail() -> None:
    text = "y el numero de voluntarios del distrito"
    sure = Evidence(hits=(("ov_volunteers_trend", 0.9),), topic=("3A.M6",))
    assert part_asked(text, referring(text), sure) is None


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("the second one", "2D.S2"),
        ("la tercera no la entendi, me la explica otra vez", "2D.S3"),
        ("y la ultima cual era", "2D.S3"),
        ("number two, please", "2D.S2"),
        ("the third grade reading goal", None),
        ("and the one that is about buses", None),
        ("la cuarta", None),
    ],
)
def test_an_item_of_what_was_listed(text: str, chosen: str | None) -> None:
    found = by_ordinal(text, referring(text), after("2D", "2D.S1", "2D.S2", "2D.S3"))
    assert found == ((chosen,) if chosen else None)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("give me the whole list", True),
        ("que van a hacer", True),
        ("deme la lista de lo que hacen por los patios", True),
        ("my son is on the waiting list", False),
        ("esta en lista de espera", False),
        ("what about the patios", False),
    ],
)
def test_asking_for_all_that_is_done(text: str, whole: bool) -> None:
    assert lists_all(text, referring(text)) is whole


def test_a_long_message_stands_alone() -> None:
    short, long = "and the bathrooms?", "and the bathrooms near the old library building smell really bad"
    assert continues(short, referring(short), after("2A"))
    assert not continues(long, referring(long), after("2A"))


@pytest.mark.parametrize(
    "text",
    ["every school or just some", "is that for parents too", "¿todas las escuelas?", "does she count", "nomas en unas?", "and at my school"],
)
def test_whether_it_holds_for_somebody_is_asked_of_what_was_told(text: str) -> None:
    assert part_asked(text, referring(text), after("2A.S3")) == "none"
    assert part_asked(text, referring(text), after("res_tutoring")) == "resources"


@pytest.mark.parametrize("text", ["how often", "cada cuando preguntan", "cada cuánto"])
def test_how_often_is_asked_of_what_was_told(text: str) -> None:
    assert part_asked(text, referring(text), after("3D.S2")) == "none"


@pytest.mark.parametrize("text", ["latest figure?", "el dato mas reciente", "most recent actual you have"])
def test_the_newest_figure_is_asked_of_a_measure(text: str) -> None:
    assert part_asked(text, referring(text), after("2D.M1")) == "baseline"
    assert part_asked(text, referring(text), after("2D.S1")) != "baseline"


@pytest.mark.parametrize("text", ["uy, y a que numero pregunto entonces", "so who can I ask about that", "what number do I try"])
def test_whom_to_call_about_what_was_told(text: str) -> None:
    assert part_asked(text, referring(text), after("res_internet")) == "resources"


def test_the_next_item_by_number_after_one_that_was_told_alone() -> None:
    assert by_ordinal("and the third", referring("and the third"), after("3D.S2", "3D.S2")) == ("3D.S3",)


@pytest.mark.parametrize("text", ["sorry, she is in 7th now, I meant for middle school", "me refiero a los de primaria", "y para kinder?"])
def test_a_figure_is_asked_for_others_or_corrected(text: str) -> None:
    assert for_others(text, referring(text), after("2D.M1"))
    assert not for_others(text, referring(text), after("2D.S1"))
