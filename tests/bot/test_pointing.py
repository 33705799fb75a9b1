"""What a message points at in a conversation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.folding import fold
from bot.components.following import Evidence
from bot.components.pointing import by_ordinal, ids_asked, level_pointed
from bot.components.references import References, find_references
from bot.dialogue_training import names_of
from knowledge import load_plan

PLAN = load_plan()
NAMES = {fold(name): node_id for name, node_id in names_of(PLAN).items()}
KNOWN = frozenset(PLAN.nodes)


@pytest.mark.parametrize(
    ("text", "topic", "pointed"),
    [
        ("how many measures has that pillar", "3C.M2", "3"), ("cuantas metas trae ese pilar", "2D", "2"),
        ("the strategies of that priority", "4A.M1", "4A"), ("las metas de esa misma prioridad", "4A.S2", "4A"),
        ("how many measures has that pillar", "ov_years", None), ("the measures of 3B in that pillar", "2D", None),
        ("what does that pillar say of tutors who come home on saturdays", "2D", None), ("and the goal?", "2D", None),
    ],
)
def test_that_pillar_is_the_one_of_what_was_told(text: str, topic: str, pointed: str | None) -> None:
    assert level_pointed(text, find_references(text, NAMES, KNOWN), Evidence(topic=(topic,))) == pointed


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("I already have 2A and 2B, what about 2C?", ("2C",)), ("la 3A ya la vi, pero la 3B no", ("3B",)),
        ("The poster shows 2A and 2C but no 2B. What is 2B about?", ("2B",)), ("Is 2A done? And 2B?", ("2A", "2B")),
        ("compare 2A with 2B", ("2A", "2B")), ("I have 2A", ("2A",)), ("tengo la 2A, la 2B y la 2C", ("2A", "2B", "2C")),
    ],
)
def test_ids_that_are_known_already_are_not_asked_for(text: str, asked: tuple[str, ...]) -> None:
    assert ids_asked(text, find_references(text, NAMES, KNOWN)) == asked


@pytest.mark.parametrize(
    ("text", "shown", "chosen"),
    [
        ("the first one, what priorities does it have", ("2A", "2B", "2C", "2D"), "1"),
        ("y el tercero que prioridades tiene", ("2A", "2B", "2C", "2D"), "3"),
        ("the second one, what priorities does it have", ("3", "4"), "4"),
    ],
)
def test_only_pillars_have_priorities(text: str, shown: tuple[str, ...], chosen: str) -> None:
    evidence = Evidence(topic=shown[:1], shown=shown)
    assert by_ordinal(text, find_references(text, NAMES, KNOWN), evidence) == (chosen,)


def test_the_last_one_with_priorities_is_unknown_where_no_pillar_was_listed() -> None:
    references = find_references("y la última que prioridades tiene", NAMES, KNOWN)
    assert by_ordinal("y la última que prioridades tiene", references, Evidence(topic=("2A",), shown=("2A", "2B"))) is None
    pillars = Evidence(topic=("1",), shown=("1", "2", "3"))
    assert by_ordinal("y la última que prioridades tiene", references, pillars) == ("3",)


@given(st.text(max_size=60), st.sets(st.sampled_from(["2A", "2B", "3", "2A.M1", "res_iattend", "ov_years"]), max_size=4))
def test_nothing_that_is_written_breaks_it(text: str, shown: set[str]) -> None:
    evidence = Evidence(topic=tuple(shown)[:1], shown=tuple(shown))
    for ordinal in ("last", "next", "previous", "1", "5"):
        for aspects in ((), ("priorities",), ("measures",)):
            references = References(ordinal=ordinal, aspects=aspects)
            by_ordinal(text, references, evidence)
            level_pointed(text, references, evidence)
