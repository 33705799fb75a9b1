"""What a message names by its place in the plan, on the real plan."""

import numpy as np
import pytest

from bot.components.references import find_references
from bot.placed import placed
from bot.resolution import Context, Question, Resolution
from knowledge import load_plan
from retrieval.search import Evidence

PLAN = load_plan()
KNOWN = frozenset(PLAN.nodes)
NAMES = {"high-quality instruction": "1A", "college and career readiness": "1D", "diverse workforce": "5A", "professional learning": "5B"}


def found(text: str, aspect: str | None = None, ids: tuple[str, ...] = (), likely: str = "1A.M1") -> Resolution | None:
    """What `text` means by place; `ids` is the topic where it names none, `likely` the node that stands out."""
    nodes = list(PLAN.nodes)
    logits = np.full(len(nodes), -6.0, np.float32)
    logits[nodes.index(likely)] = 6.0
    references = find_references(text, NAMES, KNOWN)
    question = Question(text, references, Evidence(nodes, logits, {"plan": 1.0}, 0.9), None, Context())
    return placed(PLAN, references.ids or ids, aspect or next(iter(references.aspects), None), question)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("1D third measure, target", "1D.M3"), ("measure 2 of 1A", "1A.M2"), ("4D última medida", "4D.M3"), ("segunda estrategia de la 2B", "2B.S2"),
        ("strategy number four, 2D", "2D.S4"), ("1D measure 4", "1D.M4"), ("la cuarta medida de 1A", "1A.M4"), ("2D: sixth strategy", "2D.S6"),
        ("third priority in Pillar 1", "1C"), ("¿Cómo se llama la última prioridad del pilar 5?", "5D"),
        ("the 2nd priority, the one right after High-Quality Instruction", "1B"),
    ],
)  # fmt: skip
def test_a_place_names_one_node_whether_or_not_the_sources_show_it(text: str, node: str) -> None:
    told = found(text)
    assert told is not None
    assert told.ids == (node,)


@pytest.mark.parametrize(
    "text",
    [
        "the rest of the 1A measures", "1D measures after the third", "las medidas que faltan de la 1A", "las otras medidas de 1D",
        "medidas de la 4A aparte de la de las plataformas", "last measure of 1A",
    ],
)  # fmt: skip
def test_the_rest_of_a_list_that_the_sources_cut_off_is_missing(text: str) -> None:
    told = found(text)
    assert told is not None
    assert told.aspect == "rest"


def test_the_other_measures_of_a_priority_are_no_other_priorities() -> None:
    told = found("the other measures of priority 4A", "measures")
    assert told is not None
    assert (told.ids, told.aspect) == (("4A",), "rest")


def test_what_comes_after_a_measure_is_missing_only_after_the_last_one_shown() -> None:
    text = "which 1A measures come after the one on math"
    last = found(text, likely="1A.M3")
    assert last is not None
    assert last.aspect == "rest"
    assert found(text, likely="1A.M1") is None


@pytest.mark.parametrize("text", ["the measures of 2D", "las otras medidas de 2D", "last year's measures of 3B", "the first three measures of 1A"])
def test_a_whole_list_has_no_rest(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("For Pillar 5 I have Diverse Workforce and Professional Learning. What are the other two called?", ("5C", "5D")),
        ("Besides 4A and 4C, what are the other two priorities in Pillar 4?", ("4B", "4D")),
        ("las otras dos prioridades del pilar 1", ("1B", "1C")),
        ("lo que va entre la 1A y la 1D", ("1B", "1C")),
        ("aparte de la 2D, las otras tres prioridades del pilar 2", ("2A", "2B", "2C")),
    ],
)
def test_the_other_priorities_of_a_pillar(text: str, ids: tuple[str, ...]) -> None:
    told = found(text)
    assert told is not None
    assert told.ids == ids


@pytest.mark.parametrize("text", ["the other 16 measures of Pillar 1", "ya tengo las medidas de 4A y 4C, cuales son las otras seis del pilar 4"])
def test_the_other_measures_of_a_pillar_are_missing(text: str) -> None:
    told = found(text)
    assert told is not None
    assert (told.ids[0][0], told.aspect) in {("1", "rest"), ("4", "rest")}


def test_a_pillar_whose_measures_are_all_known_has_no_others() -> None:
    assert found("the other measures of Pillar 2") is None
