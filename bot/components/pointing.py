"""What a message points at in a conversation: the second one, the next, that pillar, the priority it belongs to."""

import re

from .folding import fold
from .following import Evidence
from .references import References

LETTERS = "ABCDEF"
FEMININE = re.compile(r"\b(la|de la) (?P<number>[1-5])a\b")
STEPS = {"next": 1, "previous": -1}
OF_THE_NTH = re.compile(r"(?<!\w)(de|of|in|en|for|para|del) (la|the|el|lo|that)?(?!\w)")
# What somebody asks who wants to know where in the plan the last answer stands.
BELONGS = re.compile(r"(?<!\w)(pertene[cs]\w+|belong\w*|part of|es parte|under|falls?|comes? under|from|de (que|cual)|in)(?!\w)")
LEVEL = re.compile(r"(?<!\w)(which|what|que|ke|cual) (?P<level>pillar|pilar|priority|prioridad)(?!\w)")
# "How many measures does that pillar have".
THAT_LEVEL = re.compile(
    r"(?<!\w)(that|this|the same|ese|este|esa|esta|dich[oa]|mism[oa]) (whole |entire |same |mism[oa] )?"
    r"(?P<level>pillar|pilar|priority|prioridad)(?!\w)"
)
# "I already have 1A; what does 1C say?": ids that are not asked for.
HAD = re.compile(
    r"(?<!\w)(already|i count|i see|you (told|gave)|me (dijo|dijeron|dieron)|i have|ive got|i've got|i got|i know|"
    r"ya (l[aeo]s? )?(tengo|se|vi|lei|conozco)|tengo)(?!\w)"
)
ASKED_INSTEAD = re.compile(r"\?|(?<!\w)(but|pero|what|que|cual)(?!\w)")
SENTENCES = re.compile(r"(?<=[.!?;])\s+")
CLAUSES = re.compile(r"[,;.?!]|(?<!\w)(?:but|pero)(?!\w)")
# Nouns that an ordinal counts in a school, not in an answer.
SCHOOL_YEARS = frozenset({
    "ano", "grade", "grader", "graders", "grades", "grado", "idioma", "language", "period", "quarter", "semester", "year",
})
ARTICLES = frozenset({"the", "el", "la", "lo", "number", "numero", "option", "opcion"})
OPENERS = frozenset({"and", "y", "ok", "n", "so", "a", "de", "of", "no"})


def by_ordinal(text: str, references: References, evidence: Evidence) -> tuple[str, ...] | None:
    """The node that "the second one" or "the third priority" means in this conversation."""
    if references.ordinal is None:
        return None
    if references.ordinal in STEPS:
        return _neighbour(evidence, STEPS[references.ordinal]) if references.content_words <= 1 else None
    number = -1 if references.ordinal == "last" else int(references.ordinal) - 1
    pillar = next((t[0] for t in evidence.topic if t[:1].isdigit()), None)
    # Only pillars have priorities.
    has_priorities = "priorities" in references.aspects and references.ordinal_of is None
    if references.ordinal_of == "pillar":
        return (str(number + 1),) if number >= 0 else None
    if has_priorities:
        listed = [shown for shown in evidence.shown if shown.isdigit()] or [str(pillar) for pillar in range(1, number + 2)]
        return (listed[number],) if listed and number < len(listed) else None
    numbered = _numbered(references, evidence, number)
    if numbered is not None:
        return numbered
    counts_priorities = references.ordinal_of == "priority" or _of_level_above(text, references, evidence)
    if counts_priorities and pillar and 0 <= number < len(LETTERS):
        return (f"{pillar}{LETTERS[number]}",)
    picks = references.content_words <= 2 or _opens_with_ordinal(text)
    if picks and -1 <= number < len(evidence.shown) and evidence.shown:
        return (evidence.shown[number],)
    item = re.fullmatch(r"(\d[A-F]\.[SMR])\d+", evidence.topic[0]) if evidence.topic else None
    if item is not None and references.bare and number >= 0 and len(evidence.shown) <= 1:
        # "And the third?" after the second strategy.
        return (f"{item[1]}{number + 1}",)
    about = references.aspects == ("about",) and references.bare and references.ordinal_of is None
    if pillar and about and len(evidence.shown) <= number < len(LETTERS):
        # "And what is the fourth about?" where only two measures were shown.
        return (f"{pillar}{LETTERS[number]}",)
    return None


def _of_level_above(text: str, references: References, evidence: Evidence) -> bool:
    """Whether "those of the fourth" means the fourth priority, because items of a priority, not priorities, were shown."""
    if not evidence.shown or "." not in evidence.shown[0] or OF_THE_NTH.search(fold(text)) is None:
        return False
    figures = ".M" in evidence.shown[0] and not {"baseline", "target", "measures"}.isdisjoint(references.aspects)
    return not figures and (bool(references.aspects) or references.bare)


