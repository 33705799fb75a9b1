"""What kind of thing a message asks for (a number, a date, a place, a price), and whether a fact tells one.

A fact on the right subject that lacks what was asked is no answer: the assistant then says what it does not know.
"""

import re
from typing import Literal

from bot.components.folding import fold
from bot.components.following import LATEST
from knowledge.models import Measure, Node, Pillar, Plan, Priority, Resource

Asked = Literal["price", "day", "date", "place", "language", "steps", "quantity", "often", "schools"]


def _words(*patterns: str) -> "re.Pattern[str]":
    return re.compile(rf"(?<!\w)({'|'.join(patterns)})(?!\w)")


ASKED: tuple[tuple[Asked, "re.Pattern[str]"], ...] = (
    ("often", _words("how often", "how many times", "cada (cuando|cuanto)", "cuantas veces")),
    ("schools", _words(
        r"(every|all|any|which|what|just some|only some)( of)?( the)? schools?", r"(tod|cual|algun)\w* (las |los )?escuelas?",
        "(nomas|solo|nada mas|solamente) (en )?(unas?|unos?|algun[ao]s)",
    )),
    ("price", _words(
        "how much (does|do|is)", "free", r"cost\w*", "price", "gratis", r"gratuit\w*", r"cuest\w*", r"cobra\w*",
        r"paga(n|r|mos|ria)?", "precio",
    )),
    ("language", _words("(hablan?|ablan?|atienden( en)?|in|en|speak) (espanol|spanish)", "idiomas?", "languages?")),
    ("day", _words(
        "what (day|date|time|hours)", "which day", "hours", "open", "close", r"(q|que|ke|k) (dia|fecha|hora|horario|mes)\w*",
        r"a (q|que|ke) hora\w*", "fechas?", r"horario\w*", "abr[ei]n?", r"cierr\w*", r"sierr\w*", "sabados?", "domingos?",
        "saturdays?", "sundays?", "weekends?",
    )),
    ("date", _words("when", "cuando", "cdo")),
    ("place", _words("where", "address", "adonde", "donde", "direccion", "queda")),
    ("steps", _words("sign up", r"inscrib\w+", r"apunt\w+", r"registr\w+", r"enrol\w*", "apply", "aplico")),
    ("quantity", _words("how many", "how much", r"(what|which) (number|percent\w*|share)", "cuant[oa]s?", "ktos", "kuant[oa]s?")),
)
MONTH_OR_DAY = re.compile(
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday)\b|a\.m\.|p\.m\.|\b(mid-\w+)"
)
WHEN = re.compile(r"\b(each year|yearly|annual\w*|every (year|quarter|month|week|day)|quarter\w*|20\d\d)\b")
YEARS = re.compile(
    r"(?<![\d$.,])(?:(?P<year>(?:19|20)\d\d)(?:[-–/](?:20)?(?P<until>\d\d))?|(?P<short>1[5-9]|2\d)[-–](?P<short_until>[123]\d))(?![\d%.,]\d|\d|%)"
)
# "Now" asks for the newest figure only where the starting point is known already.
NOW = _words("now", "currently", "today", "ahorita", "ahora", "actual(mente)?", "hoy")
KNOWN_START = _words("i know", "i see", "already", "ya (l[aeo]s? )?(se|vi|tengo|lei|entendi)")
YEARS_AND_GRADES = re.compile(r"\b20\d\d(-\d\d)?\b|\bgrades? \d+(-\d+)?\b|\bk-\d+\b")
OFTEN = re.compile(
    r"\b(regularly|each (year|month|week)|every (year|month|week|quarter)|yearly|annual\w*|monthly|weekly|twice|times a)\b"
)
SCHOOLS = re.compile(r"\b(all|every|each|more|[\d.]+%( of)?) (the )?schools?\b|\b100%")
NUMBER = re.compile(r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|half)\b")
PRICE = re.compile(r"\$|\b(free|no cost|fee|fees|paid)\b")
LANGUAGE = re.compile(r"\b(spanish|language|languages|english)\b")


def asked_for(text: str) -> Asked | None:
    """The kind of thing that `text` asks for; None where any fact on the subject answers."""
    folded = fold(text)
    return next((kind for kind, pattern in ASKED if pattern.search(folded)), None)


def years(text: str) -> frozenset[int]:
    """The years that a text names: 2024, 2024-25 (both), 24-25 (both)."""
    found: set[int] = set()
    for match in YEARS.finditer(text):
        first = int(match["year"] or f"20{match['short']}")
        until = match["until"] or match["short_until"]
        follows = until is not None and int(until) == (first + 1) % 100
        if match["year"] or follows:
            found |= {first, first + 1} if follows else {first}
    return frozenset(found)


def years_told(plan: Plan) -> frozenset[int]:
    """The years that any fact of the plan speaks of."""
    return frozenset().union(*(years(_english(node)) for node in plan.nodes.values()), years(plan.meta.years))


def tells(node: Node, asked: Asked) -> bool:
    """Whether the fact holds a thing of the kind asked for."""
    text = _english(node)
    match asked:
        case "quantity":
            return NUMBER.search(YEARS_AND_GRADES.sub(" ", text)) is not None
        case "day":
            return MONTH_OR_DAY.search(text) is not None
        case "date":
            return MONTH_OR_DAY.search(text) is not None or WHEN.search(text) is not None
        case "place" | "steps":
            return isinstance(node, Resource) and (node.url is not None or node.phone is not None)
        case "price":
            return PRICE.search(text) is not None
        case "language":
            return LANGUAGE.search(text) is not None
        case "often":
            return OFTEN.search(text) is not None
        case "schools":
            return SCHOOLS.search(text) is not None


def lacking(node: Measure, text: str, aspect: str | None) -> Literal["baseline", "latest", "year"] | None:
    """What a message asks of a measure that its sources lack: its starting point, its newest figure, or a year's figure.

    A measure without a number is told as such; that is all that its sources say of it.
    """
    folded = fold(text)
    now = LATEST.search(folded) is not None or KNOWN_START.search(folded) is not None and NOW.search(folded) is not None
    if now:
        return "latest" if node.latest is None else None
    if aspect == "baseline" and node.baseline is None:
        return "baseline"
    named = years(text)
    return "year" if named and named.isdisjoint(years(_english(node))) else None


def _english(node: Node) -> str:
    """All that a fact says, in lower-case English."""
    match node:
        case Measure():
            told = [node.text.en, *(part.en for part in (node.target, node.baseline) if part)]
            told += [node.latest.value.en, node.latest.as_of] if node.latest else []
        case Pillar():
            told = [node.summary.en]
        case Priority():
            told = [node.focus.en if node.focus else "", node.why.en if node.why else ""]
        case _:
            told = [node.text.en]
    return " ".join(told).lower()
