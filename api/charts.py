"""The picture of a measure's target: for each group a track with the starting point, the latest figure and the goal.

Drawn as inline SVG with presentation attributes only (the pages' policy forbids inline styles); the colours are
those of the text around it, and static/charts.css adds the accent.
"""

import math

from markupsafe import Markup, escape

from api.figures import Figure, Step, period, steps
from api.wording import wording
from knowledge.models import Locale, Measure

WIDTH = 320
EDGE = 8  # room at both ends for the markers
COMPACT_WIDTH = 132


def target_chart(measure: Measure, locale: Locale, *, compact: bool = False) -> Markup | None:
    """The measure's picture with a text alternative, or None where its texts give no baseline and target to compare.

    `compact` draws the tracks alone, for a table that has the numbers beside them.
    """
    found = steps(measure, locale)
    if not found:
        return None
    width = COMPACT_WIDTH if compact else WIDTH
    top = scale_end(found)
    words = wording("charts", locale)
    drawn: list[Markup] = []
    y = 0.0
    for step in found:
        if step.target.label and not compact:
            y += 15
            drawn.append(_text(0, y, step.target.label, "label"))
            y += 4
        if not compact:
            y += 15
            drawn.append(_legend(step, y, words))
            y += 20 if step.latest else 4
        drawn.append(_track(step, y + 9, width, top))
        y += 18 if compact else 26
    if not compact:
        unit = "%" if found[0].target.percent else ""
        drawn += [_text(0, y + 4, f"0{unit}", "scale"), _text(width, y + 4, f"{top:g}{unit}", "scale", "end")]
        y += 10
    said = escape(describe_steps(found, period(measure, locale), words))
    return Markup(
        '<svg class="target-chart{}" viewBox="0 0 {} {:g}" width="{}" height="{:g}" role="img" aria-label="{}">{}</svg>'
    ).format(" compact" if compact else "", width, y, width, y, said, Markup("").join(drawn))


def describe_steps(found: tuple[Step, ...], since: str, words: dict[str, str]) -> str:
    """The picture in words: what each group starts from, where it is, and its goal."""
    told: list[str] = []
    for step in found:
        key = "alt_latest" if step.latest else "alt"
        latest = step.latest.text if step.latest else ""
        sentence = words[key].format(baseline=step.baseline.text, target=step.target.text, latest=latest)
        label = step.target.label
        told.append(words["alt_part"].format(label=label, sentence=sentence) if label else sentence)
    if since:
        told.append(words["alt_period"].format(period=since))
    return " ".join(told)


def scale_end(found: tuple[Step, ...]) -> float:
    """The end of the track: 100 for shares that come near it, else the next 1, 2, 2.5 or 5 times a power of ten."""
    figures = [f for step in found for f in (step.baseline, step.target, step.latest) if f is not None]
    most = max(figure.value for figure in figures)
    if figures[0].percent and 50 < most <= 100:
        return 100
    if most == 0:
        return 1
    power = 10.0 ** math.floor(math.log10(most))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= most)


def _text(x: float, y: float, said: str, role: str, anchor: str = "start") -> Markup:
    bold = ' font-weight="600"' if role == "label" else ""
    size = 11 if role == "scale" else 13
    return Markup('<text class="{}" x="{:g}" y="{:g}" font-size="{}" text-anchor="{}" fill="currentColor"{}>{}</text>').format(
        role, x, y, size, anchor, Markup(bold), said
    )


def _legend(step: Step, y: float, words: dict[str, str]) -> Markup:
    """The numbers above the track, each behind its marker: start at the left, goal at the right, the latest below."""
    drawn = [_marker("start", 6, y - 4.5), _text(16, y, f"{words['start']} {step.baseline.text}", "value")]
    drawn.append(_text(WIDTH, y, f"◆ {words['goal']} {step.target.text}", "value goal", "end"))
    if step.latest is not None:
        drawn.append(_marker("latest", 6, y + 11.5))
        drawn.append(_text(16, y + 16, f"{words['latest']} {step.latest.text}", "value latest"))
    return Markup("").join(drawn)


def _track(step: Step, y: float, width: float, top: float) -> Markup:
    def place(figure: Figure) -> float:
        return round(EDGE + (width - 2 * EDGE) * figure.value / top, 1)

    start, goal = place(step.baseline), place(step.target)
    drawn = [
        Markup('<rect class="track" y="{:g}" width="{:g}" height="6" rx="3" fill="currentColor" fill-opacity=".16"/>').format(
            y - 3, width
        ),
        _bar("way", start, goal, y, ".4"),
    ]
    if step.latest is not None:
        drawn.append(_bar("done", start, place(step.latest), y, ".8"))
    drawn.append(_marker("start", start, y))
    drawn.append(_marker("goal", goal, y))
    if step.latest is not None:
        drawn.append(_marker("latest", place(step.latest), y))
    return Markup("").join(drawn)


def _bar(role: str, start: float, end: float, y: float, opacity: str) -> Markup:
    return Markup('<rect class="{}" x="{:g}" y="{:g}" width="{:g}" height="6" fill="currentColor" fill-opacity="{}"/>').format(
        role, min(start, end), y - 3, abs(end - start), opacity
    )


def _marker(role: str, x: float, y: float) -> Markup:
    """Told apart by shape, not by colour alone: an open ring, a full dot, a diamond."""
    if role == "start":
        ring = Markup('<circle class="start" cx="{:g}" cy="{:g}" r="4.5" fill="none" stroke="currentColor" stroke-width="2"/>')
        return ring.format(x, y)
    if role == "latest":
        return Markup('<circle class="latest" cx="{:g}" cy="{:g}" r="5" fill="currentColor"/>').format(x, y)
    return Markup('<path class="goal" d="M{:g} {:g}l6.5 6.5-6.5 6.5-6.5-6.5z" fill="currentColor"/>').format(x, y - 6.5)
