"""A question bank to fine-tune on: questions by several writers, and the passages that they ask for."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge import load_plan
from knowledge.bank import load_bank
from retrieval.passages import passages
from retrieval.training.errors import TrainingError


@dataclass(frozen=True)
class BankQuestion:
    """One question, the id that answers it, its language, and who wrote it (the name of the file)."""

    id: str
    text: str
    language: str
    writer: str


@dataclass(frozen=True)
class BankPassage:
    """One passage of an id in one language, "en" or "es"."""

    id: str
    language: str
    text: str


@dataclass(frozen=True)
class Bank:
    """Questions and the passages of all their ids, in both languages."""

    questions: tuple[BankQuestion, ...]
    passages: tuple[BankPassage, ...]


def read_bank(files: Sequence[Path], passages_file: Path, leave_out: Sequence[str] = ()) -> Bank:
    """Read `id<TAB>question` files and an `id<TAB>language<TAB>text` file of passages.

    A question file's name holds its language between underscores: `en_pta.tsv`, `es_abuela.tsv`. Questions of
    writers in `leave_out` (file names without ending) are not read. Raises TrainingError where a file
    is missing or has a bad line, where a question's id has no passage, where an id lacks a language,
    where a question file's name has no language, or where a name to leave out is nobody's.
    """
    rows = [BankPassage(*row) for row in _rows(passages_file, 3)]
    languages: dict[str, set[str]] = {}
    for row in rows:
        languages.setdefault(row.id, set()).add(row.language)
    for name, found in languages.items():
        if found != {"en", "es"}:
            raise TrainingError(f"{passages_file}: {name} needs a passage in en and one in es.")
    unknown = set(leave_out) - {file.stem for file in files}
    if unknown:
        raise TrainingError(f"No question file is called {', '.join(sorted(unknown))}.")
    questions = []
    for file in sorted(files):
        if file.stem in leave_out:
            continue
        language = next((part for part in file.stem.split("_") if part in {"en", "es"}), None)
        if language is None:
            raise TrainingError(f"{file}: the name must hold the language, as in en_ or es_.")
        for name, text in _rows(file, 2):
            if name not in languages:
                raise TrainingError(f"{file}: no passage has the id {name}.")
            questions.append(BankQuestion(name, text, language, file.stem))
    if not questions:
        raise TrainingError("No question is left to train on.")
    return Bank(tuple(questions), tuple(rows))


def write_bank(plan_folder: Path, out: Path) -> list[Path]:
    """Write a plan's question bank in the form that `read_bank` reads; returns the question files.

    One `<writer>.tsv` a writer, and `passages.tsv`. Raises PlanError or ValueError for a broken plan or bank.
    """
    plan, questions = load_plan(plan_folder), load_bank(plan_folder)
    out.mkdir(parents=True, exist_ok=True)
    found = [passage for passage in passages(plan, []) if passage.source == "plan"]
    lines = (f"{passage.node_id}\t{passage.locale}\t{_one_line(passage.text)}\n" for passage in found)
    (out / "passages.tsv").write_text("".join(lines), encoding="utf-8")
    asked: dict[str, list[str]] = {}
    told = {passage.node_id for passage in found}
    for question in questions:
        if question.node_id in told:
            asked.setdefault(question.writer, []).append(f"{question.node_id}\t{_one_line(question.text)}\n")
    for writer, rows in asked.items():
        (out / f"{writer}.tsv").write_text("".join(rows), encoding="utf-8")
    return [out / f"{writer}.tsv" for writer in asked]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _rows(path: Path, fields: int) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
    except OSError as error:
        raise TrainingError(f"{path} cannot be read.") from error
    except UnicodeDecodeError as error:
        raise TrainingError(f"{path} is not UTF-8 text.") from error
    for number, row in enumerate(rows, start=1):
        if len(row) != fields or not all(field.strip() for field in row):
            raise TrainingError(f"{path}, row {number}: expected {fields} fields with tabs between them.")
    return rows
