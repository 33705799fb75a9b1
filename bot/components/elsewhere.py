"""Whether a message asks of another district's plan than the one that the assistant knows."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from .folding import fold


@dataclass(frozen=True)
class _Patterns:
    """What elsewhere.yml compiles to."""

    district: "re.Pattern[str]"
    another: "re.Pattern[str]"
    place: "re.Pattern[str]"
    theirs: "re.Pattern[str]"
    on_the_way: "re.Pattern[str]"
    of_a_plan: "re.Pattern[str]"
    compared: "re.Pattern[str]"
    own: frozenset[str]


def asks_elsewhere(text: str) -> bool:
    """Whether `text` names another district, or a place that has one, as what it asks about.

    Somebody who tells where the family comes from does not ask about that place, nor does who compares it with this one.
    """
    patterns = _patterns()
    folded = fold(text)
    if patterns.compared.search(folded):
        return False
    if patterns.district.search(folded):
        return True
    if any(found["name"] not in patterns.own for found in patterns.another.finditer(folded)):
        return True
    if not patterns.place.search(folded):
        return False
    of_its_plan = patterns.of_a_plan.search(folded) is not None and not patterns.on_the_way.search(folded)
    return of_its_plan or patterns.theirs.search(folded) is not None


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    raw = yaml.safe_load((Path(__file__).parent / "elsewhere.yml").read_text(encoding="utf-8"))

    def some(*kinds: str) -> str:
        return "(?:" + "|".join(re.escape(word) for kind in kinds for word in raw[kind]) + ")"

    def whole(pattern: str) -> "re.Pattern[str]":
        return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")

    places, streets = some("places"), "(?! (?:ave|avenue|blvd|boulevard|st|street|elementary|middle|high))"
    named, networks = some("places", "networks"), some("networks")
    district = rf"{named} ?{some('after')}|{some('before')} (?:la |los |las |el )?{places}|{networks}"
    return _Patterns(
        whole(district),
        whole(r"(?P<name>[a-z.]+) (?:unified|isd|usd)"),
        whole(rf"(?:in|en|de|for|about|at|to|sobre|para|puso|tiene) {places}(?!\w){streets}|(?<!.){places}"),
        whole(r"their (?:school )?(?:district|plan|schools)|(?:el|su) (?:plan|distrito) de alla"),
        whole(some("on_the_way")),
        re.compile(rf"(?<!\w){some('of_a_plan')}(?!\w)|%"),
        whole(some("compared")),
        frozenset(raw["own"]),
    )
