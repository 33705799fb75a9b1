"""Small talk and the wish for a person, from the classifier's ranking and the message's own words."""

import pytest

from bot.components.following import Evidence
from bot.components.references import find_references
from bot.components.smalltalk import smalltalk, wants_person
from knowledge import load_plan

KNOWN = frozenset(load_plan().nodes)
SCOPE = {"plan": 0.9, "off_topic": 0.1, "personal": 0.0, "injection": 0.0}
FIRST = Evidence(hits=(("2A.S3", 0.3),), scope=SCOPE)
LATER = Evidence(hits=(("2A.S3", 0.3),), scope=SCOPE, topic=("2D.M1",), shown=("2D.M1",))
SURE_LATER = Evidence(hits=(("2C.S6", 0.9),), scope=SCOPE, topic=("2D.M1",), shown=("2D.M1",))


def kind(text: str, evidence: Evidence = LATER, **ranking: float) -> str | None:
    return smalltalk(text, find_references(text, {}, KNOWN), ranking, evidence)


def person(text: str, handoff: float, evidence: Evidence = FIRST) -> bool:
    return wants_person(text, find_references(text, {}, KNOWN), {"handoff": handoff}, evidence)


@pytest.mark.parametrize(
    "text", ["gracias me quito un peso", "que dios los bendiga", "bueno ni modo, gracias de todos modos", "thanks, that helps a lot", "grax x todo"]
)
def test_thanks_in_other_words(text: str) -> None:
    assert kind(text) == "thanks"


@pytest.mark.parametrize("text", ["gracias, y el teléfono?", "thanks, how many are there", "gracias, otra pregunta", "thank you but what about reading"])
def test_a_question_after_thanks_is_a_question(text: str) -> None:
    assert kind(text) is None


@pytest.mark.parametrize("text", ["de q año", "from", "as of"])
def test_in_a_conversation_few_greet(text: str) -> None:
    assert kind(text, greet=0.8) is None


def test_a_message_that_names_a_fact_is_no_goodbye() -> None:
    assert kind("portfolios due by", SURE_LATER, bye=0.8) is None


def test_a_deed_is_not_a_question_who_the_assistant_is() -> None:
    assert kind("ok can u take it off his record", who_are_you=0.9) is None


@pytest.mark.parametrize("text", ["paseme con una persona por favor", "I want to talk to a human", "comuníqueme con alguien", "put me through to an agent"])
def test_words_that_leave_no_doubt_need_little_more(text: str) -> None:
    assert person(text, 0.2)


@pytest.mark.parametrize("text", ["how do i get a humam on the phone", "can somebody from there call me", "quiero que me atienda alguien"])
def test_a_person_is_wanted_where_the_classifier_says_so_too(text: str) -> None:
    assert person(text, 0.6)
    assert not person(text, 0.3)


@pytest.mark.parametrize("text", ["is there somebody my son can talk to", "con quien puede hablar mi hija", "someone at school she can speak with"])
def test_somebody_for_a_child_to_talk_to_is_another_question(text: str) -> None:
    assert not person(text, 0.7)


def test_a_story_that_opens_with_a_greeting_is_no_greeting() -> None:
    story = "hola buenas, mi hija anda triste desde el cambio de escuela, que ayuda hay para ella"
    sure = Evidence(hits=(("2C.S3", 0.95),), scope={"plan": 0.98, "off_topic": 0.02, "personal": 0.0, "injection": 0.0})
    assert kind(story, sure, greet=0.85, how_are_you=0.12) is None


def test_what_is_shared_between_kinds_of_small_talk_is_small_talk() -> None:
    assert kind("que onda", FIRST, greet=0.5, bye=0.35) == "greet"
    doubtful = Evidence(hits=(("ov_y1_gains", 0.7),), scope={"plan": 0.7, "off_topic": 0.3, "personal": 0.0, "injection": 0.0})
    assert kind("helo there, hapy new year to you and yours", doubtful, greet=0.62, how_are_you=0.35) == "greet"


def test_nonsense_is_spread_over_all_kinds() -> None:
    assert kind("blorp", FIRST, greet=0.4, bye=0.3) is None
    assert kind("blorp", FIRST, greet=0.19, bye=0.19, thanks=0.19, how_are_you=0.19, who_are_you=0.19) is None


def test_mijo_in_thanks_and_a_name_asked_are_small_talk_beyond_doubt() -> None:
    private = Evidence(scope={"plan": 0.2, "off_topic": 0.2, "personal": 0.6, "injection": 0.0})
    assert kind("muchas gracias mijo, me sacó de un apuro grande", private, thanks=0.99) == "thanks"
    assert kind("mijo va mal y no me dicen", private, thanks=0.6) is None
    assert kind("¿cómo se llama usted?", FIRST, who_are_you=0.99) == "who_are_you"


def test_a_recipe_asked_like_how_are_you_is_no_small_talk() -> None:
    kitchen = Evidence(scope={"plan": 0.0, "off_topic": 1.0, "personal": 0.0, "injection": 0.0})
    assert kind("¿cómo se hacen las quesadillas de flor?", kitchen, how_are_you=0.7) is None


def test_asking_after_the_assistant_is_small_talk_though_a_plan_goes_too() -> None:
    sure = Evidence(hits=(("ov_y1", 0.99),), scope={"plan": 0.99, "off_topic": 0.01, "personal": 0.0, "injection": 0.0})
    assert kind("hey, how's it going?", sure, how_are_you=0.7, greet=0.1) == "how_are_you"
    assert kind("how is attendance in middle schools going?", sure, how_are_you=0.7) is None


def test_someone_in_a_question_is_no_wish_for_a_person() -> None:
    assert not person("what age does someone have to be for that", 0.7)
