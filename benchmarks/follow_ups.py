"""Fit what tells a later turn that is not for the plan from one that goes on, and compare simpler rules.

    python -m benchmarks.follow_ups

Reads benchmarks/conversations, whose turns say what is expected; every figure of the fitted rule is of turns left out
of its fit (ten folds). Prints the weights for bot/scope.py and writes results/follow_ups.md.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from api.engine import open_searcher
from api.evaluation import read_cases
from api.settings import Settings
from bot.components.folding import fold
from bot.components.references import find_references
from bot.dialogue_training import names_of
from bot.scope import follow_up

FOLDER = Path(__file__).parent
FOLDS = 10
PENALTY_INVERSE = 10.0
THRESHOLDS = (0.4, 0.5, 0.6, 0.7)


def later_turns() -> tuple[dict[str, NDArray[np.float64]], NDArray[np.bool_]]:
    """The features of each later turn, by name, and whether it is not for the plan."""
    plan, searcher = open_searcher(Settings(), print)
    names, known = {fold(name): node_id for name, node_id in names_of(plan).items()}, frozenset(plan.nodes)
    rows: list[Mapping[str, float]] = []
    wanted = []
    for path in sorted((FOLDER / "conversations").glob("*.jsonl")):
        for case in read_cases(path):
            before = ""
            for turn in case.turns:
                if before and turn.expect.outcome in ("answered", "gap", "abstain"):
                    alone, after = searcher.evidences([turn.text, f"{before} {turn.text}"])
                    references = find_references(turn.text, names, known)
                    rows.append(vars(follow_up(turn.text, references, alone.scope, after.scope)))
                    wanted.append(turn.expect.outcome == "abstain")
                before = turn.text if turn.expect.outcome in ("answered", "gap") else before
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}, np.array(wanted)


def main() -> None:
    """Fit, print, write."""
    features, refused = later_turns()
    table = np.stack(list(features.values()), axis=1)
    model = LogisticRegression(C=PENALTY_INVERSE, max_iter=5000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=7)
    alone, context = (1 / (1 + np.exp(-features[name])) for name in ("alone", "with_context"))

    def left_out(columns: int) -> NDArray[np.float64]:
        return np.asarray(cross_val_predict(model, table[:, :columns], refused, cv=folds, method="predict_proba")[:, 1])

    rules = {
        "alone": alone,
        "with the question before it": context,
        "mean of both": (alone + context) / 2,
        "both, fitted": left_out(2),
        "both and the turn's form, fitted (in use)": left_out(table.shape[1]),
    }
    model.fit(table, refused)
    weights = {"bias": model.intercept_[0], **dict(zip(features, model.coef_[0], strict=True))}
    print({name: round(float(weight), 2) for name, weight in weights.items()})
    lines = [
        "# Which later turns are not for the plan", "",
        f"{len(refused)} later turns of benchmarks/conversations, {int(refused.sum())} of them not for the plan. For each rule",
        "the area under its curve, and at each threshold how many turns would be refused wrongly / answered wrongly.", "",
        "| Rule | AUC | " + " | ".join(str(t) for t in THRESHOLDS) + " |", "|---|---|" + "---|" * len(THRESHOLDS),
    ]
    for name, chance in rules.items():
        cells = [f"{int(((chance > t) & ~refused).sum())} / {int(((chance <= t) & refused).sum())}" for t in THRESHOLDS]
        lines.append(f"| {name} | {roc_auc_score(refused, chance):.3f} | " + " | ".join(cells) + " |")
    text = "\n".join(lines) + "\n"
    print(text)
    (FOLDER / "results" / "follow_ups.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
