"""Judging replies, and the report made of them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.evaluation import CaseError, Expect, Judged, Report, faults, read_cases
from api.evaluation_report import calibration, confusion, summarise, write_report


def judged(
    lang: str = "en", kind: str = "answer", outcome: str = "answered", wanted: tuple[str, ...] = ("2D",),
    cited: tuple[str, ...] = ("2D",), confidence: float = 0.9, text: str = "a question",
) -> Judged:
    expect = Expect(outcome="answered", any_of=list(wanted))
    wrong = faults(expect, {"outcome": outcome, "citations": [{"id": i} for i in cited]})
    return Judged(
        case="c1", kind=kind, lang=lang, text=text, expect=expect, outcome=outcome, cited=list(cited), confidence=confidence,
        faults=wrong,
    )


def test_tallies_count_by_kind_and_language() -> None:
    report = Report(turns=[judged(), judged("es"), judged("es", cited=("3B",)), judged(kind="gap")])
    tallies = report.tallies
    assert (tallies["all"].passed, tallies["all"].of) == (3, 4)
    assert tallies["lang es"].share == 0.5
    assert tallies["kind answer, es"].of == 2
    assert tallies["kind gap"].share == 1


def test_confusion_names_what_came_instead_and_how_often() -> None:
    turns = [judged(cited=("3B", "1A", "5A", "2D")), judged(cited=("3B",)), judged(outcome="abstain", cited=()), judged()]
    found = {(row.wanted, row.got): row.count for row in confusion(turns)}
    assert found == {("2D", "3B"): 2, ("answered", "abstain"): 1}
    assert confusion(turns)[0].count == 2


def test_parity_is_spanish_minus_english_in_points() -> None:
    summary = summarise(Report(turns=[judged(), judged(), judged("es"), judged("es", cited=("1A",)), judged(kind="list")]))
    rows = {row.kind: row for row in summary.parity}
    assert rows["answer"].difference == -50.0
    assert rows["list"].difference is None


def test_the_worst_cases_are_the_most_confident_failures() -> None:
    turns = [judged(cited=("1A",), confidence=number / 100, text=str(number)) for number in range(30)]
    worst = summarise(Report(turns=turns)).worst
    assert [turn.text for turn in worst] == [str(number) for number in range(29, 9, -1)]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60))
def test_calibration_puts_every_given_answer_into_one_bin(answers: list[tuple[float, bool]]) -> None:
    turns = [judged(confidence=c, cited=("2D",) if right else ("1A",)) for c, right in answers]
    bins = calibration([*turns, judged(outcome="abstain", cited=())])
    assert sum(b.count for b in bins) == len(answers)
    assert round(sum(b.count * b.passed for b in bins), 1) == pytest.approx(sum(right for _, right in answers), abs=0.1)
    assert all(b.low - 1e-3 <= b.confidence <= b.low + 0.1001 for b in bins)


def test_the_report_is_written_whole_and_harmless(tmp_path: Path) -> None:
    report = Report(turns=[judged(), judged("es", cited=("3B",), text="<script>alert(1)</script>")])
    data, page = write_report(report, tmp_path / "new" / "report")
    stored = json.loads(data.read_text(encoding="utf-8"))
    assert stored["tallies"]["all"] == {"passed": 1, "of": 2}
    assert [turn["text"] for turn in stored["turns"]] == ["a question", "<script>alert(1)</script>"]
    html = page.read_text(encoding="utf-8")
    assert "1 of 2 turns passed" in html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_an_empty_evaluation_makes_a_report_too(tmp_path: Path) -> None:
    assert write_report(Report(turns=[]), tmp_path)[1].read_text(encoding="utf-8").count("0 of 0 turns") == 1


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "no expect"}', "3"])
def test_a_broken_case_is_named_by_file_and_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('\n{"text": "hi", "expect": {"outcome": "smalltalk"}}\n' + line, encoding="utf-8")
    with pytest.raises(CaseError, match=r"cases\.jsonl:3"):
        read_cases(file)
