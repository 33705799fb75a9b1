"""Finding what a message names: ids ("2D.M1"), "pillar two", names of priorities, aspects, ordinals."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .folding import fold
from .misspelling import TOKEN, misspelt_aspects, misspelt_ordinal, phrases_mended, role
from .vocabulary import Vocabulary, vocabulary

ID = re.compile(r"(?<![\w.])([1-9])\s?([a-f])(?:\s?[.\- ]?\s?([smr])\s?(\d{1,2}))?(?![\w])")
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
# Ordinals that depend on where the conversation stands.
NO_PLACE = frozenset({"next", "previous"})
# "My husband asks how much it was before": who asks is not what is asked.
FOR_ANOTHER = re.compile(
    r"^((y|and|ok|oiga) )*(mi|my) \w+ (me )?"
    r"(preguntan?|kiere saber|quiere saber|asks|is asking|wants to know|wonders)( que| si| if)?,? "
)
# "Which are the five pillars? it's for my homework": the list is asked for, whatever else is told.
THE_PILLARS = re.compile(
    r"(?<!\w)(what are|whats|which are|name|list|tell me|give me|cuales son|cuales|nombre\w*|lista de|dig?ame|dime|deme|dame)"
    r"( me)?( the| all| los| todos| de)*( \d| five| cinco)?( los)? (pillars|pilares)"
    r"( (of|in|del|de el|en el) (the |this |este )?plan)?(?=\W*$|\s*[?.!,;]|\s+(so|for|please|pls|para|pa|por favor|porfa)(?!\w))"
    r"|(?<!\w)(pillars|pilares)(?!\w).*(?<!\w)"
    r"(cuales son|(what|which) are they|name (them|all (five|5|of them))|list them)( for me| me)?\W*$"
    r"|(?<!\w)(what are|which are|name|list|tell me|cuales son|nombr\w+|dig?ame|dime)( \w+){0,3} "
    r"(areas|parts|sections|themes|partes|secciones|temas|ejes)(?!\w).{0,25}(?<!\w)(pillars|pilares)(?!\w)"
)
# "Name them", after the pillars were spoken of.
NAME_THEM = re.compile(
    r"(?<!\w)(name|list|which|what|cual(es)?|nombr\w+|enlist\w+|dig?a(me)?(los|las)?|dime(los|las)?)(?!\w)"
)
# "K-5", "9-12": the grades that something is for.
GRADES = re.compile(r"(?<![\w-])(k|\d{1,2})\s?-\s?\d{1,2}(?![\w-])")
# "How long does it last": a verb, no ordinal.
BEFORE_THE_VERB_LAST = frozenset({"it", "they", "that", "this", "to", "will", "would", "does", "do", "plan", "can"})


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


def find_references(text: str, names: Mapping[str, str], known: frozenset[str]) -> References:
    """What `text` names; `names` maps folded names of pillars and priorities to ids, `known` holds all ids."""
    words = vocabulary()
    folded = FOR_ANOTHER.sub("", re.sub(r"(?<=\w) & (?=\w)", " and ", fold(text)))
    ids, unknown = _ids(folded, known)
    stripped = ID.sub(" ", folded)
    for name, node_id in names.items():
        if name in folded and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) and node_id not in ids:
            ids.append(node_id)
            stripped = stripped.replace(name, " ")
    stripped = GLUED.sub(r"\1 \2", stripped)
    for pattern, step in STEPS:
        stripped = pattern.sub(step, stripped)
    stripped = phrases_mended(stripped)
    tokens = TOKEN.findall(stripped)
    roles = [role(token) for token in tokens]
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
    lists_pillars = not ids and names_pillars(folded)
    opening = re.sub(r"^(?:[^\w&]|_)+", "", folded)
    linked = words.links.match(opening) is not None
    told = stripped
    for phrase in words.phrases:
        told = phrase.taken_from(told)
    content = [token for token in TOKEN.findall(told) if not _says_nothing(token, words)] + GRADES.findall(told)
    if words.quantity.search(folded) and not words.measuring.isdisjoint(content) and words.measuring.issuperset(content):
        # "How many points do they want to bring them up": the number to reach of what was told.
        content, aspects = [], aspects or ("target",)
    if aspects:
        content = [token for token in content if token not in words.courtesy]
    if level is not None or linked and aspects:
        content = [token for token in content if token not in words.whole]
    return References(
        tuple(ids), tuple(unknown), aspects, ordinal, ordinal_of, "pillar" if lists_pillars else level, linked,
        lists_pillars or not content,
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
        if role(token) != "pillar":
            continue
        after = [t for t in tokens[place + 1 : place + 4] if t not in {"number", "numero", "num", "no", "the", "el", "#"}][:3]
        joined = True
        for following in after:
            if following in {"and", "y", "vs", "or", "o", "e"}:
                joined = True
                continue
            number = following if re.fullmatch(r"[1-9]", following) else words.numbers.get(following)
            # "Pillar 5 I have": only a digit follows without a joining word ("pillars 1, 2").
            if number is None or not joined and not following.isdigit():
                break
            # "The pillars I think they call them".
            if following == "i" and token.endswith("s"):
                break
            found.append(number)
            joined = False
        before = tokens[place - 1] if place else ""
        if before in words.ordinals and before not in words.numbers and words.ordinals[before] not in NO_PLACE:
            last = max((node_id for node_id in known if node_id.isdigit()), default="")
            found.append(last if words.ordinals[before] == "last" else words.ordinals[before])
    return found


def _aspects(stripped: str, tokens: list[str], words: Vocabulary) -> tuple[str, ...]:
    found: list[str] = []
    if OF_SOMEBODY.search(stripped):
        tokens = [token for token in tokens if token not in {"before", "antes"}]
    if NO_BASELINE.search(stripped):
        tokens = [token for token in tokens if token != "base"]
    named = {phrase.text for phrase in words.phrases if phrase.stands_in(stripped)}.union(tokens, *map(misspelt_aspects, tokens))
    for word, aspect in words.aspects.items():
        if word in named and aspect not in found:
            found.append(aspect)
    return tuple(found)


def _ordinal(tokens: list[str], words: Vocabulary) -> tuple[str | None, str | None]:
    """The first ordinal, and the kind of thing it counts. Plain numbers count only right after an article."""
    articles = {"the", "el", "la", "lo", "number", "numero", "#", "option", "opcion", "del"}
    tokens = [token.removesuffix("'s") for token in tokens]
    for place, token in enumerate(tokens):
        number = words.ordinals.get(token) or misspelt_ordinal(token)
        before = tokens[place - 1] if place else ""
        if token == "last" and before in BEFORE_THE_VERB_LAST:
            continue
        if token in words.numbers or re.fullmatch(r"[1-5]", token):
            after = tokens[place + 1] if place + 1 < len(tokens) else ""
            if after.endswith("s") and role(after) in {"pillar", "priority"}:
                continue
            counts = before in COUNTERS or before == "#" if token in ONES else before in articles
            number = (words.numbers.get(token) or token) if counts else None
        if number is None:
            continue
        nearby = tokens[place + 1 : place + FAR_AWAY]
        for distance, following in enumerate(nearby):
            counted = role(following)
            if counted == "priority" and distance and following.endswith("s"):
                # "The first one, what priorities does it have": another thing is counted.
                break
            if counted in {"pillar", "priority"}:
                return number, counted
            if counted == "aspect":
                return number, words.aspects.get(following)
        after = tokens[place + 1] if place + 1 < len(tokens) else ""
        if not after or after in words.empty or (before in articles and place + 1 == len(tokens)):
            return number, None
    return None, None


def names_pillars(text: str) -> bool:
    """Whether `text` asks for the list of the pillars in so many words."""
    return THE_PILLARS.search(fold(text)) is not None


def asks_for_names(text: str) -> bool:
    """Whether `text` may ask which they are, of things just spoken of."""
    return NAME_THEM.search(fold(text)) is not None


def speaks_of_level(text: str) -> bool:
    """Whether `text` speaks of pillars or priorities at all."""
    return any(role(token) in ("pillar", "priority") for token in TOKEN.findall(fold(text)))


def _of_each(tokens: list[str], roles: list[str | None]) -> bool:
    """True for "by pillar", "each pillar", "por pilar", "the pillars": no single pillar is meant, unless nothing else is."""
    place = roles.index("pillar")
    before = tokens[place - 1] if place else ""
    words = vocabulary()
    nothing = words.empty | words.whole
    told = (token for token, of in zip(tokens, roles, strict=True) if of != "pillar" and words.aspects.get(token) != "about")
    others = [token for token in told if token not in nothing]
    return before in {"by", "each", "every", "per", "por", "cada", "x", "which", "cual", "que"} or (
        tokens[place] in {"pillars", "pilares"} and bool(others)
    )


def _says_nothing(token: str, words: Vocabulary) -> bool:
    counts = token in words.ordinals or misspelt_ordinal(token) is not None
    counts = counts or token in words.numbers or token in COUNTERS or token.isdigit()
    counts = counts or token == "&" or re.fullmatch(r"p[1-9]", token) is not None
    return role(token) is not None or counts or token in words.empty or token.replace("'", "") in words.empty
