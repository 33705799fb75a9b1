"""Removal of direct identifiers from free text before it is kept.

`redact` replaces e-mail addresses, telephone numbers and other long digit runs by bracketed tags. Public facts a
plan is full of (plan ids, years, percentages, amounts) stay readable.
"""

import re
from collections.abc import Callable

EMAIL_TAG = "[email]"
PHONE_TAG = "[phone]"
NUMBER_TAG = "[number]"

_SPACE = r"(?:[^\S\r\n]|[\u200b-\u200f\u2060\ufeff])"
_DASH = r"[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"
_JOIN = rf"(?:{_SPACE}{{1,5}}|{_SPACE}?{_DASH}{_SPACE}?)"
_PHONE_JOIN = rf"(?:{_SPACE}|{_DASH}|[./_\u00b7\u2022]){{0,5}}"
_YEAR = r"(?:19|20)\d\d"
_EXTENSION = rf"(?:{_SPACE}{{0,2}},?{_SPACE}?(?:extensi[oó]n|ext\.?|x|#){_SPACE}?\d{{1,6}}(?!\d))?"

_EMAIL = re.compile(
    r"[\w.+%'&*/=?^{|}~!#$-]{1,64}@[\w-]+(?:\.[\w-]+)*"
    rf"|[\w.+%'-]{{1,64}}{_SPACE}?@{_SPACE}?[\w-]+(?:\.[\w-]+)+"
)

_PHONES = (
    # International: a plus sign and 7 to 15 digits.
    rf"[+\uff0b]{_SPACE}?(?P<plus>\(?\d(?:[()]?{_PHONE_JOIN}[()]?\d){{6,14}})(?!\d){_EXTENSION}",
    # North American, three-three-four, with or without the country code.
    rf"(?:(?<![^\W_])(?:00)?1{_PHONE_JOIN}|(?<!\d))(?P<nanp>(?:\({_SPACE}?)?\d{{3}}(?:{_SPACE}?\))?{_PHONE_JOIN}"
    rf"\d{{3}}{_PHONE_JOIN}\d{{4}}|\d{{3}},\d{{3}},\d{{4}}|\d{{3}},{_SPACE}[2-9]\d\d,{_SPACE}\d{{4}})(?!\d){_EXTENSION}",
    # A bracketed area code of another length.
    rf"(?P<area>\(\d{{1,4}}\){_PHONE_JOIN}(?P<rest>\d{{2,4}}(?:{_JOIN}?\d{{2,4}}){{1,3}}))(?!\d){_EXTENSION}",
    # Dotted groups, and digits spelled out one by one.
    r"(?<![\d.])(?P<dotted>\d{2,4}(?:[./]\d{2,4}){2,6})(?!\d|[./]\d)",
    rf"(?<!\d)(?P<spelled>\d(?:(?:{_SPACE}|{_DASH}|[._/]){{1,2}}\d){{9}})(?!\d)",
)
_PHONE = re.compile("|".join(_PHONES), re.IGNORECASE)

_PUBLIC = re.compile(
    "|".join(
        (
            r"(?<![^\W_])\d[A-Za-z](?:\.[A-Za-z]{1,3}\d{1,3})?(?![^\W_])",  # plan ids: 2D, 2D.M1
            r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?(?![\d,]*\d)",  # 237,000
            rf"(?<![\d.,])\d{{1,3}}(?:\.\d{{3}})+(?:,\d{{1,2}})?(?![\d.]*\d|{_DASH}\d)",  # 237.000
            rf"\${_SPACE}?\d{{1,9}}(?:\.\d{{1,2}})?(?![\d,.]*\d|{_DASH}\d)",  # $50000
            rf"(?<![\d.,])\d{{1,3}}(?:[.,]\d{{1,4}})?{_SPACE}?%",
        )
    )
)

