"""Reading a question bank, and the sentences for its faults."""

from pathlib import Path

import pytest

from knowledge import default_plan_folder
from knowledge.bank import load_bank
from retrieval.training.bank import read_bank, write_bank
from retrieval.training.errors import TrainingError

BankFiles = tuple[list[Path], Path]


def test_questions_know_their_writer_and_language(bank: BankFiles) -> None:
    found = read_bank(*bank)
    assert [(row.id, row.language, row.writer) for row in found.questions][2:4] == [
        ("c", "en", "en_one"), ("a", "es", "es_two")]  # fmt: skip
    assert len(found.passages) == 6


def test_a_writer_left_out_is_not_read(bank: BankFiles) -> None:
    assert {row.writer for row in read_bank(*bank, leave_out=["en_one"]).questions} == {"es_two"}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("en_bad.tsv", "z\twhat is this\n", "no passage has the id z"),
        ("en_bad.tsv", "a what is this\n", "expected 2 fields"),
        ("unnamed.tsv", "a\twhat is this\n", "must hold the language"),
    ],
)
def test_faults_are_named(bank: BankFiles, tmp_path: Path, name: str, content: str, sentence: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(TrainingError, match=sentence):
        read_bank([tmp_path / name], bank[1])


def test_missing_files_languages_and_writers_are_named(bank: BankFiles, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        read_bank([tmp_path / "en_none.tsv"], bank[1])
    with pytest.raises(TrainingError, match="nobody"):
        read_bank(*bank, leave_out=["nobody"])
    bank[1].write_text("a\ten\tHelp.\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="a needs a passage in en and one in es"):
        read_bank(*bank)


def test_a_plans_bank_is_written_as_it_is_read(tmp_path: Path) -> None:
    files = write_bank(default_plan_folder(), tmp_path)
    found = read_bank(files, tmp_path / "passages.tsv")
    asked = [question for question in load_bank(default_plan_folder()) if question.node_id is not None]
    assert {row.writer for row in found.questions} == {question.writer for question in asked}
    assert {row.id for row in found.questions} <= {row.id for row in found.passages}
    assert len(found.questions) > 0.9 * len(asked)
