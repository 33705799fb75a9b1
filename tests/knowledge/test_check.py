"""Broken plans: copies of the shipped one, each damaged in one way, and what is said about them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge import PlanError, default_plan_folder, load_plan
from knowledge.check import check_plan
from knowledge.document import Fault
from knowledge.loading import read_plan

PARTS = (
    "glossary.yml", "overview.en.md", "overview.es.md", "overview.yml", "pillar-1.yml", "pillar-2.yml", "pillar-3.yml",
    "pillar-4.yml", "pillar-5.yml", "plan.yml", "resources.yml", "sources.yml",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "plan"
    copy.mkdir()
    for name in PARTS:
        shutil.copy(default_plan_folder() / name, copy / name)
    return copy


def faults_of(folder: Path) -> list[Fault]:
    return check_plan(read_plan(folder))


def replace(folder: Path, name: str, old: str, new: str, after: str = "") -> int:
    """Write `new` for the first `old` behind `after`; the line (from 1) where that stands."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    place = text.index(old, text.index(after))
    path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
    return text[:place].count("\n") + 1


@dataclass(frozen=True)
class Damage:
    """A replacement in one file, and the single fault it must give; `shift` is its line, counted from the change."""

    file: str
    old: str
    new: str
    message: str
    remedy: str
    after: str = ""
    shift: int = 0


