"""The words by which a message names parts of the plan, as vocabulary.yml holds them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Vocabulary:
    """The words of vocabulary.yml, each mapped to what it stands for; `links` matches an opening that goes on from before."""

    aspects: Mapping[str, str]
    ordinals: Mapping[str, str]
    far_ordinals: Mapping[str, str]
    numbers: Mapping[str, str]
    pillar: frozenset[str]
    priority: frozenset[str]
    links: "re.Pattern[str]"
    empty: frozenset[str]
    whole: frozenset[str]
    pronouns: frozenset[str]
    courtesy: frozenset[str]
    measuring: frozenset[str]
    quantity: "re.Pattern[str]"
    phrases: "tuple[Phrase, ...]"


@dataclass(frozen=True)
class Phrase:
    """An aspect of several words; Spanish infinitives in it may carry a pronoun ("quieren bajarlas")."""

    text: str
    words: tuple[str, ...]
    pattern: "re.Pattern[str]"

    def stands_in(self, text: str) -> bool:
        """Whether folded `text` holds the phrase, as whole words."""
        return self.text in text and self.pattern.search(text) is not None

    def taken_from(self, text: str) -> str:
        """`text` without the phrase."""
        return self.pattern.sub(" ", text) if self.text in text else text


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The shipped vocabulary."""
    raw = yaml.safe_load((Path(__file__).parent / "vocabulary.yml").read_text(encoding="utf-8"))

    def by_word(groups: Mapping[object, list]) -> dict[str, str]:  # type: ignore[type-arg]
        return {str(word): str(key) for key, group in groups.items() for word in group}

    aspects = by_word(raw["aspects"])
    quantity = "|".join(re.escape(str(word)) for word in raw["quantity"])
    links = "|".join(re.escape(str(link)) for link in raw["links"])
    return Vocabulary(
        aspects, by_word(raw["ordinals"]), by_word(raw["far_ordinals"]), by_word(raw["numbers"]), frozenset(raw["pillar"]),
        frozenset(raw["priority"]),
        re.compile(rf"(?:{links})(?!\w)"), frozenset(str(w) for w in raw["empty"]), frozenset(raw["whole"]),
        frozenset(raw["pronouns"]), frozenset(raw["courtesy"]), frozenset(raw["measuring"]),
        re.compile(rf"(?<!\w)(?:{quantity})(?!\w)"),
        tuple(_phrase(word) for word in aspects if " " in word),
    )


def _phrase(text: str) -> Phrase:
    return Phrase(text, tuple(text.split()), re.compile(rf"(?<!\w){re.escape(text)}(?:l[aeo]s?)?(?!\w)"))
