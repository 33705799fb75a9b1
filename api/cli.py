"""The command line: `puente serve | run | build | check | ask | search | show | eval`.

Exit status: 0 done; 1 not found, or a check failed; 2 wrong usage.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.settings import Settings
from knowledge import PlanError
from knowledge.models import KINDS, Locale

if TYPE_CHECKING:
    from retrieval.neighbours import Stray

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Puente, on the command line.")
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Lang = Annotated[str | None, typer.Option("--lang", help="en or es; detected where absent.")]


def main() -> None:
    """Run the command line; known faults become one clear message and exit 1."""
    from retrieval.encoder import EncoderError

    try:
        app()
    except PlanError as error:
        for fault in error.faults:
            err.print(escape(str(fault)))
        err.print(f"[red]The plan has {len(error.faults)} faults; nothing was changed.[/red]")
        sys.exit(1)
    except (EncoderError, ValueError, OSError) as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        sys.exit(1)


@app.command()
def serve(host: str | None = None, port: int | None = None) -> None:
    """Serve the application alone (answers come without dialogue context unless Rasa runs too)."""
    import uvicorn

    from api.app import create_app

    settings = Settings()
    uvicorn.run(create_app(settings), host=host or settings.host, port=port or settings.port, access_log=False)


@app.command()
def run() -> None:
    """Build what must be built, then serve the application and Rasa together until Ctrl-C."""
    from api import supervisor

    raise typer.Exit(supervisor.run(Settings(), _build_in_child))


@app.command()
def build() -> None:
    """Build the search index and the dialogue's training data."""
    from api.engine import build as build_all

    settings = Settings()
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err) as bar:
        task = bar.add_task("building", total=None)

        def show(step: str) -> None:
            counted = re.search(r"([\d,]+) of ([\d,]+)", step)
            done, total = (int(n.replace(",", "")) for n in counted.groups()) if counted else (None, None)
            bar.update(task, description=step, completed=done, total=total)

        build_all(settings, show)
    out.print(f"built in {settings.data}", highlight=False)


@app.command()
def check(
    plan: Annotated[Path | None, typer.Option(help="A plan folder; the one in force where absent.")] = None,
    at_least: Annotated[int, typer.Option(help="Questions wanted for each id in each language, where there is a bank.")] = 0,
    near: Annotated[bool, typer.Option("--near", help="Also list questions nearer to another id than to their own.")] = False,
    as_json: Json = False,
) -> None:
    """Check the plan, the question bank, the phrases of danger and the locale files; every fault at once."""
    from api.engine import plan_folder
    from bot.sentences import check_sentences
    from knowledge.bank import check_bank
    from knowledge.check import check_plan
    from knowledge.danger import check_phrases
    from knowledge.loading import read_plan

    folder = plan or plan_folder(Settings())
    reading = read_plan(folder)
    faults = check_plan(reading)
    if reading.plan is not None:
        faults += check_bank(folder, reading.plan, at_least)
    faults += check_phrases()
    found = _strays(folder) if near and not faults else []
    sentences = check_sentences()
    if as_json:
        listed = [{"file": f.file, "line": f.line, "message": f.message, "remedy": f.remedy} for f in faults]
        asked = [(s.question, s.nearer_id) for s in found]
        strays = {"near": [{"writer": q.writer, "id": q.node_id, "text": q.text, "nearer": other} for q, other in asked]}
        print(json.dumps({"faults": listed, "locales": sentences} | (strays if near else {}), ensure_ascii=False, indent=1))
    else:
        for line in [*map(str, faults), *sentences]:
            out.print(escape(line), highlight=False)
        for stray in found:
            asked_by = f"{stray.question.writer} {stray.question.node_id}: {stray.question.text!r}"
            nearer = f"is nearer to {stray.nearer_id} ({stray.other:.2f}) than to its own ({stray.own:.2f})"
            out.print(escape(f"{asked_by} {nearer}"), highlight=False)
        if near:
            out.print(f"{len(found)} questions lie nearer to another id: a reader decides which is right", highlight=False)
        count = len(faults) + len(sentences)
        out.print(f"{count} faults" if count else "no faults: plan, question bank and locale files are whole", highlight=False)
    raise typer.Exit(1 if faults or sentences else 0)


@app.command()
def ask(
    text: str,
    lang: Lang = None,
    conversation: Annotated[str | None, typer.Option(help="Go on in this conversation.")] = None,
    as_json: Json = False,
) -> None:
    """Answer one message: by the running server, else in this process without dialogue context."""
    from api.asking import ask_here, ask_server

    locale = _locale(lang)
    if not text.strip():
        raise typer.BadParameter("write a message", param_hint="TEXT")
    if len(text) > 1000:
        raise typer.BadParameter(f"the message has {len(text)} characters; at most 1000 are read", param_hint="TEXT")
    settings = Settings()
    reply = ask_server(settings, text, conversation, locale) or asyncio.run(ask_here(settings, text, conversation, locale))
    if as_json:
        print(reply.model_dump_json(indent=1))
        return
    out.print(escape(reply.text), highlight=False)
    for citation in reply.citations[:3]:
        out.print(f"[dim]{escape(f'[{citation.id}] {citation.title} - {citation.source} {citation.url}')}[/dim]", highlight=False)


