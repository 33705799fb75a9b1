"""Messages on another district's plan, and those that only name another place."""

import pytest

from bot.components.elsewhere import asks_elsewhere


@pytest.mark.parametrize(
    "text",
    [
        "Glendale Unified priorities", "graduation target of Houston ISD", "¿qué metas tiene el distrito de Oakland?", "en Fresno qué porcentaje de asistencia quieren",
        "We are moving to Denver; what does their district promise on safety?", "KIPP attendance goal", "plan de San Antonio: cuántos pilares",
        "Springfield Unified's strategic plan",
    ],
)  # fmt: skip
def test_another_districts_plan_is_asked_for(text: str) -> None:
    assert asks_elsewhere(text)


@pytest.mark.parametrize(
    "text",
    [
        "We moved here from Chicago, how do I enroll my son?", "what is Los Angeles Unified's goal for attendance", "does the district lobby in Sacramento",
        "the teacher left for Pasadena because they pay more", "vengo de Tijuana, ¿hay clases de inglés para papás?", "Miami does it well, do we learn from them?",
        "LA Unified plan", "my cousin's school in Texas has a garden, will ours get one here?", "the unified plan for the whole child",
    ],
)  # fmt: skip
def test_the_own_district_is_asked_about(text: str) -> None:
    assert not asks_elsewhere(text)
