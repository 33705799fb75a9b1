"""The table of measures: filter, order, and downloads that no spreadsheet takes for formulas."""

import csv
import re
from io import BytesIO, StringIO
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from api.measures_table import FORMULA_STARTS, Choice, cells, measure_rows, neutralise, write_csv, write_xlsx
from knowledge import LOCALES, Locale, Plan
from knowledge.models import Measure


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def measures(plan: Plan) -> list[Measure]:
    return [node for node in plan.nodes.values() if isinstance(node, Measure)]


def ids(plan: Plan, **choice: Any) -> list[str]:
    return [row.measure.id for row in measure_rows(plan, "en", Choice(**choice))]


def test_without_a_choice_all_measures_stand_in_the_plans_order(plan: Plan) -> None:
    assert ids(plan) == [measure.id for measure in measures(plan)]
    assert ids(plan, descending=True) == ids(plan)[::-1]


def test_choices_narrow_the_table(plan: Plan) -> None:
    assert ids(plan, pillar="2") == [i for i in ids(plan) if i.startswith("2")]
    assert ids(plan, numbers="latest") == ["1D.M2", "2D.M1", "3A.M2"]
    assert ids(plan, numbers="none") == [m.id for m in measures(plan) if m.target is None]
    assert ids(plan, q="graduacion") == ["1D.M2"] == ids(plan, q="graduation rate")
    assert ids(plan, q="xqzwkj") == []


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", ["target", "baseline", "way", "as_of"])
def test_what_lacks_the_figure_comes_last_in_either_order(plan: Plan, order: Any, descending: bool) -> None:
    rows = measure_rows(plan, "en", Choice(sort=order, descending=descending))
    assert len(rows) == len(measures(plan))
    if order == "as_of":
        told = [row.measure.latest.as_of if row.measure.latest else None for row in rows]
    else:
        of = {"target": lambda s: s.target.value, "baseline": lambda s: s.baseline.value, "way": lambda s: abs(s.target.value - s.baseline.value) / s.baseline.value}[order]
        told = [of(row.steps[0]) if row.steps else None for row in rows]
    known = [value for value in told if value is not None]
    assert known and told == [*sorted(known, reverse=descending), *[None] * (len(told) - len(known))]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_shows_every_figure_or_a_dash(site: TestClient, plan: Plan, locale: Locale) -> None:
    text = site.get("/lookup/measures", params={"lang": locale}).text
    rows = re.findall(r'<tr role="row">\s*<th scope="row".*?</tr>', text, re.DOTALL)
    assert len(rows) == len(measures(plan))
    for row, measure in zip(rows, measures(plan), strict=True):
        for held in (measure.baseline, measure.target, measure.latest.value if measure.latest else None):
            assert held is None or held[locale] in row
        assert (measure.target is None) <= ("none" in row)
    assert text.count('<svg class="target-chart compact"') == 12


def test_the_order_is_said_and_can_be_turned_round_without_a_script(site: TestClient) -> None:
    text = site.get("/lookup/measures?lang=en&sort=target&pillar=2").text
    assert 'aria-sort="ascending"' in text and text.count("aria-sort") == 1
    assert 'href="/lookup/measures?pillar=2&amp;desc=1&amp;sort=target&amp;lang=en"' in text
    assert 'aria-sort="descending"' in site.get("/lookup/measures?lang=en&sort=target&desc=1").text


@pytest.mark.parametrize("query", ["sort=planet", "numbers=%00", "pillar=<script>", "pillar=99", "desc=yes", "q=" + "x" * 10_000])
def test_a_choice_that_does_not_exist_is_as_good_as_none(site: TestClient, query: str) -> None:
    response = site.get(f"/lookup/measures?{query}")
    assert response.status_code == 200 and "<script" not in response.text


def test_downloads_hold_what_the_page_shows(site: TestClient, plan: Plan) -> None:
    query = "lang=es&pillar=3&numbers=latest"
    response = site.get(f"/lookup/measures.csv?{query}")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="medidas.csv"'
    heading, line = read_csv(response.content)
    assert heading[0] == "Clave" and line[0] == "3A.M2" and "'+4% al año" in line and "84.3% (2023-24)" in line
    assert "https://plan.example.org/plan/3A.M2" in line
    sheet = load_workbook(BytesIO(site.get(f"/lookup/measures.xlsx?{query}").content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == heading
    assert ["+4% al año" if cell == "'+4% al año" else cell for cell in line] == [cell.value or "" for cell in sheet[2]]


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    safe = neutralise(text)
    assert not safe.startswith(FORMULA_STARTS)
    assert safe in (text, f"'{text}")


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil\")"]


def test_a_csv_neutralises_and_keeps_every_text() -> None:
    tricky = [*DANGEROUS, 'a "quoted", text', "two\nlines", "año", "", "1-2"]
    [line] = read_csv(write_csv([tricky]))
    assert line == [f"'{text}" if text in DANGEROUS else text for text in tricky]


def test_a_workbook_holds_texts_and_no_formula() -> None:
    sheet = load_workbook(BytesIO(write_xlsx([["heading"] * len(DANGEROUS), DANGEROUS, ["a\x00b\x0bc"]], "x" * 40))).active
    assert sheet is not None
    for cell, text in zip(sheet[2], DANGEROUS, strict=True):
        assert cell.data_type == "s" and cell.quotePrefix
        assert str(cell.value).split() == text.split()
    assert sheet["A3"].value == "abc"


def test_every_cell_of_the_plan_is_text(plan: Plan) -> None:
    table = cells(measure_rows(plan, "en", Choice()), "en", "")
    assert len({len(line) for line in table}) == 1 and len(table) == len(measures(plan)) + 1
    for line in read_csv(write_csv(table)):
        assert not any(cell.startswith(FORMULA_STARTS) for cell in line)