@app.command()
def search(
    text: Annotated[str, typer.Argument()] = "",
    lang: Lang = None,
    kind: Annotated[str | None, typer.Option(help=", ".join(KINDS))] = None,
    pillar: Annotated[str | None, typer.Option(help="1 to 5")] = None,
    limit: int = 10,
    as_json: Json = False,
) -> None:
    """Search the plan by id, words, or filter."""
    from api.engine import open_searcher
    from api.lookup import look_up
    from api.terminal import print_results
    from retrieval.language import detect

    if kind is not None and kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(KINDS)}", param_hint="--kind")
    locale = _locale(lang) or detect(text).language
    plan, searcher = open_searcher(Settings(), lambda step: err.print(step))
    results = look_up(plan, searcher, text, locale, kind, pillar, limit)
    if as_json:
        print(json.dumps([r.model_dump() for r in results], ensure_ascii=False, indent=1))
    else:
        print_results(out, results)
    raise typer.Exit(0 if results else 1)


@app.command()
def show(
    node_id: str,
    as_sms: Annotated[bool, typer.Option("--sms", help="As a text message, with its segments.")] = False,
    as_json: Json = False,
) -> None:
    """Show one node in both languages with its sources."""
    from api.engine import plan_folder
    from api.routes.plan import find_node
    from api.terminal import print_node, print_texts
    from knowledge import load_plan

    settings = Settings()
    plan = load_plan(plan_folder(settings))
    found = find_node(plan, node_id, settings)
    if found is None:
        err.print(f"[red]The plan has nothing with the id {escape(node_id)}. `puente search` finds ids by words.[/red]")
        raise typer.Exit(1)
    if as_json:
        print(found.model_dump_json(indent=1))
        return
    if as_sms:
        print_texts(out, [sms.text for sms in found.sms.values()], settings.sms_price)
        return
    print_node(out, plan, plan.nodes[found.id])


@app.command()
def sms(
    texts: list[str],
    number: Annotated[str, typer.Option("--from", help="The sender's number; each keeps its own conversation.")] = "+12135550100",
) -> None:
    """Play text messages in turn and show what comes back, with segments, encoding and cost."""
    from api.terminal import print_texts
    from api.texting import play

    settings = Settings()
    for text, answers in play(settings, texts, number):
        out.print(f"[dim]> {escape(text)}[/dim]", highlight=False)
        print_texts(out, answers, settings.sms_price)


@app.command("eval")
def evaluate(
    files: list[Path],
    url: Annotated[str | None, typer.Option(help="The running server; PUENTE_HOST and PUENTE_PORT where absent.")] = None,
    at_least: Annotated[float, typer.Option(help="Exit 1 below this share, 0 to 1.")] = 0.0,
    report_folder: Annotated[Path | None, typer.Option("--report", help="Write evaluation.html and .json there.")] = None,
    as_json: Json = False,
) -> None:
    """Hold the running server against question files, one JSON object a line."""
    from api.evaluation import CaseError, judge, read_cases
    from api.evaluation_report import write_report

    settings = Settings()
    try:
        cases = [case for file in files for case in read_cases(file)]
    except CaseError as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        raise typer.Exit(1) from None
    with err.status(f"asking {len(cases)} cases"):
        report = judge(url or f"http://{settings.host}:{settings.port}", cases)
    if report_folder is not None:
        for path in write_report(report, report_folder):
            err.print(str(path), highlight=False)
    if as_json:
        print(report.model_dump_json(indent=1))
    else:
        table = Table("group", "passed", "of", "share")
        for name, tally in sorted(report.tallies.items()):
            table.add_row(name, str(tally.passed), str(tally.of), f"{tally.share:.1%}")
        out.print(table)
        for failure in report.failures[:20]:
            out.print(escape(f"{failure.case}: {failure.text!r}: {'; '.join(failure.faults)}"), highlight=False)
    raise typer.Exit(0 if report.tallies["all"].share >= at_least else 1)


def _strays(folder: Path) -> "list[Stray]":
    """The questions of the bank that lie nearer to another id than to their own."""
    from api.engine import open_engine
    from knowledge.bank import load_bank
    from retrieval.neighbours import strays

    plan, index, encoder = open_engine(Settings(plan=folder), lambda step: err.print(step))
    bank = [question for question in load_bank(folder) if question.node_id is not None]
    vectors = index.vectors.reconstruct_n(0, index.vectors.ntotal)
    return strays(plan, bank, encoder.encode([q.text for q in bank]), index.passages, vectors)


def _build_in_child(settings: Settings, progress: Callable[[str], None]) -> None:
    """Build in a process of its own, so that the supervisor stays small. Raises OSError where it fails."""
    progress("Building what has changed (the first time takes some minutes)")
    environment = os.environ | {"PUENTE_DATA": str(settings.data)}
    done = subprocess.run([sys.executable, "-m", "api.cli", "build"], env=environment, check=False)
    if done.returncode:
        raise OSError("the build failed; its message is above")


def _locale(lang: str | None) -> Locale | None:
    if lang not in (None, "en", "es"):
        raise typer.BadParameter(f"{lang!r} is not en or es", param_hint="--lang")
    return cast(Locale | None, lang)




if __name__ == "__main__":
    main()
