"""Fit the ranker's weights, and measure every voice on writers whose questions were left out.

    python -m benchmarks.ranking [--encoder FOLDER] [--writers NAME ...] [--sample 400] [--write]

An encoder that was itself fine-tuned on the question bank knows its writers: for honest figures give an encoder
trained without some writers (`python -m retrieval.training finetune --leave-out NAME`) and name those.

For each writer of the question bank, everything is learned from the other writers' questions and the plan, and
asked with this writer's. Prints, for each voice and their combination, how often the asked-for node comes first
and in the first three, as the mean over writers and for the worst writer; the combination's weights for a writer
are fitted on the other writers. `--write` puts weights fitted on all writers, with the figures, into
retrieval/calibration.json.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from knowledge import Plan, default_plan_folder, load_plan
from knowledge.bank import Question, load_bank
from knowledge.danger import Phrase, load_phrases
from retrieval.encoder import Encoder, default_encoder
from retrieval.index import Index
from retrieval.neighbours import twins
from retrieval.passages import passages
from retrieval.ranker import CALIBRATION, VOICES, load_calibration, standardise, train_ranker
from retrieval.scope import VOICES as REFUSAL_VOICES
from retrieval.search import Searcher

Array = NDArray[np.float32]
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write retrieval/calibration.json")
    parser.add_argument("--sample", type=int, default=400, help="questions asked of each writer, at most")
    parser.add_argument("--encoder", default=default_encoder(), help="the encoder's folder")
    parser.add_argument("--writers", nargs="*", help="the writers to leave out in turn; all where absent")
    args = parser.parse_args()
    plan, bank = load_plan(), load_bank(default_plan_folder())
    encoder = Encoder(args.encoder)
    phrases = load_phrases()
    texts = [*(q.text for q in bank), *(p.text for p in phrases), *(p.text for p in passages(plan, []))]
    vectors = dict(zip(texts, encoder.encode(texts), strict=True))
    writers = args.writers or _writers(bank)
    refusers = sorted({q.writer for q in bank if q.reason is not None})
    folds = {}
    refusals: list[tuple[list[float], bool]] = []
    for number, writer in enumerate(writers):
        print(f"leaving out {writer}", flush=True)
        left_out = (writer, *refusers[number % len(refusers) :: len(writers)])
        searcher = opened(plan, [q for q in bank if q.writer not in left_out], phrases, encoder, vectors)
        asked = [q for q in bank if q.writer in left_out]
        fold = _fold(plan, searcher, asked, vectors, args.sample)
        folds[writer] = (fold[0], fold[1])
        refusals += fold[2]
        del searcher
    weights = {w: _fit([fold for other, fold in folds.items() if other != w]) for w in folds}
    rows = {voice: {w: _hits(fold[0][:, :, n], fold[1]) for w, fold in folds.items()} for n, voice in enumerate(VOICES)}
    rows["all together"] = {w: _hits(fold[0] @ weights[w], fold[1]) for w, fold in folds.items()}
    for left_out in VOICES:
        keep = [n for n, voice in enumerate(VOICES) if voice != left_out]
        fitted = {w: _fit([fold for other, fold in folds.items() if other != w], keep) for w in folds}
        rows[f"without {left_out}"] = {w: _hits(fold[0][:, :, keep] @ fitted[w], fold[1]) for w, fold in folds.items()}
    table = _table(rows)
    print(table)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ranking.md").write_text(table + "\n", encoding="utf-8")
    refusal, refused_well = _fit_refusal(refusals)
    print(refused_well)
    if args.write:
        _write(_fit(list(folds.values())), refusal, rows["all together"], refused_well)


def _writers(bank: list[Question]) -> list[str]:
    return sorted({question.writer for question in bank if question.node_id is not None})


def opened(
    plan: Plan, bank: Sequence[Question], phrases: Sequence[Phrase], encoder: Encoder, vectors: Mapping[str, Array]
) -> Searcher:
    """A searcher that has learned from `bank` and `phrases` alone; `vectors` holds every text's."""
    import faiss

    entries = passages(plan, bank)
    matrix = np.stack([vectors[entry.text] for entry in entries])
    refused = [question for question in bank if question.reason is not None]
    width = matrix.shape[1]
    of_refused, of_phrases = (
        np.stack([vectors[t] for t in texts]) if texts else np.zeros((0, width), np.float32)
        for texts in ([q.text for q in refused], [p.text for p in phrases])
    )
    ranker = train_ranker(plan, entries, matrix, refused, of_refused, phrases, of_phrases)
    flat = faiss.IndexFlatIP(width)
    flat.add(matrix)
    return Searcher(Index("", entries, flat, ranker), encoder, load_calibration())


