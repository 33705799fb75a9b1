"""An evaluation as files: everything as JSON, and an HTML page with tables and a calibration plot."""

import json
from collections import Counter
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, computed_field

from api.evaluation import Judged, Report, Tally

BINS = 10
WORST = 20
PLOT = 240  # px, the plot's inner width and height
ANSWERED = "answered"


class Bin(BaseModel):
    """Turns whose confidence lies in [low, low + 1 / BINS): how many, their mean confidence, the share that passed."""

    low: float
    count: int
    confidence: float
    passed: float


class Confusion(BaseModel):
    """Questions that wanted one thing and got another: ids, or outcomes where the outcome was wrong."""

    wanted: str
    got: str
    count: int


class Parity(BaseModel):
    """How one kind of case fares in each language; `difference` is Spanish minus English, in points."""

    kind: str
    en: Tally
    es: Tally

    @computed_field  # type: ignore[prop-decorator]
    @property
    def difference(self) -> float | None:
        """None where one of the languages has no such case."""
        return round(100 * (self.es.share - self.en.share), 1) if self.en.of and self.es.of else None


class Summary(BaseModel):
    """What the report's page shows."""

    tallies: dict[str, Tally]
    parity: list[Parity]
    confusion: list[Confusion]
    calibration: list[Bin]
    calibration_error: float
    worst: list[Judged]


def summarise(report: Report) -> Summary:
    """The summary of a report; all its lists are in the order in which they are shown."""
    bins = calibration(report.turns)
    counted = sum(b.count for b in bins)
    error = sum(b.count * abs(b.confidence - b.passed) for b in bins) / counted if counted else 0.0
    return Summary(
        tallies=report.tallies, parity=_parity(report), confusion=confusion(report.turns), calibration=bins,
        calibration_error=round(error, 4), worst=report.failures[:WORST],
    )


def calibration(turns: list[Judged]) -> list[Bin]:
    """Reliability of the confidence of given answers, in equal bins (Guo et al. 2017); empty bins are left out."""
    answered = [turn for turn in turns if turn.outcome == ANSWERED]
    groups: dict[int, list[Judged]] = {}
    for turn in answered:
        groups.setdefault(min(int(turn.confidence * BINS), BINS - 1), []).append(turn)
    return [
        Bin(
            low=number / BINS, count=len(group),
            confidence=round(sum(t.confidence for t in group) / len(group), 4),
            passed=round(sum(not t.faults for t in group) / len(group), 4),
        )
        for number, group in sorted(groups.items())
    ]


def confusion(turns: list[Judged]) -> list[Confusion]:
    """What was wanted and what came instead, the most frequent first; only turns with a wrong outcome or citation."""
    pairs: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        if turn.outcome != turn.expect.outcome:
            pairs[turn.expect.outcome, turn.outcome] += 1
        elif turn.expect.any_of and not set(turn.expect.any_of) & set(turn.cited[:3]):
            pairs[turn.expect.any_of[0], turn.cited[0] if turn.cited else "-"] += 1
    return [Confusion(wanted=w, got=g, count=count) for (w, g), count in pairs.most_common()]


def _parity(report: Report) -> list[Parity]:
    tallies = report.tallies
    kinds = sorted({turn.kind for turn in report.turns})
    rows = [Parity(kind="all", en=tallies.get("lang en", Tally()), es=tallies.get("lang es", Tally()))]
    return rows + [
        Parity(kind=k, en=tallies.get(f"kind {k}, en", Tally()), es=tallies.get(f"kind {k}, es", Tally())) for k in kinds
    ]


def write_report(report: Report, folder: Path) -> tuple[Path, Path]:
    """Write `evaluation.json` and `evaluation.html` into `folder`, made where absent; returns their paths.

    Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    summary = summarise(report)
    data, page = folder / "evaluation.json", folder / "evaluation.html"
    both = summary.model_dump(mode="json") | report.model_dump(mode="json")
    data.write_text(_json(both), encoding="utf-8")
    templates = Environment(loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    page.write_text(templates.get_template("evaluation.html").render(summary=summary, plot=PLOT), encoding="utf-8")
    return data, page


def _json(content: dict[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
