"""What kind of thing is asked for, and which facts tell one."""

import pytest

from bot.asked import Asked, asked_for, lacking, tells, years, years_told
from knowledge import Plan
from knowledge.models import Measure


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("how many families get it", "quantity"),
        ("¿cuántas son?", "quantity"),
        ("is it free?", "price"),
        ("y cuanto cobran", "price"),
        ("what time do they open", "day"),
        ("a que hora cierran", "day"),
        ("atienden los sabados?", "day"),
        ("when did that begin", "date"),
        ("¿dónde queda?", "place"),
        ("hablan español ahi?", "language"),
        ("how do I sign up", "steps"),
        ("como la inscribo", "steps"),
        ("tell me about tutoring", None),
    ],
)
def test_the_kind_of_thing_asked_for(text: str, asked: Asked | None) -> None:
    assert asked_for(text) == asked


@pytest.mark.parametrize(
    ("node_id", "asked", "told"),
    [
        ("2D.M1", "quantity", True),
        ("2A.S3", "quantity", False),
        ("res_family_helpdesk", "day", True),
        ("2A.S3", "day", False),
        ("ov_adopted", "date", True),
        ("2A.S3", "date", False),
        ("res_internet", "price", True),
        ("2D.R1", "price", False),
        ("4D.R1", "place", True),
        ("2A.S3", "place", False),
    ],
)
def test_facts_that_tell_it(plan: Plan, node_id: str, asked: Asked, told: bool) -> None:
    assert tells(plan.nodes[node_id], asked) is told


def test_years_and_school_years() -> None:
    assert years("the budget for 2027-28") == {2027, 2028}
    assert years("presupuesto 24-25") == {2024, 2025}
    assert years("the 2012 plan") == {2012}
    assert years("the plan of 2022-26") == {2022}


@pytest.mark.parametrize("text", ["grades 11-12", "ages 12-13", "$2,024", "10-15%", "room 20245", "K-12"])
def test_numbers_that_are_no_years(text: str) -> None:
    assert years(text) == frozenset()


def test_the_plan_speaks_of_its_own_years(plan: Plan) -> None:
    assert {2022, 2023, 2024, 2026} <= years_told(plan)
    assert not years_told(plan) & {2012, 2031}


@pytest.mark.parametrize(
    ("node_id", "text", "aspect", "missing"),
    [
        ("4D.M1", "baseline for new students", "baseline", "baseline"), ("2D.M1", "baseline for absences", "baseline", None),
        ("2A.M1", "latest figure on feeling safe", "target", "latest"), ("1D.M2", "most recent graduation rate", "target", None),
        ("2A.M1", "I know it began at 72.7, where is it now", "baseline", "latest"), ("2A.M1", "how many feel safe now", "baseline", None),
        ("2C.M2", "suspensions in 2023-24", None, "year"), ("2C.M2", "suspensions in 2018-19", None, None), ("2A.M5", "how many schools", "target", None),
    ],
)  # fmt: skip
def test_what_a_measure_lacks(plan: Plan, node_id: str, text: str, aspect: str | None, missing: str | None) -> None:
    node = plan.nodes[node_id]
    assert isinstance(node, Measure)
    assert lacking(node, text, aspect) == missing
