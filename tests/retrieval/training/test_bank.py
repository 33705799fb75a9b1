"""Reading a question bank, and the sentences for its faults."""

from pathlib import Path

import pytest

from retrieval.training.bank import read_bank
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