DAMAGES = {
    "unknown source of a later figure": Damage(
        "pillar-3.yml", "sources: [bms_sep24]", "sources: [bms_sep99]", "the source 'bms_sep99' is not in sources.yml",
        "Add it there, or correct its id.", after="id: 3A.M2",
    ),
    "later figure that differs": Damage(
        "pillar-3.yml", "es: 84.3% (2023-24)", "es: 83.4% (2023-24)", "3A.M2 latest: the two languages give different numbers",
        "Make the numbers the source's in both.", after="id: 3A.M2", shift=-3,
    ),
    "missing translation": Damage(
        "pillar-2.yml", "\n      es: Asistencia sobresaliente", "",
        "2D name.es lacks its Spanish text", "Write the text in both languages.", shift=-1,
    ),
    "blank translation": Damage(
        "pillar-2.yml", "es: Asistencia sobresaliente", "es: '   '",
        "2D name.es lacks its Spanish text", "Write the text in both languages.",
    ),
    "missing English": Damage(
        "pillar-2.yml", "  en: Joy and Wellness\n", "", "2 name.en lacks its English text", "Write the text in both languages.",
        shift=-1,
    ),
    "doubled id": Damage(
        "overview.yml", "id: ov_vision", "id: ov_purpose",
        "the id 'ov_purpose' is already used at overview.yml:3", "Give the newer entry an id of its own.",
    ),
    "doubled source id": Damage(
        "sources.yml", "- id: gs_p3", "- {id: gs_p1, url: a.org, title: A, seen: full}\n  - id: gs_p3",
        "the id 'gs_p1' is already used at sources.yml:8",
        "Give the newer entry an id of its own.",
    ),
    "unknown source": Damage(
        "pillar-2.yml", "sources: [og_2d]", "sources: [og_2z]", "the source 'og_2z' is not in sources.yml",
        "Add it there, or correct its id.", after="id: 2D.M1",
    ),
    "unknown source of a term": Damage(
        "glossary.yml", "sources: [seed]", "sources: [sead]", "the source 'sead' is not in sources.yml",
        "Add it there, or correct its id.",
    ),
    "number where a text is wanted": Damage(
        "plan.yml", "years: 2022-26", "years: 2022", "lausd-2022-26 years: input should be a valid string",
        "Write a text; put quotes around numbers, dates, yes and no.",
    ),
    "number for a translation": Damage(
        "pillar-2.yml", "es: Asistencia sobresaliente", "es: 12", "2D name.es lacks its Spanish text",
        "Write the text in both languages.",
    ),
    "text where true or false is wanted": Damage(
        "resources.yml", "in_plan: true", "in_plan: 'yes'", "res_plan_page in_plan: input should be a valid boolean",
        "Write true or false.",
    ),
    "text where a number is wanted": Damage(
        "pillar-1.yml", "measures_total: 22", "measures_total: '22'", "1 measures_total: input should be a valid integer",
        "Write a whole number without quotes.",
    ),
    "text where a list is wanted": Damage(
        "overview.yml", "sources: [seed]", "sources: seed", "ov_purpose sources: input should be a valid list",
        "Write a list, as in [a, b], or with a dash before each entry.",
    ),
    "fact without a source": Damage(
        "overview.yml", "sources: [seed]", "sources: []", "ov_purpose sources: list should have at least 1 item",
        "Name at least one.",
    ),
    "word that is not allowed": Damage(
        "overview.yml", "topic: goal", "topic: dream", "ov_purpose topic: input should be 'goal'",
        "Use one of the allowed words.",
    ),
    "missing field": Damage(
        "overview.yml", "    topic: goal\n", "", "ov_purpose topic: field required", "Add the field.", shift=-1,
    ),
    "unknown field": Damage(
        "overview.yml", "topic: goal", "tpoic: goal\n    topic: goal", "ov_purpose tpoic: extra inputs are not permitted",
        "Remove the field, or correct its name.",
    ),
    "id with a space": Damage(
        "overview.yml", "id: ov_purpose", "id: ov purpose", "ov purpose id: string should match pattern",
        "Use the form of the neighbouring entries.",
    ),
    "relation that leads nowhere": Damage(
        "resources.yml", "related: ['1', '2', '3', '4', '5']", "related: ['1', '2', '7']",
        "res_plan_page is related to '7', which the plan does not have", "Correct the id.",
    ),
    "years of a measure that is not there": Damage(
        "overview.yml", "years_of: [2D.M1]", "years_of: [2D.M9]",
        "ov_absence_trend is related to '2D.M9', which the plan does not have", "Correct the id.",
    ),
    "crisis line that leads nowhere": Damage(
        "plan.yml", "crisis_line: res_wellness_line", "crisis_line: res_welness_line",
        "crisis_line names 'res_welness_line', which the plan does not have", "Name a resource's id.",
    ),
    "broken YAML": Damage(
        "pillar-2.yml", "  en: Joy and Wellness", "  en: Joy: and Wellness",
        "broken YAML: mapping values are not allowed in this context",
        "Check quotes, colons and indentation on and above this line.",
    ),
    "doubled key": Damage(
        "pillar-2.yml", "measures_total: 13", "measures_total: 13\nmeasures_total: 13",
        "'measures_total' stands twice in one block (also on line 16)", "Keep one of the two.", shift=1,
    ),
    "other numbers in Spanish": Damage(
        "pillar-2.yml", "de kínder a 5.º 12.8%", "de kínder a 5.º 13.8%",
        "2D.M1 target: the two languages give different numbers",
        "Make the numbers the source's in both.", after="id: 2D.M1\n", shift=-2,
    ),
    "other whole number in Spanish": Damage(
        "pillar-2.yml", "es: 50 millones", "es: 60 millones", "2A.M4 target: the two languages give different numbers",
        "Make the numbers the source's in both.", shift=-2,
    ),
    "number left out in Spanish": Damage(
        "pillar-1.yml", "es: 41.8% (2020-21)", "es: (2020-21)", "1D.M1 baseline: the two languages give different numbers",
        "Make the numbers the source's in both.", after="id: 1D.M1\n", shift=-2,
    ),
    "id under the wrong priority": Damage(
        "pillar-2.yml", "id: 2A.M5", "id: 2C.M55", "the id '2C.M55' does not fit its place under 2A",
        "Number it as 2A.M1, 2 and so on.",
    ),
    "id with the letter of another kind": Damage(
        "pillar-2.yml", "id: 2A.M5", "id: 2A.S55", "the id '2A.S55' does not fit its place under 2A",
        "Number it as 2A.M1, 2 and so on.",
    ),
    "priority under the wrong pillar": Damage(
        "pillar-5.yml", "id: 5D", "id: 4E", "the id '4E' does not fit its place under pillar 5", "Name it 5A, 5B and so on.",
    ),
    "priority with content marked not found": Damage(
        "pillar-2.yml", "status: complete", "status: not_found", "2D is marked 'not_found' but has content",
        "Correct the status or the content.", after="id: 2D\n",
    ),
    "empty priority marked complete": Damage(
        "pillar-5.yml", "status: not_found", "status: complete", "5C is marked 'complete' but holds nothing",
        "Correct the status or the content.", after="id: 5C\n",
    ),
    "list missing": Damage(
        "overview.yml", "facts:\n", "fact:\n", "the file must hold a list under 'facts'",
        "Begin it with `facts:` and list the entries below.", shift=-99,
    ),
}


def test_untouched_copy_has_no_faults(folder: Path) -> None:
    assert faults_of(folder) == []
    assert load_plan(folder) == load_plan()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_each_damage_is_the_one_fault_found(folder: Path, damage: Damage) -> None:
    line = replace(folder, damage.file, damage.old, damage.new, damage.after)
    faults = faults_of(folder)
    assert [fault.file for fault in faults] == [damage.file], faults
    assert faults[0].message.startswith(damage.message)
    assert faults[0].remedy == damage.remedy
    assert faults[0].line == max(1, line + damage.shift)
    with pytest.raises(PlanError) as raised:
        load_plan(folder)
    assert raised.value.faults == faults
    assert str(raised.value) == f"{damage.file}:{faults[0].line}: {faults[0].message}. {damage.remedy}"


