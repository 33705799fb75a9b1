"""The scope of a message in its conversation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.references import find_references
from bot.scope import in_conversation
from knowledge.bank import REASONS

CHANCES = st.floats(0, 1)


def scope(plan: float, reason: str = "off_topic") -> dict[str, float]:
    """A scope whose whole refusal has one reason."""
    return {"plan": plan, **{name: (1 - plan if name == reason else 0.0) for name in REASONS}}


def read(text: str, alone: float, with_context: float | None, reason: str = "off_topic") -> dict[str, float]:
    """The scope of `text`, whose probability of being for the plan is `alone` and `with_context`."""
    context = None if with_context is None else scope(with_context)
    return in_conversation(text, find_references(text, {}, frozenset()), scope(alone, reason), context)


def test_the_first_message_is_read_alone() -> None:
    assert read("¿a qué hora abren?", 0.3, None) == scope(0.3)


@pytest.mark.parametrize("text", ["y cuanto dinero le ponen a eso", "and who do we call for that?"])
def test_a_short_message_that_goes_on_is_for_the_plan(text: str) -> None:
    assert read(text, 0.3, 0.9)["plan"] > 0.8


@pytest.mark.parametrize("text", ["how do I cook rice with chicken for twenty people", "que tiempo va a hacer el sabado en la playa"])
def test_another_topic_stays_refused_after_a_question_on_the_plan(text: str) -> None:
    assert read(text, 0.001, 0.05)["plan"] < 0.4


def test_what_is_said_of_ones_own_child_is_not_taken_for_a_follow_up() -> None:
    assert read("y mi hijo va a pasar de año?", 0.3, 0.9, "personal")["personal"] > read("y van a pasar de año?", 0.3, 0.9)["off_topic"]


@given(alone=CHANCES, with_context=CHANCES)
def test_a_scope_sums_to_one(alone: float, with_context: float) -> None:
    found = read("and for the little ones?", alone, with_context)
    assert sum(found.values()) == pytest.approx(1 if alone < 1 else found["plan"])
    assert set(found) == {"plan", *REASONS}


@given(alone=CHANCES, more=CHANCES, with_context=CHANCES)
def test_what_is_more_of_the_plan_alone_is_so_in_a_conversation(alone: float, more: float, with_context: float) -> None:
    low, high = sorted((alone, more))
    assert read("and for the little ones?", low, with_context)["plan"] <= read("and for the little ones?", high, with_context)["plan"]
