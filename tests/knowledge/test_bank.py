"""The question bank: what is read from its files, and what is said of broken ones."""

from pathlib import Path

import pytest

from knowledge import default_plan_folder, load_plan
from knowledge.bank import REASONS, check_bank, dump_questions, load_bank

ENGLISH = """\
ana:
  2D.M1: [how many kids skip school, "is absence down?"]
  '2': [are the kids happy]
ben:
  '2': [joy where]
"""


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_no_files_are_an_empty_bank(tmp_path: Path) -> None:
    assert load_bank(tmp_path) == []
    assert check_bank(tmp_path, load_plan()) == []


def test_questions_keep_writer_language_and_fact(tmp_path: Path) -> None:
    write(tmp_path, "questions.en.yml", ENGLISH)
    write(tmp_path, "unanswerable.es.yml", "ana:\n  personal: [cuando nació mi vecino]\n")
    first, *others, last = load_bank(tmp_path)
    assert (first.text, first.locale, first.writer, first.node_id) == ("how many kids skip school", "en", "ana", "2D.M1")
    assert first.reason is None
    assert (last.text, last.locale, last.reason, last.node_id) == ("cuando nació mi vecino", "es", "personal", None)
    assert len(others) == 3
    assert check_bank(tmp_path, load_plan()) == []


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("questions.en.yml", "ana:\n  2D: [why]\n  9Z: [what]\n", 3, "'9Z' is an id that the plan does not have"),
        ("unanswerable.en.yml", "ana:\n  boring: [why]\n", 2, "'boring' is a reason other than"),
        ("questions.es.yml", "ana:\n  2D: [hola]\nbob:\n", 3, "bob has no questions"),
        ("questions.es.yml", "ana:\n  2D: [12]\n", 2, "ana 2D: not a list of texts"),
        ("questions.es.yml", "ana:\n  2D: ['  ']\n", 2, "ana 2D: not a list of texts"),
        ("questions.es.yml", "ana:\n  2D:\n    - hola\n    - ¿Qué?\n    - ¿qué?\n", 5, "the question '¿qué?' already stands at"),
        ("questions.es.yml", "ana: [\n", 2, "broken YAML"),
    ],
)
def test_broken_banks(tmp_path: Path, name: str, text: str, line: int, message: str) -> None:
    write(tmp_path, name, text)
    (fault,) = check_bank(tmp_path, load_plan())
    assert (fault.file, fault.line) == (name, line)
    assert fault.message.startswith(message)


def test_broken_yaml_is_not_loaded(tmp_path: Path) -> None:
    write(tmp_path, "questions.en.yml", "ana:\n  2D: [a\n")
    with pytest.raises(ValueError, match=r"questions\.en\.yml:\d+: broken YAML"):
        load_bank(tmp_path)


def test_facts_with_too_few_questions_are_named(tmp_path: Path) -> None:
    write(tmp_path, "questions.en.yml", ENGLISH)
    plan = load_plan()
    messages = [fault.message for fault in check_bank(tmp_path, plan, at_least=2) if fault.file == "questions.en.yml"]
    assert "2D.M1 has 2 questions, fewer than 2" not in messages
    assert "2 has 2 questions, fewer than 2" not in messages
    assert "2D has 0 questions, fewer than 2" in messages
    assert not any(message.startswith(("1B ", "1C ", "5C ", "5D ")) for message in messages)


def test_dumped_questions_read_back(tmp_path: Path) -> None:
    write(tmp_path, "questions.es.yml", dump_questions({"ana": {"2": ["¿y: qué? #1", "no"], "2D": ["12"]}}))
    assert [(q.text, q.node_id) for q in load_bank(tmp_path)] == [("¿y: qué? #1", "2"), ("no", "2"), ("12", "2D")]
    assert check_bank(tmp_path, load_plan()) == []


def test_shipped_bank_is_sound() -> None:
    folder = default_plan_folder()
    assert check_bank(folder, load_plan()) == []
    bank = load_bank(folder)
    assert {question.reason for question in bank if question.reason} == set(REASONS)
    assert {question.locale for question in bank} == {"en", "es"}
