"""`puente search` and `puente show`: tables on a terminal, plain lines in a pipe."""

from io import StringIO

import pytest
from rich.console import Console
from typer.testing import CliRunner

from api.cli import app
from api.lookup import Result, result
from api.terminal import print_node, print_results
from knowledge import Plan


def written(plan: Plan, results: list[Result] | str, terminal: bool) -> str:
    file = StringIO()
    console = Console(file=file, force_terminal=terminal, width=100, soft_wrap=True, color_system=None)
    if isinstance(results, str):
        print_node(console, plan, plan.nodes[results])
    else:
        print_results(console, results)
    return file.getvalue()


def results(plan: Plan) -> list[Result]:
    return [result(plan, plan.nodes[i], "es", 1.0) for i in ("2D", "2D.M1", "res_plan_page")]


def test_results_are_a_table_of_both_languages_that_fits(plan: Plan) -> None:
    text = written(plan, results(plan), True)
    assert text.index("Español") < text.index("English") and "2D.M1" in text
    assert max(map(len, text.splitlines())) <= 110


def test_results_in_a_pipe_are_lines_of_tabs(plan: Plan) -> None:
    lines = [line.split("\t") for line in written(plan, results(plan), False).splitlines()]
    assert [line[:2] for line in lines] == [["2D", "priority"], ["2D.M1", "measure"], ["res_plan_page", "resource"]]
    assert all(len(line) == 4 for line in lines) and "ausentismo crónico" in lines[1][2] and "chronically absent" in lines[1][3]


def test_nothing_found_prints_no_results(plan: Plan) -> None:
    assert written(plan, [], False) == ""
    assert "2D" not in written(plan, [], True)


@pytest.mark.parametrize("terminal", [True, False])
def test_every_node_is_shown_with_its_sources(plan: Plan, terminal: bool) -> None:
    for node in plan.nodes.values():
        text = written(plan, node.id, terminal)
        for source in node.sources:
            assert plan.source(source).url in text.replace("\n", "")


def test_a_node_shows_its_numbers_and_parts_side_by_side(plan: Plan) -> None:
    measure, priority = written(plan, "1D.M2", True), written(plan, "2D", True)
    assert "81.6% (2020-21)" in measure and "Goal for 2026: 93%" in measure and "Meta para 2026: 93%" in measure
    assert "Outstanding Attendance" in priority and "Asistencia sobresaliente" in priority and priority.count("2D.S1") == 2


def test_show_in_a_pipe_is_plain_and_json_stays_json() -> None:
    runner = CliRunner()
    plain = runner.invoke(app, ["show", "2d.m1"])
    assert plain.exit_code == 0 and "Measure 2D.M1" in plain.output and "\x1b" not in plain.output and "─" not in plain.output
    assert runner.invoke(app, ["show", "2D.M1", "--json"]).output.startswith("{")
    assert runner.invoke(app, ["show", "9Z"]).exit_code == 1
