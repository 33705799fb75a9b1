"""Compare sentence encoders and BM25 in one run: plain retrieval over the plan, and public test sets.

    python -m benchmarks.encoder --plan facts.yaml --questions questions.jsonl --public FOLDER \
        --model teacher=FOLDER --model student=FOLDER --out benchmarks/results

Writes encoder.md, encoder.json and encoder.png. All figures are percentages, except times and sizes.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bm25s
import matplotlib
import numpy as np
import Stemmer
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from benchmarks.encoder_tasks import LANGUAGES, VARIANTS, Task, plan_passages, public_tasks, typed
from retrieval.training.noise import without_accents

matplotlib.use("Agg")
from matplotlib import pyplot

Scores = NDArray[np.float32]
Scorer = Callable[[Sequence[str], Sequence[str], str], Scores]
COLUMNS = (
    "plan en@1",
    "plan en@5",
    "plan es@1",
    "plan es@5",
    "xquad en-en",
    "xquad es-es",
    "xquad es-en",
    "xquad en-es",
    "faq en-en",
    "faq es-es",
    "faq es-en",
    "faq en-es",
    "tatoeba es-en",
    "tatoeba en-es",
)


def plan_figures(scorer: Scorer, passages: list[tuple[str, dict[str, str]]], path: Path) -> dict[str, float]:
    """Share of questions with an accepted id first and in the first five, by its better passage."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    names = [name for name, _ in passages]
    figures = {}
    for language in LANGUAGES:
        asked = [row for row in rows if row["lang"] == language and row["expect"]["any_of"]]
        texts = [row["text"] for row in asked]
        scores = np.maximum(
            *(scorer(texts, [texts_[code] for _, texts_ in passages], code) for code in LANGUAGES)
        )
        order = np.argsort(-scores, axis=1, kind="stable")
        for depth in (1, 5):
            hits = [
                any(names[place] in row["expect"]["any_of"] for place in ranked[:depth])
                for row, ranked in zip(asked, order, strict=True)
            ]
            figures[f"plan {language}@{depth}"] = 100 * float(np.mean(hits))
    return figures


def public_figures(scorer: Scorer, tasks: Sequence[Task], variant: str) -> dict[str, float]:
    """Share of questions whose right text is first, by task. Texts that occur twice count as one."""
    figures = {}
    for task in tasks:
        generator = random.Random(2022)
        questions = [typed(text, task.language, variant, generator) for text in task.questions]
        best = scorer(questions, task.texts, task.text_language).argmax(axis=1)
        hits = [task.texts[place] == task.texts[right] for place, right in zip(best, task.right, strict=True)]
        figures[task.name] = 100 * float(np.mean(hits))
    return figures


def bm25(questions: Sequence[str], texts: Sequence[str], language: str) -> Scores:
    """BM25 with the stemmer of the texts' language, accents folded."""
    stemmer = Stemmer.Stemmer({"en": "english", "es": "spanish"}[language])

    def words(rows: Sequence[str]) -> list[list[str]]:
        folded = [without_accents(row.lower()) for row in rows]
        tokens = bm25s.tokenize(
            folded, stemmer=stemmer, stopwords=None, return_ids=False, show_progress=False
        )
        return list(tokens)

    index = bm25s.BM25()
    index.index(words(texts), show_progress=False)
    return np.stack([index.get_scores(row) if row else np.zeros(len(texts)) for row in words(questions)])


def dense(model: SentenceTransformer, bfloat16: bool) -> Scorer:
    """Cosine similarity under an encoder; each list of texts is encoded once."""
    seen: dict[tuple[str, ...], NDArray[np.float32]] = {}

    def encode(rows: Sequence[str]) -> NDArray[np.float32]:
        key = tuple(rows)
        if key not in seen:
            with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
                found = model.encode(
                    list(rows), show_progress_bar=False, batch_size=64, convert_to_tensor=True
                )
            seen[key] = torch.nn.functional.normalize(found.float(), dim=-1).numpy()
        return seen[key]

    return lambda questions, texts, language: encode(questions) @ encode(texts).T


