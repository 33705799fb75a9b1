"""What a message names by its place in the plan: "the third measure of 1D", "the priority after 1A", "the other two".

Where the sources show a list only in part, a place beyond what they show is a gap, and so is the rest of the list.
"""

import re
from typing import Literal

from bot.components.folding import fold
from bot.components.misspelling import TOKEN, misspelt_aspects, misspelt_ordinal, role
from bot.components.vocabulary import vocabulary
from bot.resolution import Question, Resolution
from knowledge.models import Measure, Node, Pillar, Plan, Priority

Kind = Literal["priorities", "strategies", "measures", "resources"]
LETTERS: dict[Kind, str] = {"strategies": "S", "measures": "M", "resources": "R"}
KIND_OF_ASPECT: dict[str, Kind] = {
    "priorities": "priorities", "strategies": "strategies", "measures": "measures", "target": "measures", "baseline": "measures",
    "resources": "resources",
}
LAST = -1
# "4th", "2da", "1ª".
NUMERAL = re.compile(r"(\d{1,2})(st|nd|rd|th|r[ao]|d[ao]|t[ao]|m[ao]|v[ao]|n[ao]|er|[ao]|ª|º)")
AN_ID = re.compile(r"[1-9][a-f]")
COUNTERS = frozenset({"number", "numero", "num", "no", "nro"})
MOST_ITEMS = 20
REST = re.compile(
    r"(?<!\w)((the|any|all|all the) (others?|rest)|"
    r"(the )?other (\d+|one|two|three|four|six|twelve|sixteen|measure|metric|target|goal|priorit|number)\w*|remaining|"
    r"(las|los|el|lo) (otr[ao]s|demas|resto)|otr[ao]s (\d+|dos|tres|seis|doce|dieciseis|medidas|metas|prioridades|numeros)|"
    r"restantes?|faltantes?|(que|q|ke|qe) (me |nos |le )?faltan?)(?!\w)"
)
TWO_LEFT = re.compile(r"(?<!\w)(other (two|2)|otr[ao]s (dos|2))(?!\w)")
# "Besides 4A", "aparte de esa".
EXCEPT = re.compile(
    r"(?<!\w)(besides|other than|apart from|aside from|except|aparte de|ademas de|fuera de|menos|que no sean?)(?!\w)"
)
AFTER = re.compile(
    r"(?<!\w)((come|go|follow)\w* (right |just )?after|after|(sigue|va|viene)n? (justo )?(despues|tras)|despues de)(?!\w)"
)
BETWEEN = re.compile(r"(?<!\w)(between|entre) (the |la |el )?[1-9][a-f] (and|y|e) (the |la |el )?[1-9][a-f](?!\w)")


def placed(plan: Plan, ids: tuple[str, ...], aspect: str | None, question: Question) -> Resolution | None:
    """What `question` means of the nodes `ids` by its place; None where it names no place, or the sources show it anyhow."""
    known = [plan.nodes[i] for i in ids if i in plan.nodes]
    if not known:
        return None
    tokens = TOKEN.findall(fold(question.text))
    place = _place(tokens)
    pillar = _pillar(plan, known)
    if pillar is not None:
        kinds = _kinds(tokens)
        if known == [pillar] and not kinds and aspect in (None, "priorities"):
            # "And the other two?" after a pillar and its priorities.
            kinds = frozenset({"priorities"})
        found = _priority(pillar, place, known, kinds, fold(question.text))
        if found is not None:
            return found
    if place is not None and len(known) == 1 and isinstance(known[0], Priority) and known[0].name is not None:
        return _item(known[0], *place)
    of_pillar = pillar if pillar is not None and (len(known) > 1 or isinstance(known[0], Pillar)) else None
    return _rest(plan, known, of_pillar, aspect, question)


def names_one(text: str, kind: Kind) -> bool:
    """Whether `text` speaks of one strategy, measure, … ("which stratgy is that"), rather than of several."""
    return any(_kind(token) == kind and not token.endswith("s") for token in TOKEN.findall(fold(text)))


def _kind(token: str) -> Kind | None:
    if role(token) == "priority":
        return "priorities"
    words = {token, *misspelt_aspects(token)}
    return next((KIND_OF_ASPECT.get(aspect) for word, aspect in vocabulary().aspects.items() if word in words), None)


def _kinds(tokens: list[str]) -> frozenset[Kind]:
    return frozenset(kind for kind in map(_kind, tokens) if kind is not None)


def _place(tokens: list[str]) -> tuple[Kind, int] | None:
    """A kind and the place counted from 1, or LAST: "third measure", "medida 4", "strategy number two"."""
    for at, token in enumerate(tokens):
        kind = _kind(token)
        if kind is None or token.endswith("s"):
            continue
        before = _number(tokens[at - 1]) if at else None
        if before is not None:
            return kind, before
        after = [t for t in tokens[at + 1 : at + 3] if t not in COUNTERS][:1]
        number = _counted(after[0]) if after and not AN_ID.fullmatch(after[0]) else None
        if number is not None:
            return kind, number
    return None


