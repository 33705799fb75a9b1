"""The steps of the recipe as functions over folders; each writes an encoder folder and can be run alone."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.training.averaging import average
from retrieval.training.bank import read_bank
from retrieval.training.compression import with_layers, with_tokens
from retrieval.training.data import (
    ALIGNMENT_CAPS,
    CIVIC,
    DISTILLATION_CAPS,
    EVERYDAY,
    SCHOOL,
    Pair,
    QuestionPassage,
    capped,
    counts_by_source,
    held_out,
    read_pairs,
    read_question_passages,
)
from retrieval.training.distillation import DistillationSettings, distil
from retrieval.training.encoder import load, save
from retrieval.training.errors import TrainingError
from retrieval.training.finetuning import FinetuningSettings, General, finetune
from retrieval.training.initialisation import initialise, lexicon, links
from retrieval.training.measuring import bank_figures, passage_figures, translation_figures
from retrieval.training.teaching import teacher_vectors
from retrieval.training.vocabulary import (
    VocabularySize,
    bilingual_vocabulary,
    word_counts,
    wordpiece_tokenizer,
)

SEED = 13
DEVELOPMENT_PAIRS = 1_500
DEVELOPMENT_PASSAGES = 1_000
# Passages keep long text from suffering under a diet of short sentences.
DISTILLATION_PASSAGES: Mapping[str, int] = {"msdocs-": 6_000, "openstax-": 3_000}
FINETUNING_PASSAGES: Mapping[str, int] = {"msdocs-": 4_000, "openstax-": 3_000}
LEXICON = "lexicon.json"


@dataclass(frozen=True)
class Material:
    """The training data, with the development split already taken out of it."""

    pairs: list[Pair]
    questions: list[QuestionPassage]
    development_pairs: list[Pair]
    development_questions: list[QuestionPassage]


def material(data: Path) -> Material:
    """Read the data folder and split off the development rows; the same folder gives the same split."""
    pairs, development = held_out(read_pairs(data), EVERYDAY | CIVIC | SCHOOL, DEVELOPMENT_PAIRS, SEED)
    rows = read_question_passages(data)
    random.Random(SEED).shuffle(rows)
    aside = min(DEVELOPMENT_PASSAGES, len(rows) // 10)
    return Material(pairs, rows[aside:], development, rows[:aside])


def initialise_step(found: Material, teacher: Path, work: Path, out: Path, size: VocabularySize) -> None:
    """Vocabulary, alignment and transferred vectors; writes the untrained student and the lexicon."""
    mix = capped(found.pairs, ALIGNMENT_CAPS, SEED)
    source = load(teacher)
    english = word_counts(source.tokenizer, (pair.english for pair in mix))
    spanish = word_counts(source.tokenizer, (pair.spanish for pair in mix))
    tokens = bilingual_vocabulary(source.tokenizer, english, spanish, size)
    aligned = links(wordpiece_tokenizer(source.tokenizer, tokens), mix)
    save(initialise(source, tokens, aligned, english, spanish), out)
    work.mkdir(parents=True, exist_ok=True)
    words = json.dumps(lexicon(aligned), ensure_ascii=False, indent=0)
    (work / LEXICON).write_text(words + "\n", encoding="utf-8")


def distil_step(
    found: Material,
    teacher: Path,
    work: Path,
    model: Path,
    out: Path,
    settings: DistillationSettings,
    everyday: bool = False,
) -> list[float]:
    """One pass of distillation over the balanced mix, or its everyday, civic and school part.

    Returns the loss of each step. Checkpoints and the teacher's vectors are kept in `work`.
    """
    student = load(model)
    mix = distillation_mix(found)
    texts = [pair.english for pair in mix]
    targets = teacher_vectors(load(teacher), texts, work / "teacher", settings.bfloat16)
    if everyday:
        rows = [row for row, pair in enumerate(mix) if pair.source in EVERYDAY | CIVIC | SCHOOL]
        mix, targets = [mix[row] for row in rows], targets[rows]
    _note(work, "distillation", counts_by_source(mix))
    losses = distil(student, mix, targets, read_lexicon(work), settings, work / "distillation.pt")
    save(student, out)
    return losses


def finetune_step(
    found: Material | None,
    teacher: Path | None,
    work: Path,
    model: Path,
    out: Path,
    settings: FinetuningSettings,
    bank: Sequence[Path] = (),
    passages: Path | None = None,
    leave_out: Sequence[str] = (),
) -> None:
    """Contrastive fine-tuning on general question-passage pairs and, where given, a question bank.

    Writers in `leave_out` are not trained on; their figures are printed before and after.
    Raises TrainingError where there is nothing to train on.
    """
    encoder = load(model)
    questions = None
    unseen = None
    if bank and passages:
        questions = read_bank(bank, passages, leave_out)
        others = [file for file in bank if file.stem in leave_out]
        unseen = read_bank(others, passages) if others else None
    if questions is None and found is None:
        raise TrainingError("Fine-tuning needs a data folder or a question bank with its passages.")
    general = _general(found, teacher, work, settings) if found else _nothing()
    if unseen:
        print("unseen writers before", bank_figures(encoder, unseen, settings.bfloat16))
    finetune(encoder, questions, general, settings)
    if unseen:
        print("unseen writers after", bank_figures(encoder, unseen, settings.bfloat16))
    save(encoder, out)


def compress_step(model: Path, out: Path, layers: Sequence[int] | None, rows: int | None, found: Material | None) -> None:
    """Write a copy with fewer layers or fewer vocabulary rows; rows are chosen by use in the data."""
    encoder = load(model)
    if layers is not None:
        encoder = with_layers(encoder, layers)
    if rows is not None:
        if found is None:
            raise TrainingError("Choosing vocabulary rows needs a data folder.")
        mix = distillation_mix(found)
        encoder = with_tokens(encoder, [text for pair in mix for text in (pair.english, pair.spanish)], rows)
    save(encoder, out)


def average_step(models: Sequence[Path], shares: Sequence[float], out: Path) -> None:
    """Write the average of several encoders of the same shape."""
    save(average([load(model) for model in models], shares), out)


def measure_step(found: Material, model: Path, bfloat16: bool) -> dict[str, dict[str, float]]:
    """Figures of an encoder on the development split."""
    encoder = load(model)
    return {
        "translation": translation_figures(encoder, found.development_pairs, bfloat16),
        "passages": passage_figures(encoder, found.development_questions, bfloat16),
    }


def distillation_mix(found: Material) -> list[Pair]:
    """The balanced mix of sentences and some passages, shuffled."""
    mix = capped(found.pairs, DISTILLATION_CAPS, SEED)
    mix += [row.passage for row in capped(found.questions, DISTILLATION_PASSAGES, SEED)]
    random.Random(SEED).shuffle(mix)
    return mix


def read_lexicon(work: Path) -> dict[str, str]:
    """The words that the initialisation wrote; raises TrainingError where they are missing."""
    try:
        words: dict[str, str] = json.loads((work / LEXICON).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{work / LEXICON} is missing or damaged; run the initialise step first.") from error
    return words


def _general(found: Material, teacher: Path | None, work: Path, settings: FinetuningSettings) -> General:
    if teacher is None:
        raise TrainingError("Fine-tuning with a data folder needs the teacher's folder as well.")
    mix = distillation_mix(found)[:100_000]
    targets = teacher_vectors(load(teacher), [pair.english for pair in mix], work / "teacher", settings.bfloat16)
    questions = capped(found.questions, FINETUNING_PASSAGES, SEED)
    _note(work, "fine-tuning", counts_by_source(questions))
    return General(questions, mix, targets, read_lexicon(work))


def _nothing() -> General:
    return General((), (), np.zeros((0, 0), dtype=np.float16), {})


def _note(work: Path, name: str, counts: Mapping[str, int]) -> None:
    (work / f"{name}-rows.json").write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
