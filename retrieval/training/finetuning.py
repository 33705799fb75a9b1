"""Contrastive fine-tuning on questions and their passages, held near the teacher by parallel text."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from retrieval.training.bank import Bank, BankQuestion
from retrieval.training.data import Pair, QuestionPassage
from retrieval.training.distillation import parameter_groups, schedule
from retrieval.training.encoder import Encoder, encode, token_ids, vectors
from retrieval.training.losses import contrast, distance
from retrieval.training.noise import as_typed


@dataclass(frozen=True)
class FinetuningSettings:
    """Sizes, rates and weights; `minutes` ends training early and the rate falls in time for it."""

    epochs: int = 3
    batch: int = 64
    fresh: int = 12
    general_batch: int = 16
    general_every: int = 3
    anchor_batch: int = 32
    embedding_rate: float = 2e-4
    layer_rate: float = 5e-5
    general_weight: float = 0.5
    anchor_weight: float = 2.0
    temperature: float = 0.05
    twin_similarity: float = 0.8
    refresh: int = 40
    max_tokens: int = 96
    warm_up: float = 0.1
    minutes: float = 60.0
    bfloat16: bool = False
    seed: int = 13


@dataclass(frozen=True)
class General:
    """What keeps the encoder general: other question-passage pairs, and pairs with the teacher's vectors."""

    questions: Sequence[QuestionPassage]
    pairs: Sequence[Pair]
    targets: NDArray[np.float16]
    lexicon: Mapping[str, str]


