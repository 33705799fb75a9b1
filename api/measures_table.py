"""All measures of the plan as rows: filtered, ordered, and written as CSV or as a workbook."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Literal, get_args

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from pydantic import BaseModel

from api.figures import Step, steps
from api.plan_view import label
from api.wording import wording
from bot import facts
from knowledge.models import Locale, Measure, Plan, Source
from retrieval.normalization import fold, words

Numbers = Literal["any", "pair", "latest", "none"]
Order = Literal["id", "target", "baseline", "way", "as_of"]
NUMBERS: tuple[Numbers, ...] = get_args(Numbers)
ORDERS: tuple[Order, ...] = get_args(Order)

# Cells that a spreadsheet could take for a formula (OWASP, "CSV Injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Choice(BaseModel):
    """What the reader chose to see; anything unknown falls back to its default."""

    q: str = ""
    pillar: str = ""
    numbers: Numbers = "any"
    sort: Order = "id"
    descending: bool = False


@dataclass(frozen=True)
class Row:
    """A measure with what the table shows of it; `number` orders it in the plan."""

    number: int
    measure: Measure
    pillar: str
    priority: str
    priority_id: str
    steps: tuple[Step, ...]
    as_of: str
    source: Source


def measure_rows(plan: Plan, locale: Locale, choice: Choice) -> list[Row]:
    """The measures that pass `choice`, in its order; those without the figure that orders them come last."""
    measures = [node for node in plan.nodes.values() if isinstance(node, Measure)]
    rows = [_row(plan, number, measure, locale) for number, measure in enumerate(measures)]
    rows = [row for row in rows if _passes(row, choice)]
    key = {"target": _target, "baseline": _baseline, "way": _way, "as_of": _as_of}.get(choice.sort)
    if key is None:
        return rows[::-1] if choice.descending else rows
    known = [(found, row) for row in rows if (found := key(row)) is not None]
    known.sort(key=lambda pair: (pair[0], -pair[1].number if choice.descending else pair[1].number), reverse=choice.descending)
    return [row for _, row in known] + [row for row in rows if key(row) is None]


def _row(plan: Plan, number: int, measure: Measure, locale: Locale) -> Row:
    pillar, priority = plan.ancestors(measure.id)
    return Row(
        number, measure, pillar.id, label(plan, priority, locale), priority.id, steps(measure, locale),
        facts.when(measure.latest.as_of, locale) if measure.latest else "", plan.source(measure.sources[0]),
    )


def _passes(row: Row, choice: Choice) -> bool:
    measure = row.measure
    if choice.pillar and row.pillar != choice.pillar:
        return False
    if choice.numbers == "pair" and not row.steps or choice.numbers == "latest" and measure.latest is None:
        return False
    if choice.numbers == "none" and measure.target is not None:
        return False
    held = fold(f"{measure.id} {row.priority} {measure.text.en} {measure.text.es}")
    return all(word in held for word in words(choice.q))


def _target(row: Row) -> float | None:
    return row.steps[0].target.value if row.steps else None


def _baseline(row: Row) -> float | None:
    return row.steps[0].baseline.value if row.steps else None


def _way(row: Row) -> float | None:
    """How far the goal lies from the start, as a share of the start."""
    if not row.steps or not row.steps[0].baseline.value:
        return None
    step = row.steps[0]
    return abs(step.target.value - step.baseline.value) / step.baseline.value


def _as_of(row: Row) -> str | None:
    return row.measure.latest.as_of if row.measure.latest else None


COLUMNS = ("col_id", "col_pillar", "col_priority", "col_measure", "col_measure_other", "col_baseline", "col_target", "col_latest",
           "col_as_of", "col_source", "col_url", "col_link")
WIDTHS = (9, 8, 30, 60, 60, 26, 26, 26, 16, 34, 40, 34)


def cells(rows: Iterable[Row], locale: Locale, base: str) -> list[list[str]]:
    """The table's cells with its heading, as plain text."""
    said, other = wording("lookup", locale), "en" if locale == "es" else "es"
    table = [[said[column] for column in COLUMNS]]
    for row in rows:
        m = row.measure
        table.append([
            m.id, row.pillar, row.priority, m.text[locale], m.text.en if other == "en" else m.text.es,
            m.baseline[locale] if m.baseline else "", m.target[locale] if m.target else "",
            m.latest.value[locale] if m.latest else "", row.as_of, row.source.title, row.source.url, f"{base}/plan/{m.id}",
        ])
    return table


def neutralise(cell: str) -> str:
    """`cell` so that no spreadsheet runs it: an apostrophe before what could begin a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def write_csv(table: list[list[str]]) -> bytes:
    """RFC 4180 CSV in UTF-8 with a byte order mark, which Excel needs to read the accents; formulas neutralised."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([neutralise(cell) for cell in line] for line in table)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(table: list[list[str]], title: str) -> bytes:
    """An Excel workbook whose every cell is text, marked so that editing it makes no formula of it."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    for number, line in enumerate(table, 1):
        for column, value in enumerate(line, 1):
            cell = sheet.cell(number, column)
            cell.value = _printable(value)
            cell.data_type, cell.quotePrefix = "s", value.startswith(FORMULA_STARTS)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="0B5B5E")
    for column, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _printable(text: str) -> str:
    """`text` without the control characters that a workbook cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")
