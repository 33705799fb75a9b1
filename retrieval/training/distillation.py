"""Multilingual distillation: the student's Spanish and English towards the teacher's English."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from retrieval.training.batches import bucketed
from retrieval.training.checkpoints import Checkpoint
from retrieval.training.data import Pair
from retrieval.training.encoder import Encoder, token_ids, vectors
from retrieval.training.losses import contrast, distance
from retrieval.training.noise import as_typed


@dataclass(frozen=True)
class DistillationSettings:
    """How long and how strongly to distil; `minutes` ends the pass early, the rate falling in time."""

    batch: int = 128
    english_share: float = 0.25
    embedding_rate: float = 5e-4
    layer_rate: float = 8e-5
    contrast_weight: float = 0.1
    translation_weight: float = 0.0
    warm_up: float = 0.05
    minutes: float = 60.0
    max_tokens: int = 128
    bfloat16: bool = False
    seed: int = 13


def distil(
    student: Encoder,
    pairs: Sequence[Pair],
    targets: NDArray[np.float16],
    lexicon: Mapping[str, str],
    settings: DistillationSettings,
    checkpoint: Path | None = None,
    report: Callable[[str], None] = print,
) -> list[float]:
    """Train the student in place for one pass over `pairs`; returns the loss of each step.

    `targets[i]` is the teacher's vector of `pairs[i].english`. The loss is the mean squared distance of
    normalised vectors plus a little InfoNCE over the batch (Reimers & Gurevych 2020); `translation_weight`
    adds finding the student's own English among the batch and back (bitext retrieval, as in LaBSE, Feng
    et al. 2022). With a checkpoint path the state is kept there every two minutes, and a run that was cut off goes on from it.
    """
    generator = random.Random(settings.seed)
    torch.manual_seed(settings.seed)
    spanish = [as_typed(pair.spanish, "es", lexicon, generator) for pair in pairs]
    ids = token_ids(student, spanish, settings.max_tokens)
    english = token_ids(student, [pair.english for pair in pairs], settings.max_tokens)
    batches = bucketed([len(row) for row in ids], settings.batch, generator)
    optimiser = parameter_groups(student, settings.embedding_rate, settings.layer_rate)
    bases = [group["lr"] for group in optimiser.param_groups]
    state = Checkpoint(checkpoint, student.model, optimiser)
    first, spent = state.restore()
    began = time.monotonic() - spent
    losses: list[float] = []
    student.model.train()
    for step in range(first, len(batches)):
        elapsed = (time.monotonic() - began) / 60
        progress = max(step / len(batches), elapsed / settings.minutes)
        if progress >= 1:
            break
        for group, base in zip(optimiser.param_groups, bases, strict=True):
            group["lr"] = base * schedule(progress, settings.warm_up)
        rows = batches[step]
        aside = rows[: max(1, int(len(rows) * settings.english_share))]
        goal = torch.from_numpy(targets[rows].astype(np.float32))
        with torch.autocast("cpu", torch.bfloat16, enabled=settings.bfloat16):
            from_spanish = vectors(student, [ids[row] for row in rows])
            from_english = vectors(student, [english[row] for row in aside])
        loss = distance(from_spanish, goal) + settings.english_share * distance(from_english, goal[: len(aside)])
        same = goal @ goal.T > 0.9
        loss = loss + settings.contrast_weight * contrast(from_spanish, goal, same)
        if settings.translation_weight:
            alike = same[: len(aside), : len(aside)]
            there = contrast(from_spanish[: len(aside)], from_english, alike)
            back = contrast(from_english, from_spanish[: len(aside)], alike)
            loss = loss + settings.translation_weight * (there + back) / 2
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(student.model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        losses.append(loss.item())
        if step % 50 == 0:
            report(f"step {step}/{len(batches)} {elapsed:.1f} min loss {np.mean(losses[-100:]):.4f}")
        state.keep(step + 1, time.monotonic() - began)
    student.model.train(False)
    return losses


def parameter_groups(student: Encoder, embedding_rate: float, layer_rate: float) -> torch.optim.AdamW:
    """AdamW with one rate for the word vectors and one for everything else; no weight decay."""
    words = student.model.embeddings.word_embeddings.weight
    others = [parameter for parameter in student.model.parameters() if parameter is not words]
    groups = [{"params": [words], "lr": embedding_rate}, {"params": others, "lr": layer_rate}]
    return torch.optim.AdamW(groups, weight_decay=0.0, fused=False, foreach=True)


def schedule(progress: float, warm_up: float) -> float:
    """The share of the full rate at a progress in 0..1: up over the warm-up, then down as a cosine."""
    if progress < warm_up:
        return progress / warm_up + 1e-3
    return 0.5 * (1 + float(np.cos(np.pi * (progress - warm_up) / (1 - warm_up))))