_RUN = re.compile(rf"\d+(?:{_JOIN}\d+)*")
# Ids with a letter inside, and local telephone numbers with a dot.
_MIXED = re.compile(r"(?<!\d)\d{5,}[A-Za-z]\d{1,6}(?!\w)|(?<![\d.,])\d{3}\.\d{4}(?!\d)")
_SPLIT_CHUNKS = re.compile(rf"(?<=\d){_SPACE}{{1,5}}(?=\d)")
_YEARS = re.compile(rf"(?P<start>{_YEAR})(?:{_SPACE}?{_DASH}{_SPACE}?(?P<end>\d\d|{_YEAR}))?")
_AMOUNT_AND_YEAR = re.compile(rf"\d{{3}}\.\d00{_SPACE}+{_YEAR}")
_LONGEST_RANGE_YEARS = 40

Piece = tuple[str, bool]


def redact(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Return `text` with e-mail addresses, telephone numbers and runs of five or more digits replaced by tags.

    `keep` holds public numbers, as digits only or in any writing, that stay as they are. Applying the function to
    its own result changes nothing.
    """
    kept = frozenset(_national(_digits(number)) for number in keep)
    while (cleaned := _redact_once(text, kept)) != text:
        text = cleaned
    return text


def _redact_once(text: str, kept: frozenset[str]) -> str:
    pieces: list[Piece] = [(text, False)]
    pieces = _each(pieces, _EMAIL, lambda _: EMAIL_TAG)
    pieces = _each(pieces, _PHONE, lambda match: _phone(match, kept))
    pieces = _each(pieces, _PUBLIC, lambda match: match.group())
    pieces = _each(pieces, _MIXED, lambda _: NUMBER_TAG)
    pieces = _each(pieces, _RUN, lambda match: _run(match.group(), kept))
    return "".join(piece for piece, _ in pieces)


def _each(pieces: list[Piece], pattern: re.Pattern[str], decide: Callable[[re.Match[str]], str | None]) -> list[Piece]:
    """Split the open pieces at the matches of `pattern`; a decided match is closed, `None` leaves it open."""
    out: list[Piece] = []
    for piece, closed in pieces:
        if closed:
            out.append((piece, True))
            continue
        start = 0
        for match in pattern.finditer(piece):
            decided = decide(match)
            if decided is None:
                continue
            out += [(piece[start : match.start()], False), (decided, True)]
            start = match.end()
        out.append((piece[start:], False))
    return out


def _phone(match: re.Match[str], kept: frozenset[str]) -> str | None:
    groups = match.groupdict()
    number = next(groups[name] for name in ("plus", "nanp", "area", "dotted", "spelled") if groups[name])
    digits = _digits(number)
    if _national(digits) in kept:
        return match.group()
    if groups["nanp"] and _AMOUNT_AND_YEAR.fullmatch(number):
        return None
    if groups["area"] and (not 8 <= len(digits) <= 11 or _is_years(groups["rest"])):
        return None
    if groups["dotted"] and (len(digits) < 10 or re.match(rf"{_YEAR}/", number)):
        return None
    return PHONE_TAG


def _run(run: str, kept: frozenset[str]) -> str:
    digits = _digits(run)
    if len(digits) < 5 or _national(digits) in kept or _is_years(run):
        return run
    national = len(_national(digits)) == 10
    dialled_abroad = digits.startswith(("00", "011")) and 11 <= len(digits) <= 18
    return PHONE_TAG if national or dialled_abroad else NUMBER_TAG


def _is_years(run: str) -> bool:
    """Say whether a run is years or year ranges, each with at most a one- or two-digit number beside it."""
    kinds = [_is_year_chunk(chunk) for chunk in _SPLIT_CHUNKS.split(_tight(run))]
    if None in kinds or True not in kinds:
        return False
    return not any(first is False and second is False for first, second in zip(kinds, kinds[1:], strict=False))


def _is_year_chunk(chunk: str) -> bool | None:
    """`True` for a year or a range, `False` for a number of one or two digits, `None` for anything else."""
    if len(chunk) <= 2:
        return False
    match = _YEARS.fullmatch(chunk)
    if match is None:
        return None
    if match["end"] is None:
        return True
    start, end = int(match["start"]), int(match["end"])
    if end < 100:
        end += start - start % 100
        end += 100 if end < start else 0
    return True if 0 <= end - start <= _LONGEST_RANGE_YEARS else None


def _tight(run: str) -> str:
    return re.sub(rf"{_SPACE}?({_DASH}){_SPACE}?", r"\1", run)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())


def _national(digits: str) -> str:
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
