"""Reading the data folder, mixes and the development split."""

from pathlib import Path

import pytest
import zstandard

from retrieval.training.data import (
    PARALLEL_FILE,
    QUESTIONS_FILE,
    Pair,
    capped,
    held_out,
    read_pairs,
    read_question_passages,
)
from retrieval.training.errors import TrainingError

PAIRS = [Pair("big", f"text {number}", f"texto {number}") for number in range(50)]


def test_sources_that_are_left_out_are_not_read(data: Path) -> None:
    assert {pair.source for pair in read_pairs(data)} == {"tatoeba"}
    assert read_question_passages(data)[0].question.english == "Who reads the book?"


def test_caps_hold_and_a_seed_repeats_the_draw() -> None:
    rows = [*PAIRS, Pair("small", "a", "b")]
    drawn = capped(rows, {"bi": 10}, seed=1)
    assert sorted(pair.source for pair in drawn) == ["big"] * 10 + ["small"]
    assert drawn == capped(rows, {"bi": 10}, seed=1)


def test_no_development_text_stays_in_training() -> None:
    rows = [*PAIRS, Pair("big", "text 3", "otro texto"), Pair("big", "another", "texto 4")]
    training, development = held_out(rows, frozenset({"big"}), 20, seed=1)
    assert len(development) == 20
    assert not {pair.english for pair in training} & {pair.english for pair in development}
    assert not {pair.spanish for pair in training} & {pair.spanish for pair in development}


def test_missing_truncated_and_foreign_files_are_one_sentence(data: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="has no"):
        read_pairs(tmp_path)
    whole = (data / PARALLEL_FILE).read_bytes()
    (tmp_path / PARALLEL_FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TrainingError, match=r"truncated|damaged"):
        read_pairs(tmp_path)
    (tmp_path / PARALLEL_FILE).write_text("not compressed", encoding="utf-8")
    with pytest.raises(TrainingError, match="damaged"):
        read_pairs(tmp_path)
    (tmp_path / QUESTIONS_FILE).write_bytes(zstandard.compress(b'{"src": "x"}\n'))
    with pytest.raises(TrainingError, match="line 1"):
        read_question_passages(tmp_path)
