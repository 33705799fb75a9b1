"""Recognising danger to someone, from patterns; recall comes before precision."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

from .folding import fold

Patterns = dict[str, tuple["re.Pattern[str]", ...]]


@lru_cache(maxsize=1)
def _patterns() -> tuple[Patterns, Patterns, tuple["re.Pattern[str]", ...]]:
    raw = yaml.safe_load((Path(__file__).parent / "crisis.yml").read_text(encoding="utf-8"))
    certain, found = (
        {kind: tuple(re.compile(p) for p in group) for kind, group in raw[name].items()} for name in ("certain", "patterns")
    )
    return certain, found, tuple(re.compile(p) for p in raw["unless"])


def certain_kind(text: str) -> str | None:
    """The kind of danger where the words leave no doubt ("me violaron"), else None."""
    certain, _, unless = _patterns()
    folded = fold(text)
    return None if any(pattern.search(folded) for pattern in unless) else _first(certain, folded)


def crisis_kind(text: str) -> str | None:
    """"self_harm", "abuse", "violence" or "missing" where `text` speaks of someone in danger, else None."""
    certain, found, unless = _patterns()
    folded = fold(text)
    if any(pattern.search(folded) for pattern in unless):
        return None
    return _first(certain, folded) or _first(found, folded)


def _first(patterns: Patterns, folded: str) -> str | None:
    return next((kind for kind, group in patterns.items() if any(pattern.search(folded) for pattern in group)), None)
