"""A unit-sized training run through the same steps as a real one."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.training import steps
from retrieval.training.bank import read_bank
from retrieval.training.distillation import DistillationSettings, distil
from retrieval.training.encoder import load
from retrieval.training.errors import TrainingError
from retrieval.training.finetuning import FinetuningSettings, General, finetune
from retrieval.training.measuring import bank_figures, translation_figures
from retrieval.training.teaching import teacher_vectors

QUICK = DistillationSettings(batch=16, embedding_rate=2e-3, warm_up=0.1)


def test_the_untrained_student_already_hears_spanish(
    found: steps.Material, teacher: Path, initialised: Path
) -> None:
    before = translation_figures(load(teacher), found.development_pairs)
    after = translation_figures(load(initialised), found.development_pairs)
    assert after["es-en"] > before["es-en"]
    assert after["cosine"] > before["cosine"]


def test_distillation_lowers_the_loss_and_brings_translations_closer(
    found: steps.Material, teacher: Path, work: Path, initialised: Path, tmp_path: Path
) -> None:
    before = steps.measure_step(found, initialised, bfloat16=False)
    losses = steps.distil_step(found, teacher, work, initialised, tmp_path / "distilled", QUICK)
    assert np.mean(losses[-5:]) < np.mean(losses[:5])
    after = steps.measure_step(found, tmp_path / "distilled", bfloat16=False)
    assert after["translation"]["cosine"] > before["translation"]["cosine"]
    assert after["passages"]["es-en"] >= before["passages"]["es-en"]


def test_looking_for_translations_among_the_batch_finds_more_of_them(
    found: steps.Material, teacher: Path, work: Path, initialised: Path
) -> None:
    mix = steps.distillation_mix(found)
    targets = teacher_vectors(load(teacher), [pair.english for pair in mix], work / "teacher", bfloat16=False)
    without, looking = load(initialised), load(initialised)
    alone = replace(QUICK, english_share=1.0)
    distil(without, mix, targets, {}, alone, report=lambda line: None)
    distil(looking, mix, targets, {}, replace(alone, translation_weight=1.0), report=lambda line: None)
    plain, sought = (translation_figures(encoder, found.development_pairs) for encoder in (without, looking))
    assert sought["es-en"] + sought["en-es"] >= plain["es-en"] + plain["en-es"]
    assert sought["cosine"] != plain["cosine"]


def test_everyday_distillation_leaves_out_technical_pairs(
    found: steps.Material, teacher: Path, work: Path, initialised: Path, tmp_path: Path
) -> None:
    everyday = steps.distil_step(found, teacher, work, initialised, tmp_path / "distilled", QUICK, everyday=True)
    mix = steps.distillation_mix(found)
    kept = [pair for pair in mix if pair.source in steps.EVERYDAY | steps.CIVIC | steps.SCHOOL]
    assert 0 < len(kept) < len(mix)
    assert len(everyday) <= -(-len(kept) // QUICK.batch)


def test_a_run_that_was_cut_off_goes_on(
    found: steps.Material, teacher: Path, work: Path, initialised: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("retrieval.training.checkpoints.SECONDS_BETWEEN", 0.0)
    mix = steps.distillation_mix(found)[:64]
    targets = teacher_vectors(load(teacher), [pair.english for pair in mix], work / "teacher", bfloat16=False)
    state = tmp_path / "state.pt"
    whole = distil(load(initialised), mix, targets, {}, QUICK, state, lambda line: None)
    assert distil(load(initialised), mix, targets, {}, QUICK, state, lambda line: None) == []
    assert len(whole) >= 4
    state.write_bytes(state.read_bytes()[:1000])
    with pytest.raises(TrainingError, match="damaged"):
        distil(load(initialised), mix, targets, {}, QUICK, state, lambda line: None)


def test_fine_tuning_on_a_bank_finds_its_passages(
    found: steps.Material, initialised: Path, bank: tuple[list[Path], Path]
) -> None:
    encoder, questions = load(initialised), read_bank(*bank)
    general = General(found.questions[:4], (), np.zeros((0, 384), dtype=np.float16), {})
    settings = FinetuningSettings(epochs=12, batch=6, general_batch=4, embedding_rate=1e-3)
    losses = finetune(encoder, questions, general, settings, report=lambda line: None)
    assert np.mean(losses[-3:]) < np.mean(losses[:3])
    figures = bank_figures(encoder, questions)
    assert figures["en_one@1"] == figures["es_two@1"] == 100


def test_passages_that_say_the_same_are_no_negatives(
    initialised: Path, bank: tuple[list[Path], Path]
) -> None:
    files, passages = bank
    twin = "d\ten\tThe clinic is open.\nd\tes\tLa clínica abre.\n"
    passages.write_text(passages.read_text(encoding="utf-8") + twin, encoding="utf-8")
    general = General((), (), np.zeros((0, 0), dtype=np.float16), {})
    questions, quiet = read_bank(files, passages), FinetuningSettings(epochs=1, batch=6)
    masked = finetune(load(initialised), questions, general, quiet, lambda line: None)
    counted = replace(quiet, twin_similarity=2.0)
    assert masked[0] < finetune(load(initialised), questions, general, counted, lambda line: None)[0]


def test_fewer_layers_and_rows_still_load(found: steps.Material, initialised: Path, tmp_path: Path) -> None:
    steps.compress_step(initialised, tmp_path, [0, 2, 4], 3_000, found)
    smaller = load(tmp_path)
    assert smaller.model.config.num_hidden_layers == 3
    assert smaller.tokenizer.get_vocab_size() == smaller.model.config.vocab_size <= 3_000
    whole, part = load(initialised).model, smaller.model
    school = smaller.tokenizer.token_to_id("book")
    old = load(initialised).tokenizer.token_to_id("book")
    assert whole.embeddings.word_embeddings.weight[old].equal(part.embeddings.word_embeddings.weight[school])
    with pytest.raises(TrainingError, match="Layers must be among"):
        steps.compress_step(initialised, tmp_path, [9], None, None)


def test_a_step_says_what_it_lacks(
    found: steps.Material, teacher: Path, initialised: Path, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match="run the initialise step first"):
        steps.distil_step(found, teacher, tmp_path, initialised, tmp_path, QUICK)
    with pytest.raises(TrainingError, match="data folder or a question bank"):
        steps.finetune_step(None, None, tmp_path, initialised, tmp_path, FinetuningSettings())
    with pytest.raises(TrainingError, match="teacher's folder"):
        steps.finetune_step(found, None, tmp_path, initialised, tmp_path, FinetuningSettings())
    shutil.rmtree(tmp_path)
