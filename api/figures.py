"""Reading the numbers in a measure's texts: "K-5 13.6%; 6-8 12.4% (2017-18)" is two figures and a period."""

import re
from dataclasses import dataclass

from knowledge.models import Locale, Measure

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
SHARE = re.compile(rf"(?<![\d.,\w+$\u2212\u2013-])(?P<number>{NUMBER}) ?%")
COUNT = re.compile(rf"(?P<number>{NUMBER})")
PERIOD = re.compile(r"\s*\((?P<period>[^()]*\d{4}[^()]*)\)\s*$")
# Words before a number that belong to it and not to what it is a number of.
BOUNDS = re.compile(r"(?:over|more than|at least|nearly|under|less than|más del?|al menos|por lo menos|casi|menos del?)$", re.I)


@dataclass(frozen=True)
class Figure:
    """One level: `label` says of whom ("" where the text names none), `text` is the number as written."""

    label: str
    value: float
    percent: bool
    text: str


@dataclass(frozen=True)
class Reading:
    """The figures of one text and the period they are from, "" where none is named."""

    figures: tuple[Figure, ...]
    period: str


@dataclass(frozen=True)
class Step:
    """A baseline and the target for the same people, and the latest figure where one is known."""

    baseline: Figure
    target: Figure
    latest: Figure | None = None


def read_figures(text: str) -> Reading | None:
    """The levels a text gives; None where any part of it is not one level (a growth such as "+4%", words alone)."""
    period = PERIOD.search(text)
    parts = (text[: period.start()] if period else text).split(";")
    figures = [_figure(part.strip()) for part in parts]
    found = tuple(figure for figure in figures if figure is not None)
    if len(found) != len(figures) or len({figure.label for figure in found}) != len(found):
        return None
    return Reading(found, period["period"] if period else "")


def _figure(part: str) -> Figure | None:
    shares = list(SHARE.finditer(part))
    if len(shares) == 1:
        match = shares[0]
        before, after = part[: match.start()].strip(), part[match.end() :].strip()
        bound = BOUNDS.search(before)
        label = " ".join((before[: bound.start()] if bound else before, after)).strip()
        text = f"{bound.group()} {match.group()}" if bound else match.group()
        return Figure(label, _value(match["number"]), True, text)
    whole = COUNT.fullmatch(part)
    return Figure("", _value(whole["number"]), False, part) if whole else None


def _value(number: str) -> float:
    return float(number.replace(",", ""))


def steps(measure: Measure, locale: Locale) -> tuple[Step, ...]:
    """The measure's baselines and targets by pairs; empty where the texts do not give both for the same people."""
    if measure.baseline is None or measure.target is None:
        return ()
    baseline, target = read_figures(measure.baseline[locale]), read_figures(measure.target[locale])
    if baseline is None or target is None:
        return ()
    latest = read_figures(measure.latest.value[locale]) if measure.latest else None
    started = {(figure.label, figure.percent): figure for figure in baseline.figures}
    newest = {(figure.label, figure.percent): figure for figure in latest.figures} if latest else {}
    aims = {(figure.label, figure.percent): figure for figure in target.figures}
    if started.keys() != aims.keys():
        return ()
    return tuple(Step(started[key], aim, newest.get(key)) for key, aim in aims.items())


def period(measure: Measure, locale: Locale) -> str:
    """The period of the measure's baseline as written, "" where none is named."""
    found = PERIOD.search(measure.baseline[locale]) if measure.baseline else None
    return found["period"] if found else ""