def _number(token: str) -> int | None:
    """The number of an ordinal; a plain number before a noun says how many, not which."""
    words = vocabulary()
    numeral = NUMERAL.fullmatch(token)
    if numeral is not None:
        return int(numeral[1])
    near = None if token in words.numbers else words.ordinals.get(token) or misspelt_ordinal(token)
    ordinal = near or words.far_ordinals.get(token)
    if ordinal == "last":
        return LAST
    return int(ordinal) if ordinal is not None and ordinal.isdigit() else None


def _counted(token: str) -> int | None:
    number = token if token.isdigit() else vocabulary().numbers.get(token)
    if number is None:
        return _number(token)
    return int(number) if 1 <= int(number) <= MOST_ITEMS else None


def _pillar(plan: Plan, known: list[Node]) -> Pillar | None:
    """The one pillar that a message names, or whose priorities it names."""
    named = {node.id[0] for node in known if isinstance(node, Pillar | Priority)}
    node = plan.nodes.get(next(iter(named))) if len(named) == 1 else None
    return node if isinstance(node, Pillar) else None


def _priority(
    pillar: Pillar, place: tuple[Kind, int] | None, known: list[Node], kinds: frozenset[Kind], folded: str
) -> Resolution | None:
    """The priority of a pillar that is meant by its number, as lying between two, or as one of the others."""
    ids = [priority.id for priority in pillar.priorities]
    if place is not None and place[0] == "priorities":
        number = place[1] - 1 if place[1] > 0 else len(ids) - 1
        return Resolution(mode="about", ids=(ids[number],)) if number < len(ids) else None
    named = {node.id for node in known if isinstance(node, Priority)}
    if BETWEEN.search(folded) and len(named) == 2:
        first, last = sorted(map(ids.index, named))
        return Resolution(mode="about", ids=tuple(ids[first + 1 : last])) if last - first > 1 else None
    others = REST.search(folded) is not None or EXCEPT.search(folded) is not None
    # "The other measures of priority 4A" are measures.
    if not others or kinds - {"priorities"} or "priorities" not in kinds and len(named) < 2:
        return None
    unnamed = tuple(priority.id for priority in pillar.priorities if priority.name is None)
    two_left = TWO_LEFT.search(folded) is not None and len(unnamed) == 2
    rest = tuple(i for i in ids if i not in named) if named and not two_left else unnamed
    return Resolution(mode="about", ids=rest) if rest else None


def _item(priority: Priority, kind: Kind, number: int) -> Resolution | None:
    """The strategy, measure or resource of a priority by its number; the last of a list that is not whole is not known."""
    letter = LETTERS.get(kind)
    if letter is None:
        return None
    count = len(getattr(priority, kind))
    if number == LAST and kind == "measures" and not priority.measures_complete:
        return Resolution(mode="about", ids=(priority.id,), aspect="rest")
    return Resolution(mode="about", ids=(f"{priority.id}.{letter}{count if number == LAST else number}",)) if count else None


def _rest(
    plan: Plan, known: list[Node], pillar: Pillar | None, aspect: str | None, question: Question
) -> Resolution | None:
    """That the sources lack the rest of a list of measures, where a message asks for "the other measures" or those after it."""
    folded = fold(question.text)
    if pillar is not None:
        lacks = pillar.measures_shown < pillar.measures_total
        asked = aspect in ("measures", "target") and REST.search(folded) is not None
        return Resolution(mode="about", ids=(pillar.id,), aspect="rest") if lacks and asked else None
    node = known[0] if len(known) == 1 else None
    owner = plan.nodes.get(plan.parents[node.id] or "") if isinstance(node, Measure) else node
    if not isinstance(owner, Priority) or owner.name is None or owner.measures_complete or not owner.measures:
        return None
    if aspect not in ("measures", "target", "baseline", None) or aspect is None and not isinstance(node, Measure):
        return None
    whole = Resolution(mode="about", ids=(owner.id,), aspect="rest")
    if REST.search(folded) or EXCEPT.search(folded) and len(owner.measures) == 1:
        return whole
    after = AFTER.search(folded)
    return whole if after and _last_shown(owner, folded[after.end() :], question) else None


def _last_shown(priority: Priority, after: str, question: Question) -> bool:
    """Whether what stands after "after" is the last measure that the sources show: by its number, or by what it says."""
    numbers = [number for number in map(_number, TOKEN.findall(after)) if number is not None]
    if numbers:
        return numbers[0] >= len(priority.measures)
    hits = question.evidence.hits(limit=1, among={measure.id for measure in priority.measures})
    return bool(hits) and hits[0].node_id == priority.measures[-1].id