def _fold(
    plan: Plan, searcher: Searcher, asked: list[Question], vectors: Mapping[str, Array], sample: int
) -> tuple[Array, list[set[int]], list[tuple[list[float], bool]]]:
    """One fold: messages of writers that `searcher` has not seen.

    Standardised voices of shape (questions, nodes, voices); the columns that count as right for each question;
    and the refusal's voices of all messages, with whether it is to be refused.
    """
    column = {node_id: number for number, node_id in enumerate(searcher.node_ids)}
    chosen = [[q for q in asked if (q.node_id is None) == refused] for refused in (False, True)]
    chosen = [[group[i] for i in np.random.default_rng(7).permutation(len(group))[:sample]] for group in chosen]
    scores, right, refusals = [], [], []
    for question in (*chosen[0], *chosen[1]):
        voices, refusal, _ = searcher.readings(question.text, vectors[question.text])
        refusals.append(([refusal[name] for name in REFUSAL_VOICES], question.node_id is None))
        if question.node_id is not None:
            scores.append(np.stack([standardise(voices[voice]) for voice in VOICES], axis=1))
            right.append({column[i] for i in twins(plan, question.node_id) if i in column})
    return np.stack(scores), right, refusals


def _hits(scores: Array, right: list[set[int]]) -> tuple[float, float]:
    """Share with a right node first, and in the first three."""
    order = np.argsort(-scores, axis=1)
    first = np.mean([order[n, 0] in wanted for n, wanted in enumerate(right)])
    three = np.mean([bool(wanted & set(order[n, :3].tolist())) for n, wanted in enumerate(right)])
    return float(first), float(three)


def _fit(folds: list[tuple[Array, list[set[int]]]], keep: list[int] | None = None) -> Array:
    """Weights of the voices by listwise softmax cross-entropy (ListNet's top-one case, Cao et al. 2007)."""
    scores = np.concatenate([fold[0] for fold in folds])
    scores = scores[:, :, keep] if keep is not None else scores
    wanted = torch.tensor([min(columns) for fold in folds for columns in fold[1]])
    voices = torch.tensor(scores)
    weights = torch.full((voices.shape[2],), 0.3, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=50)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = torch.nn.functional.cross_entropy(voices @ weights, wanted)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return np.asarray(weights.detach().numpy())


def _fit_refusal(voices: list[tuple[list[float], bool]]) -> tuple[dict[str, float], dict[str, float]]:
    """Logistic regression of refusing on its voices, both outcomes weighing alike; and its shares by cross-validation."""
    features, wanted = np.array([v[0] for v in voices]), np.array([v[1] for v in voices])
    model = LogisticRegression(C=100.0, class_weight="balanced", max_iter=1000)
    refused = cross_val_predict(model, features, wanted, cv=5)
    model.fit(features, wanted)
    fitted = dict(zip(REFUSAL_VOICES, model.coef_[0], strict=True)) | {"bias": model.intercept_[0]}
    shares = {"refused_rightly": float(refused[wanted].mean()), "refused_wrongly": float(refused[~wanted].mean())}
    return {k: round(float(v), 4) for k, v in fitted.items()}, {k: round(v, 4) for k, v in shares.items()}


def _table(rows: dict[str, dict[str, tuple[float, float]]]) -> str:
    writers = list(next(iter(rows.values())))
    lines = ["| first / first three, % | mean | worst | " + " | ".join(writers) + " |", "|---" * (len(writers) + 3) + "|"]
    for name, by_writer in rows.items():
        mean = tuple(float(np.mean([v[k] for v in by_writer.values()])) for k in (0, 1))
        worst = min(by_writer.values())
        cells = [f"{100 * a:.1f} / {100 * b:.1f}" for a, b in (mean, worst, *by_writer.values())]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _write(
    weights: Array, refusal: dict[str, float], by_writer: dict[str, tuple[float, float]], refused_well: dict[str, float]
) -> None:
    figures: dict[str, float] = dict(refused_well)
    for language in ("en", "es"):
        mine = [v for w, v in by_writer.items() if w.startswith(language)]
        for k, name in ((0, "first"), (1, "first_three")):
            figures[f"{name}_{language}_mean"] = round(float(np.mean([v[k] for v in mine])), 4)
            figures[f"{name}_{language}_worst"] = round(min(v[k] for v in mine), 4)
    calibration = {
        "weights": {voice: round(float(weight), 4) for voice, weight in zip(VOICES, weights, strict=True)},
        "refusal": refusal,
        "danger": load_calibration().danger,
        "figures": figures,
    }
    CALIBRATION.write_text(json.dumps(calibration, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
