"""Measure answers by text message: their segments, whether they are right, and many at once.

    python -m benchmarks.sms QUESTIONS.jsonl [--webhooks 500]

Needs a running server (`make run`) with PUENTE_TWILIO_AUTH_TOKEN and PUENTE_PUBLIC_URL set, for it and for this command, and
rates (PUENTE_SMS_PER_MINUTE) above the number of webhooks. Every question is asked on the channels web and sms; the text
message is judged as the first message that goes out, and with all that MORE brings. Then as many signed webhooks as asked
for are sent at once, one in five of them twice. Writes benchmarks/results/sms.md.
"""

import argparse
import secrets
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.evaluation import Case, faults, read_cases
from api.settings import Settings
from api.texting import send
from bot.sms.composing import Limits, link_to, page
from bot.sms.segments import measure

RESULTS = Path(__file__).parent / "results"
AT_ONCE = 50


@dataclass(frozen=True)
class Asked:
    """One question: segments of its first text message, and whether web, first message and whole text message pass."""

    lang: str
    segments: int
    web: bool
    first: bool
    whole: bool


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--webhooks", type=int, default=500)
    args = parser.parse_args()
    settings = Settings()
    asked = [ask(settings, case) for case in read_cases(args.questions)]
    report = "\n".join([*table(asked, settings), "", *concurrent(settings, args.webhooks)])
    print(report)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "sms.md").write_text(report + "\n", encoding="utf-8")


def ask(settings: Settings, case: Case) -> Asked:
    """The first turn of a case on both channels."""
    turn = case.turns[0]
    url = f"http://{settings.host}:{settings.port}/api/v1/messages"
    web, sms = (httpx.post(url, json={"text": turn.text, "channel": c}, timeout=60).json() for c in ("web", "sms"))
    linked = sms["outcome"] in ("answered", "language_switch") and sms["citations"]
    link = link_to(settings.public_url, sms["citations"][0]["id"]) if linked else None
    limits = Limits(1 if sms["outcome"] == "crisis" else settings.sms_segments, settings.sms_transliterate)
    first = page(sms["text"], link, sms["language"], limits, [s["title"] for s in sms["suggestions"]] if linked else ())
    passed = [not faults(turn.expect, reply) for reply in (web, sms | {"text": first.text}, sms)]
    return Asked(turn.lang, measure(first.text).segments, *passed)


def table(asked: Sequence[Asked], settings: Settings) -> list[str]:
    """Segments and correctness by language."""
    lines = ["| language | questions | segments median | p95 | within limit | web right | sms right, first message | with MORE |"]
    lines.append("|---" * 8 + "|")
    for lang in ("en", "es"):
        mine = [a for a in asked if a.lang == lang]
        counts = [a.segments for a in mine]
        p95 = statistics.quantiles(counts, n=20, method="inclusive")[-1]
        shares = [sum(s) / len(mine) for s in zip(*((a.web, a.first, a.whole) for a in mine), strict=True)]
        within = sum(c <= settings.sms_segments for c in counts) / len(counts)
        cells = [f"{share:.1%}" for share in (within, *shares)]
        lines.append(f"| {lang} | {len(mine)} | {statistics.median(counts):.0f} | {p95:.0f} | " + " | ".join(cells) + " |")
    return lines


def concurrent(settings: Settings, count: int) -> list[str]:
    """Signed webhooks sent at once from as many phones; every fifth is sent twice with the same id."""
    run = secrets.token_hex(6)
    sids = [f"SM{run}{n:020d}" for n in range(count)] + [f"SM{run}{n:020d}" for n in range(0, count, 5)]
    texts = ("what are the targets of 2D", "¿qué hacen por la asistencia?", "what are the pillars", "tutoring for my son")

    def one(number: int) -> tuple[str, int, float]:
        began = time.perf_counter()
        sid = sids[number]
        place = int(sid[-20:])
        got = send(settings, texts[place % len(texts)], f"+1213{place:07d}", sid)
        return sid, len(got or ()), time.perf_counter() - began

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(one, range(len(sids))))
    seconds = time.perf_counter() - began
    answers: dict[str, int] = {}
    for sid, messages, _ in done:
        answers[sid] = answers.get(sid, 0) + (messages > 0)
    lost, doubled = sum(n == 0 for n in answers.values()), sum(n > 1 for n in answers.values())
    slow = statistics.quantiles([s for _, _, s in done], n=20)
    return [
        f"{len(sids)} webhooks with {count} ids, {AT_ONCE} at a time, in {seconds:.1f} s: {lost} lost, {doubled} answered twice; "
        f"a response took {statistics.median(s for _, _, s in done):.2f} s (median), {slow[-1]:.2f} s (p95)."
    ]


if __name__ == "__main__":
    main()
