"""Finding what a message names: ids ("2D.M1"), "pillar two", names of priorities, aspects, ordinals."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from .folding import fold, within_one_edit

ID = re.compile(r"(?<![\w.])([1-9])\s?([a-f])(?:\s?[.\- ]?\s?([smr])\s?(\d{1,2}))?(?![\w])")
TOKEN = re.compile(r"[\w'&]+")
FAR_AWAY = 3
GLUED = re.compile(r"(?<!\w)(pillars?|pilar(?:es)?)([1-9])(?!\w)")
CLOCK = re.compile(r"[1-9]\s?am\s\d")
COUNTERS = frozenset({"number", "numero", "num", "option", "opcion"})
# "The one that …" and "la una" count nothing.
ONES = frozenset({"one", "uno", "una", "i"})
# "Before you are satisfied", "antes de que mi hijo salga": no starting point of a measure.
OF_SOMEBODY = re.compile(
    r"(?<!\w)(before (you|i|he|she|my|we|school|class)|antes de (ir|entrar|salir|que (yo|mi|el|ella|usted)))(?!\w)"
)
# Common words one edit away from an ordinal.
NOT_ORDINALS = frozenset({
    "cuartos", "cuartas", "cuanto", "cuarto", "cuanta", "fists", "firsts", "forty", "north", "fourths", "primero", "primera",
    "primeros", "primeras", "quintas", "quintos", "seconds", "segundos", "segundas", "terceros", "terceras", "thirds", "third",
})
# "Presupuesto base cero", "base de datos": no starting point either.
NO_BASELINE = re.compile(r"(?<!\w)(base cero|zero[- ]base\w*|bases? de datos|data ?bases?)(?!\w)")
# "¿Tiene alguna meta?": Spanish leaves out the pronoun.
WITHOUT_SUBJECT = re.compile(r"(y |i |ok |oiga )?(tiene|tienen|trae|traen|lleva|llevan) (?!que )")
# "The one right after it", "la que sigue": ordinals of several words.
STEPS = (
    (re.compile(r"(?<!\w)((the )?one (right |just )?after( it| that| this)?|(la|el|lo) (que|q|ke) sigue)(?!\w)"), "the next"),
    (re.compile(r"(?<!\w)(la otra|el otro|the other( one)?)(?=\W*$)"), "the next"),
    (re.compile(r"(?<!\w)((the )?one (right |just )?before( it| that| this)|(la|el) de antes)(?!\w)"), "the previous"),
)
# Shorter aspects are too near to other words for typos.
SHORTEST_ASPECT = 6
# Shorter words of a phrase must stand as they are.
SHORTEST_MISSPELT = 4
# "How long does it last": a verb, no ordinal.
BEFORE_THE_VERB_LAST = frozenset({"it", "they", "that", "this", "to", "will", "would", "does", "do", "plan", "can"})
# Common words one edit away from a word of the vocabulary, which they do not misspell.
NOT_TYPOS = frozenset({
    "calle", "calles", "caller", "callers", "cuando", "hombre", "hombres", "media", "medias", "medica", "medicas", "millar",
    "parque", "season", "seasons", "starts", "stats", "treason", "villar",
})


@dataclass(frozen=True)
class Vocabulary:
    """The words of vocabulary.yml, each mapped to what it stands for.

    `long_aspects` are those of one word that may be misspelt, `phrases` those of several words.
    """

    aspects: Mapping[str, str]
    long_aspects: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    ordinals: Mapping[str, str]
    numbers: Mapping[str, str]
    pillar: frozenset[str]
    priority: frozenset[str]
    links: tuple[str, ...]
    empty: frozenset[str]
    whole: frozenset[str]
    pronouns: frozenset[str]


@dataclass(frozen=True)
class References:
    """What a message names.

    `ids` are nodes of the plan; `unknown_ids` look like ids but the plan has no such node. `ordinal` is "1" to
    "5", "last", "next" or "previous", `ordinal_of` the noun it counts ("pillar", "priority" or None). `level` is "pillar" or
    "priority" where the message speaks of one without saying which. `linked` is true where the message opens
    as a continuation; `bare` where it has no content of its own beyond aspects, ordinals and ids.
    """

    ids: tuple[str, ...] = ()
    unknown_ids: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    ordinal: str | None = None
    ordinal_of: str | None = None
    level: str | None = None
    linked: bool = False
    bare: bool = False
    pronoun: bool = False
    content_words: int = 0


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The shipped vocabulary."""
    raw = yaml.safe_load((Path(__file__).parent / "vocabulary.yml").read_text(encoding="utf-8"))

    def by_word(groups: Mapping[object, list]) -> dict[str, str]:  # type: ignore[type-arg]
        return {str(word): str(key) for key, group in groups.items() for word in group}

    aspects = by_word(raw["aspects"])
    return Vocabulary(
        aspects, tuple(word for word in aspects if len(word) >= SHORTEST_ASPECT and " " not in word),
        tuple(tuple(word.split()) for word in aspects if " " in word),
        by_word(raw["ordinals"]), by_word(raw["numbers"]), frozenset(raw["pillar"]),
        frozenset(raw["priority"]), tuple(str(w) for w in raw["links"]), frozenset(str(w) for w in raw["empty"]),
        frozenset(raw["whole"]), frozenset(raw["pronouns"]),
    )


