"""Look-ups as the terminal shows them: tables where one reads, plain lines where another program does."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table

from api.lookup import Result
from api.plan_view import NodeView, view_node
from api.wording import wording
from bot import facts
from bot.sms.segments import measure
from knowledge.models import LOCALES, Locale, Node, Plan, children

NAMES: dict[Locale, str] = {"en": "English", "es": "Español"}
ACCENT = "cyan"


def print_results(console: Console, results: list[Result]) -> None:
    """Both languages side by side; where piped, a line for each result: id, kind, text and translation, tabs between."""
    if not console.is_terminal:
        for found in results:
            console.file.write("\t".join((found.id, found.kind, found.text, found.translation.text)) + "\n")
        return
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    table.add_column("id", style=f"bold {ACCENT}", no_wrap=True)
    table.add_column("kind", style="dim", no_wrap=True)
    if results:
        for locale in (results[0].language, results[0].translation.language):
            table.add_column(NAMES[locale], ratio=1)
    for found in results:
        table.add_row(found.id, found.kind, escape(found.text), escape(found.translation.text))
    console.print(table, soft_wrap=False)


def print_node(console: Console, plan: Plan, node: Node) -> None:
    """A node in both languages with its numbers, what is below it and its sources; plain paragraphs where piped."""
    if not console.is_terminal:
        for line in _plain(plan, node):
            console.file.write(line + "\n")
        return
    views = [view_node(plan, node, locale) for locale in LOCALES]
    table = Table(box=box.SIMPLE_HEAD, header_style=f"bold {ACCENT}", pad_edge=False)
    for view in views:
        table.add_column(escape(view.label), ratio=1)
    table.add_row(*(_side(view) for view in views))
    for groups in zip(*(view.groups for view in views), strict=True):
        table.add_section()
        table.add_row(*(f"[bold]{escape(group.heading)}[/bold]" for group in groups))
        for items in zip(*(group.items for group in groups), strict=True):
            table.add_row(*(f"[{ACCENT}]{item.id}[/{ACCENT}] {escape(item.title)}" for item in items))
    console.print(table, soft_wrap=False)
    for source in views[0].sources:
        console.print(f"[dim]{escape(f'{source.title} ({source.seen}) {source.url}')}[/dim]", highlight=False)


def print_texts(console: Console, texts: Sequence[str], price: float) -> None:
    """Text messages with the segments, encoding, length and cost of each; `price` is US dollars a segment."""
    if not texts:
        console.print("(no message)", style="dim")
    for text in texts:
        measured = measure(text)
        cost = f"{measured.segments} segments, {measured.encoding}, {measured.units} units, ${measured.segments * price:.4f}"
        console.print(escape(text), highlight=False)
        console.print(f"[{ACCENT}]{cost}[/{ACCENT}]", highlight=False)


def _side(view: NodeView) -> RenderableType:
    gap = wording("plan", view.locale)["gap"]
    parts = [escape(view.title)] if view.title != view.label else []
    parts += [escape(view.text)] if view.text else []
    parts += [f"[bold]{escape(detail.label)}:[/bold] {escape(detail.text)}" for detail in view.details]
    parts += [f"[yellow]{escape(gap)}:[/yellow] {escape(' '.join(view.gaps))}"] if view.gaps else []
    return Group(*parts)


def _plain(plan: Plan, node: Node) -> Iterator[str]:
    for locale in LOCALES:
        yield facts.title(plan, node, locale)
        yield facts.fact(plan, node, locale) + "\n"
    if below := [child.id for child in children(node)]:
        yield " ".join(below)
    for source in map(plan.source, node.sources):
        yield f"{source.title} ({source.seen}) {source.url}"
