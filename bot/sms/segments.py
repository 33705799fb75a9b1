"""Encoding, counting and cutting text messages.

A message whose every character is in the GSM 7-bit default alphabet or its extension table (3GPP TS 23.038, section 6.2.1)
holds 160 septets, or 153 in each part of a longer one; any other is sent as UCS-2 with 70 code units, or 67 in each part
(3GPP TS 23.040, section 9.2.3.24). A character of the extension table takes two septets, one outside the Basic Multilingual
Plane two code units; neither pair is ever divided between parts.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")

ALONE: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
PART: dict[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}

# Typographic characters that say the same in plain ones.
FOLDED = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
        "\u2026": "...", "\u2022": "-", "\u00b7": "-", "\u2192": "->", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ",
        "\u200b": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
    }
)


@dataclass(frozen=True)
class Measured:
    """A text as it would be sent: its encoding, its length in septets or code units, and the number of segments."""

    text: str
    encoding: Encoding
    units: int
    segments: int


def encoding(text: str) -> Encoding:
    """The encoding that `text` needs."""
    return "GSM-7" if all(char in BASIC or char in EXTENSION for char in text) else "UCS-2"


def width(char: str, code: Encoding) -> int:
    """How many septets or code units one character takes."""
    if code == "GSM-7":
        return 2 if char in EXTENSION else 1
    return 2 if ord(char) > 0xFFFF else 1


def parts(text: str) -> list[str]:
    """The text as it is divided into segments by the network: full ones, no pair divided. An empty text is one segment."""
    code = encoding(text)
    if sum(width(char, code) for char in text) <= ALONE[code]:
        return [text]
    found, start, used = [], 0, 0
    for place, char in enumerate(text):
        size = width(char, code)
        if used + size > PART[code]:
            found.append(text[start:place])
            start, used = place, 0
        used += size
    return [*found, text[start:]]


def measure(text: str) -> Measured:
    """Encoding, units and segments of `text`."""
    code = encoding(text)
    return Measured(text, code, sum(width(char, code) for char in text), len(parts(text)))


def plain(text: str) -> str:
    """`text` with typographic quotes, dashes, bullets and spaces folded into plain ones; letters stay as they are."""
    return unicodedata.normalize("NFC", text).translate(FOLDED)


def transliterate(text: str) -> str:
    """`text` with each letter outside GSM-7 replaced by its base letter, where that one is inside; never ñ, which is inside."""
    return "".join(char if char in BASIC or char in EXTENSION else _base(char) for char in text)


def _base(char: str) -> str:
    # A sign loses its meaning with its mark: the base of "not equal" is "equal".
    if not char.isalpha():
        return char
    decomposed = unicodedata.normalize("NFKD", char)
    marks = all(unicodedata.combining(mark) for mark in decomposed[1:])
    return decomposed[0] if marks and decomposed[0] in BASIC else char


def economical(text: str, allowed: bool = True) -> str:
    """`text` folded, and transliterated where `allowed` and where that saves at least one segment."""
    folded = plain(text)
    bare = transliterate(folded)
    return bare if allowed and measure(bare).segments < measure(folded).segments else folded


def head(text: str, limit: int, tail: str = "", allowed: bool = True) -> tuple[str, str]:
    """The longest beginning of `text` that fits `limit` segments together with `tail`, and the rest of `text`.

    It is cut between sentences, else between words; a first word that alone is too long, between characters. White space
    at the cut is dropped. `tail` counts, but is not appended. Both count as `economical` writes them.
    """
    text = text.strip()

    def fits(place: int) -> bool:
        return measure(economical(text[:place].rstrip() + tail, allowed)).segments <= limit

    if fits(len(text)):
        return text, ""
    most = _last(fits, len(text))
    sentences = [m.start() for m in re.finditer(r"(?<=[.!?])\s+|\n+", text) if most / 2 <= m.start() <= most]
    words = [m.start() for m in re.finditer(r"\s+", text) if 0 < m.start() <= most]
    place = (sentences or words or [most])[-1]
    return text[:place].rstrip(), text[place:].lstrip()


def _last(fits: Callable[[int], bool], longest: int) -> int:
    """The greatest length from 1 that fits, 1 where none does; a beginning never needs more segments than a longer one."""
    low, high = 1, longest
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def pages(text: str, limit: int) -> list[str]:
    """`text` cut by `head` into messages of at most `limit` segments each."""
    found: list[str] = []
    rest = text
    while rest:
        first, rest = head(rest, limit)
        found.append(first)
    return found or [""]
