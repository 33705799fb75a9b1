"""Command line of the training: `python -m retrieval.training STEP --help`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from knowledge import default_plan_folder
from retrieval.training import steps
from retrieval.training.bank import write_bank
from retrieval.training.distillation import DistillationSettings
from retrieval.training.errors import TrainingError
from retrieval.training.finetuning import FinetuningSettings
from retrieval.training.vocabulary import VocabularySize


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step, or all of them; returns the exit code: 0 done, 1 with one sentence on stderr."""
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        _run(options)
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    found = steps.material(options.data) if options.data else None
    distillation = DistillationSettings(
        minutes=options.minutes,
        bfloat16=options.bfloat16,
        seed=options.seed,
        batch=options.batch,
        english_share=options.english,
        contrast_weight=options.contrast,
        translation_weight=options.translation,
    )
    finetuning = FinetuningSettings(minutes=options.minutes, bfloat16=options.bfloat16, epochs=options.epochs)
    size = VocabularySize(rows=options.rows or VocabularySize.rows)
    bank = (options.bank, options.passages, options.leave_out)
    if bool(options.bank) != bool(options.passages):
        raise TrainingError("--bank and --passages belong together.")
    if options.step == "finetune":
        steps.finetune_step(found, options.teacher, options.work, options.model, options.out, finetuning, *bank)
        return
    if options.step == "bank":
        write_bank(options.plan, options.out)
        return
    if options.step == "average":
        steps.average_step(options.models, options.shares or [1.0] * len(options.models), options.out)
        return
    if options.step == "compress":
        steps.compress_step(options.model, options.out, options.layers, options.rows, found)
        return
    assert found is not None
    if options.step in {"initialise", "all"}:
        first = options.work / "initialised" if options.step == "all" else options.out
        steps.initialise_step(found, options.teacher, options.work, first, size)
    if options.step in {"distil", "all"}:
        model = options.work / "initialised" if options.step == "all" else options.model
        second = options.work / "distilled" if options.step == "all" else options.out
        steps.distil_step(found, options.teacher, options.work, model, second, distillation, options.everyday)
    if options.step == "all":
        model = options.work / "distilled"
        steps.finetune_step(found, options.teacher, options.work, model, options.out, finetuning, *bank)
    if options.step == "measure":
        print(json.dumps(steps.measure_step(found, options.model, options.bfloat16), indent=1))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m retrieval.training", description=__doc__)
    parser.add_argument("--threads", type=int, default=2, help="cores to use")
    subparsers = parser.add_subparsers(dest="step", required=True)
    needs = {
        "initialise": "data teacher work out",
        "distil": "data teacher work model out",
        "finetune": "model out",
        "average": "out",
        "bank": "out",
        "compress": "model out",
        "measure": "data model",
        "all": "data teacher work out",
    }
    for name, required in needs.items():
        step = subparsers.add_parser(name)
        for folder in ("data", "teacher", "work", "model", "out"):
            default = Path("training-work") if folder == "work" else None
            step.add_argument(f"--{folder}", type=Path, required=folder in required.split(), default=default)
        step.add_argument("--minutes", type=float, default=60.0, help="end each training step after this long")
        step.add_argument("--seed", type=int, default=DistillationSettings.seed, help="distil: order of the pairs")
        step.add_argument(
            "--contrast", type=float, default=DistillationSettings.contrast_weight, help="distil: weight of InfoNCE"
        )
        step.add_argument(
            "--translation",
            type=float,
            default=DistillationSettings.translation_weight,
            help="distil: weight of InfoNCE towards the student's own English",
        )
        step.add_argument("--batch", type=int, default=DistillationSettings.batch, help="distil: pairs in a batch")
        step.add_argument(
            "--english",
            type=float,
            default=DistillationSettings.english_share,
            help="distil: share of a batch read in English as well",
        )
        step.add_argument("--everyday", action="store_true", help="distil: everyday, civic and school pairs only")
        step.add_argument("--epochs", type=int, default=3, help="passes over the question bank")
        step.add_argument("--bfloat16", action="store_true", help="faster where the processor has it")
        step.add_argument("--rows", type=int, help="vocabulary rows in all")
        step.add_argument("--layers", type=int, nargs="+", help="compress: the layers to keep, from 0")
        step.add_argument("--plan", type=Path, default=default_plan_folder(), help="bank: the plan's folder")
        step.add_argument("--models", type=Path, nargs="+", default=[], help="average: the encoders")
        step.add_argument("--shares", type=float, nargs="+", default=[], help="average: the weight of each; equal where absent")
        step.add_argument("--bank", type=Path, nargs="+", default=[], help="id<TAB>question files")
        step.add_argument("--passages", type=Path, help="id<TAB>language<TAB>text file of the bank's ids")
        step.add_argument("--leave-out", action="append", default=[], metavar="WRITER")
    return parser


if __name__ == "__main__":
    sys.exit(main())