def finetune(
    encoder: Encoder,
    bank: Bank | None,
    general: General,
    settings: FinetuningSettings,
    report: Callable[[str], None] = print,
) -> list[float]:
    """Train the encoder in place; returns the loss of each step.

    Each step takes questions of the bank (as typed, or with typing noise) against their passages in a
    random language and, as further negatives, all passages of the bank as they were encoded at the last
    refresh (`fresh` of the right passages are encoded anew with gradients, which costs most of a step).
    Every `general_every` steps it takes general question-passage pairs in random language directions,
    with the batch as negatives; and always parallel pairs towards the teacher's vectors. Passages of the
    same id, and of ids whose passages are more similar than `twin_similarity`, are never negatives.
    Without a bank only the general parts are used.
    """
    generator = random.Random(settings.seed)
    torch.manual_seed(settings.seed)
    plan = _question_batches(bank, settings, generator) if bank else _empty_batches(general, settings)
    memory = _Memory(encoder, bank, settings) if bank else None
    optimiser = parameter_groups(encoder, settings.embedding_rate, settings.layer_rate)
    bases = [group["lr"] for group in optimiser.param_groups]
    began = time.monotonic()
    losses: list[float] = []
    for step, chosen in enumerate(plan):
        elapsed = (time.monotonic() - began) / 60
        progress = max(step / len(plan), elapsed / settings.minutes)
        if progress >= 1:
            break
        for group, base in zip(optimiser.param_groups, bases, strict=True):
            group["lr"] = base * schedule(progress, settings.warm_up)
        if memory and step % settings.refresh == 0:
            memory.refresh()
        encoder.model.train()
        loss = torch.zeros(())
        with torch.autocast("cpu", torch.bfloat16, enabled=settings.bfloat16):
            if memory:
                loss = loss + memory.loss(chosen, general.lexicon, generator)
            if general.questions and (memory is None or step % settings.general_every == 0):
                loss = loss + settings.general_weight * _general_loss(encoder, general, settings, generator)
            if general.pairs:
                loss = loss + settings.anchor_weight * _anchor_loss(encoder, general, settings, generator)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(encoder.model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        losses.append(loss.item())
        if step % 20 == 0:
            report(f"step {step}/{len(plan)} {elapsed:.1f} min loss {np.mean(losses[-20:]):.4f}")
    encoder.model.train(False)
    return losses


class _Memory:
    """The bank's passages: their tokens, their vectors at the last refresh, and which ids are twins."""

    def __init__(self, encoder: Encoder, bank: Bank, settings: FinetuningSettings) -> None:
        self._encoder = encoder
        self._settings = settings
        self._texts = [passage.text for passage in bank.passages]
        self._ids = token_ids(encoder, self._texts, settings.max_tokens)
        self._names = [passage.id for passage in bank.passages]
        self._rows: dict[str, list[int]] = {}
        for row, name in enumerate(self._names):
            self._rows.setdefault(name, []).append(row)
        self._vectors = torch.zeros(0)
        self.refresh()
        self._twins = self._similar_ids(settings.twin_similarity)

    def refresh(self) -> None:
        """Encode all passages again."""
        settings = self._settings
        self._vectors = torch.from_numpy(
            encode(self._encoder, self._texts, settings.max_tokens, bfloat16=settings.bfloat16)
        )

    def loss(
        self, chosen: Sequence[BankQuestion], lexicon: Mapping[str, str], generator: random.Random
    ) -> Tensor:
        """InfoNCE of one batch of questions against their passages and the remembered ones."""
        settings = self._settings
        typed = [as_typed(question.text, question.language, lexicon, generator) for question in chosen]
        rows = [generator.choice(self._rows[question.id]) for question in chosen]
        asked = vectors(self._encoder, token_ids(self._encoder, typed, settings.max_tokens))
        fresh = rows[: settings.fresh]
        found = torch.cat(
            [vectors(self._encoder, [self._ids[row] for row in fresh]), self._vectors[rows[len(fresh) :]]]
        )
        same = self._twins[rows]
        return contrast(
            asked,
            torch.cat([found, self._vectors]),
            torch.cat([same[:, rows], same], dim=1),
            settings.temperature,
        )

    def _similar_ids(self, threshold: float) -> Tensor:
        scores = self._vectors @ self._vectors.T
        names = sorted(self._rows)
        place = torch.tensor([names.index(name) for name in self._names])
        similar = torch.eye(len(names), dtype=torch.bool)
        rows, columns = torch.nonzero(scores > threshold, as_tuple=True)
        similar[place[rows], place[columns]] = True
        return similar[place][:, place]


def _question_batches(
    bank: Bank, settings: FinetuningSettings, generator: random.Random
) -> list[list[BankQuestion]]:
    plan = []
    for _ in range(settings.epochs):
        questions = list(bank.questions)
        generator.shuffle(questions)
        plan += [
            questions[start : start + settings.batch] for start in range(0, len(questions), settings.batch)
        ]
    return plan


def _empty_batches(general: General, settings: FinetuningSettings) -> list[list[BankQuestion]]:
    steps = settings.epochs * max(1, len(general.questions) // settings.general_batch)
    return [[] for _ in range(steps)]


def _general_loss(
    encoder: Encoder, general: General, settings: FinetuningSettings, generator: random.Random
) -> Tensor:
    count = min(settings.general_batch, len(general.questions))
    chosen = generator.sample(range(len(general.questions)), count)
    asked, found = [], []
    for index in chosen:
        row = general.questions[index]
        language = generator.choice(("en", "es"))
        text = row.question.english if language == "en" else row.question.spanish
        asked.append(as_typed(text, language, general.lexicon, generator))
        found.append(generator.choice((row.passage.english, row.passage.spanish)))
    questions = vectors(encoder, token_ids(encoder, asked, settings.max_tokens))
    passages = vectors(encoder, token_ids(encoder, found, settings.max_tokens))
    same = (passages.detach() @ passages.detach().T) > settings.twin_similarity
    return contrast(questions, passages, same, settings.temperature)


def _anchor_loss(
    encoder: Encoder, general: General, settings: FinetuningSettings, generator: random.Random
) -> Tensor:
    chosen = generator.sample(range(len(general.pairs)), min(settings.anchor_batch, len(general.pairs)))
    goal = torch.from_numpy(general.targets[chosen].astype(np.float32))
    half = len(chosen) // 2
    texts = [general.pairs[index].english for index in chosen[:half]]
    texts += [
        as_typed(general.pairs[index].spanish, "es", general.lexicon, generator) for index in chosen[half:]
    ]
    return distance(vectors(encoder, token_ids(encoder, texts, settings.max_tokens)), goal)