@pytest.mark.parametrize("name", [name for name in PARTS if not name.startswith("pillar")])
def test_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (fault,) = faults_of(folder)
    assert (fault.file, fault.line) == (name, 1)
    assert fault.message.endswith("is missing")
    assert fault.remedy == "Put it back from version control."


def test_missing_pillar_file_shows_in_what_points_to_it(folder: Path) -> None:
    (folder / "pillar-3.yml").unlink()
    faults = faults_of(folder)
    assert faults and all("which the plan does not have" in fault.message for fault in faults)


def test_no_pillar_file_at_all(folder: Path) -> None:
    for path in folder.glob("pillar-*.yml"):
        path.unlink()
    assert ("pillar-1.yml", 1, "the plan has no pillar file") in [(f.file, f.line, f.message) for f in faults_of(folder)]


@pytest.mark.parametrize("content", ["", "\n\n", "# only a comment\n", "null\n", "~"])
@pytest.mark.parametrize("name", ["plan.yml", "pillar-2.yml", "sources.yml", "resources.yml"])
def test_empty_file(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    assert faults_of(folder) == [Fault(name, 1, "the file is empty", "Put its content back.")]
    with pytest.raises(PlanError, match="the file is empty"):
        load_plan(folder)


@pytest.mark.parametrize("content", ["- a\n- b\n", "just words\n", "12\n"])
@pytest.mark.parametrize("name", ["plan.yml", "pillar-4.yml", "overview.yml", "glossary.yml"])
def test_file_of_another_shape(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    (fault,) = faults_of(folder)
    assert (fault.file, fault.line) == (name, 1)
    assert "list under" in fault.message or "valid dictionary" in fault.message


def test_file_that_is_not_utf_8(folder: Path) -> None:
    path = folder / "pillar-2.yml"
    text = path.read_text(encoding="utf-8")
    line = text[: text.index("Alegría")].count("\n") + 1
    path.write_bytes(text.replace("Alegría", "Alegr\xeda").encode("latin-1", errors="replace"))
    assert faults_of(folder) == [Fault("pillar-2.yml", line, "the file is not UTF-8", "Save it as UTF-8.")]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_bytes("año".encode("latin-1")), "the official overview is not UTF-8"),
        (lambda path: path.write_text(" \n"), "the official overview is empty"),
    ],
)
def test_damaged_official_overview(folder: Path, damage: Callable[[Path], object], message: str) -> None:
    damage(folder / "overview.es.md")
    (fault,) = faults_of(folder)
    assert (fault.file, fault.line, fault.message) == ("overview.es.md", 1, message)


def test_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="there is no such plan folder"):
        load_plan(tmp_path / "nowhere")


def test_many_damages_are_reported_in_one_run(folder: Path) -> None:
    names = (
        "missing translation", "unknown source of a term", "text where true or false is wanted", "unknown field",
        "relation that leads nowhere", "crisis line that leads nowhere", "number left out in Spanish",
        "empty priority marked complete",
    )
    for name in names:
        damage = DAMAGES[name]
        if name == "text where true or false is wanted":
            replace(folder, damage.file, damage.old, damage.new, after="id: res_social")
        else:
            replace(folder, damage.file, damage.old, damage.new, damage.after)
    faults = faults_of(folder)
    for name in names:
        wanted = DAMAGES[name].message.replace("res_plan_page in_plan", "res_social in_plan")
        assert sum(fault.message.startswith(wanted) for fault in faults) == 1, name
    assert len(faults) == len(names)
    with pytest.raises(PlanError) as raised:
        load_plan(folder)
    assert len(str(raised.value).splitlines()) == len(names)


def test_faults_of_one_file_come_in_the_order_of_its_lines(folder: Path) -> None:
    replace(folder, "glossary.yml", "sources: [apply]", "sources: [aply]")
    replace(folder, "glossary.yml", "sources: [seed]", "sources: [sead]")
    lines = [fault.line for fault in faults_of(folder)]
    assert len(lines) == 2
    assert lines == sorted(lines)


def test_two_bad_fields_of_one_entry_are_both_reported(folder: Path) -> None:
    replace(folder, "overview.yml", "topic: goal", "topic: dream")
    replace(folder, "overview.yml", "sources: [seed]", "sources: []")
    assert {fault.message.split(":")[0] for fault in faults_of(folder)} == {"ov_purpose topic", "ov_purpose sources"}
