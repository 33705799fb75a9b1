"""What the web chat page says: its own sentences, and message text split for display."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from api.visitor import LANGUAGES

LOCALES = Path(__file__).resolve().parents[1] / "bot" / "locales"


class PageSentencesError(ValueError):
    """The page's locale files do not hold the same sentences."""


@dataclass(frozen=True)
class Span:
    """A run of message text, with the address it leads to when it is a link."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class Block:
    """A paragraph (one line) or a list (a line for each entry)."""

    is_list: bool
    lines: tuple[tuple[Span, ...], ...]

    @property
    def plain(self) -> tuple[str, ...]:
        """The lines as text."""
        return tuple("".join(span.text for span in line) for line in self.lines)


@lru_cache(maxsize=1)
def load_page_sentences() -> dict[str, dict[str, str]]:
    """Return the page's sentences by language and key; both languages must hold the same keys."""
    return read_page_sentences(LOCALES)


def read_page_sentences(folder: Path) -> dict[str, dict[str, str]]:
    """Read page.en.yml and page.es.yml from `folder` and check that each has every key of the other."""
    sentences: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        path = folder / f"page.{language}.yml"
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(loaded, dict):
            raise PageSentencesError(f"{path}: expected a mapping of key to sentence")
        for key, sentence in loaded.items():
            if not isinstance(sentence, str) or not sentence.strip():
                raise PageSentencesError(f"{path}: {key!r} must be a sentence in text")
        sentences[language] = loaded
    every_key = set().union(*sentences.values())
    for language, held in sentences.items():
        if missing := sorted(every_key - set(held)):
            raise PageSentencesError(f"page.{language}.yml lacks: {', '.join(missing)}")
    return sentences


_LINK = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<web>https?://[^\s<>\"]+|\b(?:[a-z0-9-]+\.)+(?:com|edu|gov|net|org|us)\b(?:/[^\s<>\"]*)?)"
    r"|(?P<phone>(?:\+?\b1[-. ]?)?(?:\(\d{3}\) ?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b)"
    r"|(?P<short>\b(?:911|988)\b)",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"[.,;:!?)\]»”'\"]+$")


def message_blocks(text: str, *, crisis: bool = False) -> list[Block]:
    """Split an answer into paragraphs and lists, with phone numbers and web addresses as links."""
    blocks: list[Block] = []
    for line in filter(str.strip, text.splitlines()):
        is_list = line.startswith("• ")
        spans = tuple(_spans(line.removeprefix("• ").strip(), crisis=crisis))
        if is_list and blocks and blocks[-1].is_list:
            blocks[-1] = Block(True, (*blocks[-1].lines, spans))
        else:
            blocks.append(Block(is_list, (spans,)))
    return blocks


def _spans(line: str, *, crisis: bool) -> Iterable[Span]:
    end = 0
    for match in _LINK.finditer(line):
        found, start = match.group(), match.start()
        if match.lastgroup == "short" and not crisis:
            continue
        if match.lastgroup == "web":
            found = _TRAILING.sub("", found)
        if start > end:
            yield Span(line[end:start])
        yield Span(found, _address(match.lastgroup, found))
        end = start + len(found)
    if end < len(line):
        yield Span(line[end:])


def _address(kind: str | None, found: str) -> str:
    if kind == "mail":
        return f"mailto:{found}"
    if kind == "web":
        return found if re.match(r"https?://", found, re.IGNORECASE) else f"https://{found}"
    digits = re.sub(r"\D", "", found)
    return f"tel:+1{digits[-10:]}" if kind == "phone" else f"tel:{digits}"