def milliseconds(model: SentenceTransformer, questions: Sequence[str]) -> float:
    """Median time of encoding one question on one core."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    times = []
    for question in questions:
        began = time.perf_counter()
        model.encode([question], show_progress_bar=False)
        times.append(1000 * (time.perf_counter() - began))
    torch.set_num_threads(threads)
    return statistics.median(times)


def write(results: dict[str, dict[str, Any]], folder: Path) -> None:
    """Write the table, the figures and the plot."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    lines = [
        "# Encoders compared",
        "",
        "Percent first rank (plan @5: in the first five); question-text language. Milliseconds: one question",
        "on one core, under the load that the machine had during the run.",
        "",
        "| | " + " | ".join(COLUMNS) + " | MB | ms |",
        "|---" * (len(COLUMNS) + 3) + "|",
    ]
    for name, row in results.items():
        figures = [f"{row['clean'][column]:.1f}" for column in COLUMNS]
        lines.append(
            f"| {name} | {' | '.join(figures)} | {row['megabytes']:.0f} | {row['milliseconds']:.1f} |"
        )
    lines += [
        "",
        "## As people type",
        "",
        "Mean of the public sets' columns above, questions changed by",
        "`retrieval/training/noise.py`, the same generator as in training with another seed.",
        "",
        "| | " + " | ".join(VARIANTS) + " |",
        "|---" * (len(VARIANTS) + 1) + "|",
    ]
    for name, row in results.items():
        means = [np.mean([row[variant][column] for column in COLUMNS[4:]]) for variant in VARIANTS]
        lines.append(f"| {name} | " + " | ".join(f"{mean:.1f}" for mean in means) + " |")
    (folder / "encoder.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    figure, axes = pyplot.subplots(figsize=(13, 4.5))
    width = 0.8 / len(results)
    for index, (name, row) in enumerate(results.items()):
        places = np.arange(len(COLUMNS)) + index * width
        axes.bar(places, [row["clean"][column] for column in COLUMNS], width, label=name)
    axes.set_xticks(np.arange(len(COLUMNS)) + 0.4, COLUMNS, rotation=35, ha="right")
    axes.set_ylabel("percent")
    axes.legend(ncols=4, loc="upper left")
    axes.set_ylim(0, 118)
    figure.tight_layout()
    figure.savefig(folder / "encoder.png", dpi=110)


def main(arguments: Sequence[str]) -> int:
    """Run the comparison; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--plan", type=Path, required=True, help="facts.yaml of the plan")
    parser.add_argument("--questions", type=Path, required=True, help="development questions")
    parser.add_argument("--public", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--model", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--bfloat16", action="store_true", help="faster where the processor has it")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    options = parser.parse_args(arguments)
    missing = [path for path in (options.plan, options.questions, options.public) if not path.exists()]
    models = [model.partition("=") for model in options.model]
    missing += [Path(folder) for _, _, folder in models if not (Path(folder) / "modules.json").is_file()]
    if missing:
        print(f"Not found: {', '.join(map(str, missing))}.", file=sys.stderr)
        return 1
    passages, tasks = plan_passages(options.plan), list(public_tasks(options.public))
    short = tasks[0].questions[:200]
    results: dict[str, dict[str, Any]] = {}
    for name, folder in [("BM25", ""), *((name, folder) for name, _, folder in models)]:
        model = SentenceTransformer(folder, device="cpu") if folder else None
        if model:
            model.max_seq_length = 256
        scorer = dense(model, options.bfloat16) if model else bm25
        row: dict[str, Any] = {variant: public_figures(scorer, tasks, variant) for variant in VARIANTS}
        row["clean"] |= plan_figures(scorer, passages, options.questions)
        row["milliseconds"] = milliseconds(model, short) if model else 0.0
        files = [path for path in Path(folder).rglob("*") if path.is_file()] if folder else []
        row["megabytes"] = sum(path.stat().st_size for path in files) / 1e6
        results[name] = row
        print(name, json.dumps(row["clean"]), flush=True)
    write(results, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
