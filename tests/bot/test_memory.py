"""What a conversation remembers, and which earlier matter a message goes back to."""

from collections.abc import Sequence

import pytest

from bot.components.references import find_references
from bot.memory import MOST_EARLIER, recall, remember, returned_to, same_list
from bot.resolution import Answer, Context, Resolution
from knowledge import load_plan

PLAN = load_plan()

ANSWER = Answer("answered", "…", ("2D",), ("2D",))


def after(*asked: tuple[str, str]) -> Context:
    """The context after questions that were answered with one node each."""
    context = Context()
    for question, node in asked:
        kept = remember(question, ANSWER, Resolution(mode="facts", ids=(node,)), context)
        context = recall(kept, (node,))
    return context


def first(_: str, sentences: Sequence[str]) -> int:
    return 0


def never(_: str, sentences: Sequence[str]) -> int:
    raise AssertionError("nothing is to be compared")


def test_the_last_answer_is_remembered_and_the_matter_before_it() -> None:
    context = after(("counseling", "2B.S5"), ("meals", "2B.M1"))
    assert (context.question, context.topic) == ("meals", ("2B.M1",))
    assert [earlier.topic for earlier in context.earlier] == [("2B.S5",)]


def test_a_follow_up_on_the_same_matter_adds_no_earlier_one() -> None:
    assert after(("meals", "2B.M1"), ("and the goal", "2B.M1")).earlier == ()


def test_only_some_matters_are_kept() -> None:
    context = after(*((f"question {n}", f"2D.S{n}") for n in range(1, MOST_EARLIER + 4)))
    assert len(context.earlier) == MOST_EARLIER


def test_a_refusal_keeps_the_topic_and_a_crisis_puts_its_telephone_first() -> None:
    context = after(("meals", "2B.M1"))
    refused = remember("tacos", Answer("abstain", "…", ("res_family_helpdesk",)), Resolution(mode="say", key="abstain.off_topic"), context)
    assert recall(refused, ()).topic == ("2B.M1",)
    danger = remember("…", Answer("crisis", "…", ("res_wellness_line",)), Resolution(mode="say", key="crisis.abuse"), context)
    assert recall(danger, ()).topic == ("res_wellness_line", "2B.M1")


@pytest.mark.parametrize("text", ["going back to my daughter, is it free", "volviendo a lo de la consejera", "returning to counseling: since when"])
def test_going_back_takes_the_nearest_earlier_matter(text: str) -> None:
    context = after(("a counselor for my daughter", "2B.S5"), ("volunteers", "3A.R3"), ("meals", "2B.M1"))
    assert returned_to(text, context, lambda _, sentences: list(sentences).index("a counselor for my daughter")).topic == ("2B.S5",)


def test_the_first_thing_is_the_earliest_matter() -> None:
    context = after(("counseling", "2B.S5"), ("volunteers", "3A.R3"), ("meals", "2B.M1"))
    assert returned_to("y lo primero, tambien es para papas?", context, never).topic == ("2B.S5",)


@pytest.mark.parametrize("text", ["when do we go back to school", "que dia volvemos a clases", "and the goal?"])
def test_other_messages_stay_with_the_last_answer(text: str) -> None:
    context = after(("counseling", "2B.S5"), ("meals", "2B.M1"))
    assert returned_to(text, context, never) is context


def test_without_an_earlier_matter_there_is_nothing_to_go_back_to() -> None:
    context = after(("meals", "2B.M1"))
    assert returned_to("back to my daughter", context, first) is context


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        ("explain the second one", "and the last one?", ("1", "2", "3", "4", "5")), ("expliqueme el segundo", "¿y el último?", ("1", "2", "3", "4", "5")),
        ("explain the second one", "the last one", ("2A", "2B", "2C", "2D")), ("what is pillar 2", "and the last one?", ("2A", "2B", "2C", "2D")),
        ("explain the second one", "and the last priority?", ("2A", "2B", "2C", "2D")),
    ],
)  # fmt: skip
def test_a_further_ordinal_picks_from_the_list_of_the_first(before: str, now: str, shown: tuple[str, ...]) -> None:
    context = Context(before, ("2",), ("2A", "2B", "2C", "2D"))
    read = (find_references(text, {}, frozenset(PLAN.nodes)) for text in (now, before))
    assert same_list(PLAN, *read, context) == shown