def find_references(text: str, names: Mapping[str, str], known: frozenset[str]) -> References:
    """What `text` names; `names` maps folded names of pillars and priorities to ids, `known` holds all ids."""
    words = vocabulary()
    folded = re.sub(r"(?<=\w) & (?=\w)", " and ", fold(text))
    ids, unknown = _ids(folded, known)
    stripped = ID.sub(" ", folded)
    for name, node_id in names.items():
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) and node_id not in ids:
            ids.append(node_id)
            stripped = stripped.replace(name, " ")
    stripped = GLUED.sub(r"\1 \2", stripped)
    for pattern, step in STEPS:
        stripped = pattern.sub(step, stripped)
    stripped = _with_phrases_mended(stripped, words)
    tokens = TOKEN.findall(stripped)
    roles = [_role(token, words) for token in tokens]
    numbered = _numbered_pillar(tokens, words, known)
    if numbered:
        ids, unknown = _merge(ids, numbered, known, unknown)
    aspects = _aspects(stripped, tokens, words)
    ordinal, ordinal_of = _ordinal(tokens, words) if not numbered else (None, None)
    level = None
    if not ids and "pillar" in roles:
        level = None if _of_each(tokens, roles) else "pillar"
    elif not ids and "priority" in roles:
        level = "priority"
    opening = re.sub(r"^(?:[^\w&]|_)+", "", folded)
    linked = any(re.match(rf"{re.escape(link)}(?!\w)", opening) for link in words.links)
    content = [t for t in TOKEN.findall(_without_phrases(stripped, words)) if not _says_nothing(t, _role(t, words), words)]
    if level is not None or linked and aspects:
        content = [token for token in content if token not in words.whole]
    return References(
        tuple(ids), tuple(unknown), aspects, ordinal, ordinal_of, level, linked, not content,
        any(token in words.pronouns for token in tokens) or WITHOUT_SUBJECT.match(opening) is not None, len(content),
    )


def _ids(folded: str, known: frozenset[str]) -> tuple[list[str], list[str]]:
    ids: list[str] = []
    unknown: list[str] = []
    for match in ID.finditer(folded):
        pillar, letter, kind, number = match.groups()
        spaced = match.group(0)[1:2] == " "
        before = folded[: match.start()].split()[-1:]
        if spaced and not (before and before[0] in vocabulary().priority):
            continue
        if CLOCK.match(match.group(0)):
            continue
        found = pillar + letter.upper() + (f".{kind.upper()}{int(number)}" if kind else "")
        if found not in known and found.split(".")[0] in known:
            unknown.append(found)
        elif found not in known:
            if before and before[0] in vocabulary().priority:
                unknown.append(found)
            continue
        elif found not in ids:
            ids.append(found)
    for match in re.finditer(r"(?<!\w)(?:ov|res)_\w+", folded):
        if match.group(0) in known:
            ids.append(match.group(0))
    return ids, unknown


def _merge(ids: list[str], pillars: list[str], known: frozenset[str], unknown: list[str]) -> tuple[list[str], list[str]]:
    for pillar in pillars:
        if pillar not in known:
            unknown.append(pillar)
        elif not any(node_id.startswith(pillar) for node_id in ids):
            ids.append(pillar)
    return ids, unknown


def _numbered_pillar(tokens: list[str], words: Vocabulary, known: frozenset[str]) -> list[str]:
    """Pillars named by number: "pillar 2", "pilar dos", "pillar number two", "2nd pillar", "segundo pilar", "p2"."""
    found: list[str] = []
    for place, token in enumerate(tokens):
        short = re.fullmatch(r"p([1-9])", token)
        if short and short.group(1) in known:
            found.append(short.group(1))
        if _role(token, words) != "pillar":
            continue
        after = [t for t in tokens[place + 1 : place + 4] if t not in {"number", "numero", "num", "no", "the", "el", "#"}][:3]
        for following in after:
            number = following if re.fullmatch(r"[1-9]", following) else words.numbers.get(following)
            if number is None:
                if following in {"and", "y", "vs", "or", "o", "e"}:
                    continue
                break
            found.append(number)
        before = tokens[place - 1] if place else ""
        if before in words.ordinals and before not in words.numbers and words.ordinals[before] != "last":
            found.append(words.ordinals[before])
    return found


def _aspects(stripped: str, tokens: list[str], words: Vocabulary) -> tuple[str, ...]:
    found: list[str] = []
    if OF_SOMEBODY.search(stripped):
        tokens = [token for token in tokens if token not in {"before", "antes"}]
    if NO_BASELINE.search(stripped):
        tokens = [token for token in tokens if token != "base"]
    for word, aspect in words.aspects.items():
        if " " in word:
            present = re.search(_phrase(word), stripped) is not None
        else:
            present = word in tokens or any(word in _misspelt_aspects(token) for token in tokens)
        if present and aspect not in found:
            found.append(aspect)
    return tuple(found)