def feminine_ordinal(text: str, references: References, evidence: Evidence) -> tuple[str, ...] | None:
    """What "la 2a" picks of a list just shown, where it would else be read as priority 2A."""
    found = FEMININE.search(text)
    listed = len(evidence.shown) > 1 and "." in evidence.shown[0]
    if found is None or not listed or len(references.ids) != 1 or references.content_words > 2:
        return None
    number = int(found["number"])
    return (evidence.shown[number - 1],) if number <= len(evidence.shown) else None


def _numbered(references: References, evidence: Evidence, number: int) -> tuple[str, ...] | None:
    """ "The third measure" after something else of a priority was told: by its number in the plan."""
    letter = {"strategies": ".S", "measures": ".M", "resources": ".R"}.get(references.ordinal_of or "")
    owner = evidence.topic[0].split(".")[0] if evidence.topic else ""
    if letter is None or number < 0 or not re.fullmatch(r"\d[A-F]", owner):
        return None
    if evidence.shown and letter in evidence.shown[0]:
        return None
    return (f"{owner}{letter}{number + 1}",)


def owner_asked(text: str, references: References, evidence: Evidence) -> str | None:
    """The priority or pillar of what was last told, where a short message asks which one that is."""
    told, folded = evidence.topic[0] if evidence.topic else "", fold(text)
    level = LEVEL.search(folded)
    if level is None or references.content_words > 2 or references.ids or not BELONGS.search(folded):
        return None
    owner = told.split(".")[0] if level["level"].startswith("pri") else told[:1]
    return owner if told[:1].isdigit() and owner != told else None


def asks_level(text: str) -> bool:
    """Whether a message asks in which pillar or priority something stands."""
    folded = fold(text)
    return LEVEL.search(folded) is not None and BELONGS.search(folded) is not None


def level_pointed(text: str, references: References, evidence: Evidence) -> str | None:
    """The pillar or priority of what was last told, where a message asks for a part of "that pillar"."""
    told, level = evidence.topic[0] if evidence.topic else "", THAT_LEVEL.search(fold(text))
    if level is None or references.ids or not told[:1].isdigit() or not (references.aspects or references.content_words <= 2):
        return None
    return told[:1] if level["level"].startswith("pi") else told.split(".")[0]


def ids_asked(text: str, references: References) -> tuple[str, ...]:
    """The ids that a message asks for, without those that it says are known already."""
    named = references.ids + references.unknown_ids
    if len(named) < 2 or not ASKED_INSTEAD.search(fold(text)):
        return named
    *told, last = SENTENCES.split(fold(text).strip())
    asked = tuple(i for i in named if i.lower() in last)
    if told and asked and last.endswith("?") and "?" not in " ".join(told):
        # "The flyer lists 1A and 1D. What's 1B called?"
        return asked
    known = {i for clause in CLAUSES.split(fold(text)) if HAD.search(clause) for i in named if i.lower() in clause}
    return tuple(i for i in named if i not in known) or named


def _neighbour(evidence: Evidence, step: int) -> tuple[str, ...] | None:
    """What stands `step` places after the last answer: in the list it was chosen from, else in the plan."""
    if not evidence.topic:
        return None
    told = evidence.topic[0]
    # Several facts told at once are no list; what has a number in the plan is followed by the next number.
    numbered = re.fullmatch(r"(\d[A-F]\.[SMR])(\d+)", told)
    if numbered:
        return (f"{numbered[1]}{int(numbered[2]) + step}",) if int(numbered[2]) + step > 0 else None
    if told in evidence.shown and len(evidence.shown) > 1:
        place = evidence.shown.index(told) + step
        if len(evidence.shown) == 2:
            return (evidence.shown[place % 2],)
        return (evidence.shown[place],) if 0 <= place < len(evidence.shown) else None
    if re.fullmatch(r"\d[A-F]", told) and 0 <= LETTERS.index(told[1]) + step < len(LETTERS):
        return (f"{told[0]}{LETTERS[LETTERS.index(told[1]) + step]}",)
    return (str(int(told) + step),) if re.fullmatch(r"\d", told) else None


def _opens_with_ordinal(text: str) -> bool:
    """ "La tercera no la entendí", "number four, tell me more": an article and an ordinal, and no school year after it."""
    words = re.findall(r"\w+", fold(text))
    while words and words[0] in OPENERS:
        words = words[1:]
    return len(words) > 1 and words[0] in ARTICLES and not set(words[2:3]) & SCHOOL_YEARS
