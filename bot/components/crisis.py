"""Recognising danger to someone, from patterns; recall comes before precision."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

from .folding import fold

Patterns = dict[str, tuple["re.Pattern[str]", ...]]


@lru_cache(maxsize=1)
def _patterns() -> tuple[Patterns, tuple["re.Pattern[str]", ...]]:
    raw = yaml.safe_load((Path(__file__).parent / "crisis.yml").read_text(encoding="utf-8"))
    found = {kind: tuple(re.compile(p) for p in group) for kind, group in raw["patterns"].items()}
    return found, tuple(re.compile(p) for p in raw["unless"])


def crisis_kind(text: str) -> str | None:
    """"self_harm", "abuse", "violence" or "missing" where `text` speaks of someone in danger, else None."""
    found, unless = _patterns()
    folded = fold(text)
    if any(pattern.search(folded) for pattern in unless):
        return None
    for kind, patterns in found.items():
        if any(pattern.search(folded) for pattern in patterns):
            return kind
    return None