def _ordinal(tokens: list[str], words: Vocabulary) -> tuple[str | None, str | None]:
    """The first ordinal, and the kind of thing it counts. Plain numbers count only right after an article."""
    articles = {"the", "el", "la", "lo", "number", "numero", "#", "option", "opcion", "del"}
    for place, token in enumerate(tokens):
        number = words.ordinals.get(token) or _misspelt_ordinal(token, words)
        before = tokens[place - 1] if place else ""
        if token == "last" and before in BEFORE_THE_VERB_LAST:
            continue
        if token in words.numbers or re.fullmatch(r"[1-5]", token):
            after = tokens[place + 1] if place + 1 < len(tokens) else ""
            if after.endswith("s") and _role(after, words) in {"pillar", "priority"}:
                continue
            counts = before in COUNTERS or before == "#" if token in ONES else before in articles
            number = (words.numbers.get(token) or token) if counts else None
        if number is None:
            continue
        nearby = tokens[place + 1 : place + FAR_AWAY]
        for following in nearby:
            role = _role(following, words)
            if role in {"pillar", "priority"}:
                return number, role
            if role == "aspect":
                return number, words.aspects.get(following)
        after = tokens[place + 1] if place + 1 < len(tokens) else ""
        if not after or after in words.empty or (before in articles and place + 1 == len(tokens)):
            return number, None
    return None, None


def _misspelt_ordinal(token: str, words: Vocabulary) -> str | None:
    """The ordinal that a word of at least five letters misspells by one edit: "frist", "secnd", "segnda"."""
    if len(token) < 5 or token in NOT_ORDINALS or token in words.empty:
        return None
    return next((number for word, number in words.ordinals.items() if len(word) >= 5 and within_one_edit(token, word)), None)


def speaks_of_level(text: str) -> bool:
    """Whether `text` speaks of pillars or priorities at all."""
    words = vocabulary()
    return any(_role(token, words) in ("pillar", "priority") for token in TOKEN.findall(fold(text)))


def _role(token: str, words: Vocabulary) -> str | None:
    if token in words.pillar or (len(token) > 4 and _misspells(token, "pillar")) or token == "pilars":
        return "pillar"
    if token in words.priority or any(_misspells(token, word) for word in words.priority if len(token) > 6):
        return "priority"
    if token in words.aspects or _misspelt_aspects(token):
        return "aspect"
    return None


@lru_cache(maxsize=1024)
def _misspelt_aspects(token: str) -> tuple[str, ...]:
    """The aspects of one long word that `token` misspells."""
    return tuple(word for word in vocabulary().long_aspects if _misspells(token, word))


def _misspells(token: str, word: str) -> bool:
    return token not in NOT_TYPOS and within_one_edit(token, word)


def _with_phrases_mended(text: str, words: Vocabulary) -> str:
    """`text` with misspelt aspects of several words put right: "linea bace" is "linea base"."""
    tokens = TOKEN.findall(text)
    known = set(tokens)
    for phrase in words.phrases:
        if known.isdisjoint(phrase):
            continue
        for start in range(len(tokens) - len(phrase) + 1):
            found = tokens[start : start + len(phrase)]
            if tuple(found) != phrase and all(_is_or_misspells(token, word) for token, word in zip(found, phrase, strict=True)):
                text = text.replace(" ".join(found), " ".join(phrase))
    return text


def _is_or_misspells(token: str, word: str) -> bool:
    return token == word or len(word) >= SHORTEST_MISSPELT and token not in NOT_TYPOS and within_one_edit(token, word)


def _without_phrases(text: str, words: Vocabulary) -> str:
    """`text` without the aspects that take several words, such as "punto de partida"."""
    for phrase in (word for word in words.aspects if " " in word):
        text = re.sub(_phrase(phrase), " ", text)
    return text


def _phrase(phrase: str) -> str:
    """A pattern for an aspect of several words; Spanish infinitives may carry a pronoun ("quieren bajarlas")."""
    return rf"(?<!\w){re.escape(phrase)}(?:l[aeo]s?)?(?!\w)"


def _of_each(tokens: list[str], roles: list[str | None]) -> bool:
    """True for "by pillar", "each pillar", "por pilar", "the pillars": no single pillar is meant, unless nothing else is."""
    place = roles.index("pillar")
    before = tokens[place - 1] if place else ""
    nothing = vocabulary().empty | vocabulary().whole
    others = [t for place, t in enumerate(tokens) if roles[place] != "pillar" and t not in nothing]
    return before in {"by", "each", "every", "per", "por", "cada", "x", "which", "cual", "que"} or (
        tokens[place] in {"pillars", "pilares"} and bool(others)
    )


def _says_nothing(token: str, role: str | None, words: Vocabulary) -> bool:
    counts = token in words.ordinals or _misspelt_ordinal(token, words) is not None
    counts = counts or token in words.numbers or token in COUNTERS or token.isdigit()
    counts = counts or token == "&" or re.fullmatch(r"p[1-9]", token) is not None
    return role is not None or counts or token in words.empty or token.replace("'", "") in words.empty
