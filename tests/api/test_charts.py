"""The pictures of targets, and the reading of the numbers in them."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.charts import target_chart
from api.figures import Reading, read_figures, steps
from knowledge import LOCALES, Locale, Plan
from knowledge.models import Bilingual, Measure


def measure(baseline: str | None, target: str | None) -> Measure:
    def both(text: str | None) -> Bilingual | None:
        return Bilingual(en=text, es=text) if text else None

    return Measure(
        id="9Z.M1", text=Bilingual(en="A measure.", es="Una medida."), target=both(target), baseline=both(baseline), sources=["s"]
    )


@pytest.mark.parametrize(
    ("text", "values", "labels", "period"),
    [
        ("93%", [93], [""], ""),
        ("41.8% (2020-21)", [41.8], [""], "2020-21"),
        ("K-5 13.6%; 6-8 12.4%; 9-12 22.3% (2017-18)", [13.6, 12.4, 22.3], ["K-5", "6-8", "9-12"], "2017-18"),
        ("de kínder a 5.º 12.8%; de 6.º a 8.º 11.6%", [12.8, 11.6], ["de kínder a 5.º", "de 6.º a 8.º"], ""),
        ("66% first house; 40% both houses", [66, 40], ["first house", "both houses"], ""),
        ("over 70%", [70], [""], ""),
        ("más del 70%", [70], [""], ""),
        ("1,000", [1000], [""], ""),
        ("4 (2021-22)", [4], [""], "2021-22"),
    ],
)
def test_levels_are_read(text: str, values: list[float], labels: list[str], period: str) -> None:
    reading = read_figures(text)
    assert reading is not None
    assert [figure.value for figure in reading.figures] == values
    assert [figure.label for figure in reading.figures] == labels
    assert reading.period == period


@pytest.mark.parametrize(
    "text",
    ["", "+4% a year", "-4%", "−4%", "30 points closer; 40 points for targeted groups", "2021-22 results", "annual", "$50 million", "82%; 91%", "1,000 a year"],
)
def test_what_is_no_level_is_not_read(text: str) -> None:
    assert read_figures(text) is None


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    reading = read_figures(text)
    assert reading is None or reading.figures


@given(
    st.lists(st.tuples(st.sampled_from(["K-5", "6-8", "primaria", "de 6.º a 8.º", "high school"]), st.integers(0, 1000)), min_size=1, max_size=5, unique_by=lambda pair: pair[0]),
    st.sampled_from(["", "2017-18", "2024"]),
)
def test_what_is_written_as_levels_is_read_back(pairs: list[tuple[str, int]], period: str) -> None:
    text = "; ".join(f"{label} {tenths / 10:g}%" for label, tenths in pairs) + (f" ({period})" if period else "")
    reading = read_figures(text)
    assert isinstance(reading, Reading)
    assert [(figure.label, figure.value) for figure in reading.figures] == [(label, tenths / 10) for label, tenths in pairs]
    assert reading.period == period


@pytest.mark.parametrize(
    ("baseline", "target"), [(None, "93%"), ("81%", None), ("81%", "+4% a year"), ("4", "93%"), ("boys 4%", "girls 5%"), ("2021-22 results", "30 points closer")]
)
def test_no_pair_no_picture(baseline: str | None, target: str | None) -> None:
    assert target_chart(measure(baseline, target), "en") is None


@pytest.mark.parametrize("locale", LOCALES)
def test_every_picture_of_the_plan_is_whole(plan: Plan, locale: Locale) -> None:
    drawn = 0
    for node in plan.nodes.values():
        if not isinstance(node, Measure) or (chart := target_chart(node, locale)) is None:
            continue
        drawn += 1
        root = ElementTree.fromstring(chart)
        said = root.attrib["aria-label"]
        assert root.attrib["role"] == "img"
        for step in steps(node, locale):
            assert step.baseline.text in said and step.target.text in said
            assert step.latest is None or step.latest.text in said
        width = float(root.attrib["viewBox"].split()[2])
        for shape in root:
            assert "style" not in shape.attrib
            for name in ("x", "cx"):
                assert 0 <= float(shape.attrib.get(name, 0)) <= width
            if shape.tag == "path":
                assert 0 <= float(re.match(r"M([\d.]+)", shape.attrib["d"])[1]) <= width  # type: ignore[index]
    assert drawn == 12


def test_both_languages_draw_the_same_measures(plan: Plan) -> None:
    measures = [node for node in plan.nodes.values() if isinstance(node, Measure)]
    for node in measures:
        in_english, in_spanish = steps(node, "en"), steps(node, "es")
        assert [(s.baseline.value, s.target.value) for s in in_english] == [(s.baseline.value, s.target.value) for s in in_spanish]


def test_the_latest_figure_is_drawn_where_it_is_of_the_same_people(plan: Plan) -> None:
    graduation, absence = plan.nodes["1D.M2"], plan.nodes["2D.M1"]
    assert isinstance(graduation, Measure) and isinstance(absence, Measure)
    assert "Latest known: over 85%" in (target_chart(graduation, "en") or "")
    assert 'class="latest"' not in (target_chart(absence, "en") or "")


def test_markup_in_a_plan_stays_text() -> None:
    chart = target_chart(measure('"><script> 4%', '"><script> 5%'), "en")
    assert chart is not None and "<script>" not in chart
    ElementTree.fromstring(chart)
