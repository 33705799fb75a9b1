"""How a message goes on from the last answer: an item of what was listed, a detail of what was told, or more of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .folding import fold
from .references import References

LETTERS = "ABCDEF"
FEMININE = re.compile(r"\b(la|de la) (?P<number>[1-5])a\b")
STEPS = {"next": 1, "previous": -1}
OF_THE_NTH = re.compile(r"(?<!\w)(de|of|in|en|for|para|del) (la|the|el|lo|that)?(?!\w)")

# Question words that ask for something else than a named part of the topic.
ASKS = re.compile(r"(?<!\w)(how many|how much|how often|when|who|where|cuant\w+|cuando|quien\w*|donde|ktos|cdo)(?!\w)")
# Words that ask for a telephone, an address or a figure of what was just told.
ADDRESSES = r"url|link|liga|enlace|website|web|pagina|sitio|direccion|address|correo|email"
CONTACT = re.compile(
    r"(?<!\w)(phone|telefono|tel|cel|call|llamo|llamar|llama|marco|marcar|ablo|insta|instagram|facebook|twitter|"
    rf"{ADDRESSES})(?!\w)"
)
LINK = re.compile(rf"(?<!\w)({ADDRESSES})(?!\w)")
FIGURE = re.compile(r"(?<!\w)(number|numero|figure|cifra|percent\w*|porcentaje)(?!\w)")
# What one asks of a place or program that was just named: price, hours, language, who it is for.
DETAIL = re.compile(
    r"(?<!\w)(gratis|gratuit\w*|free|cost\w*|cuest\w*|cobra\w*|paga(?:n|r|mos|ria)?|price|precio|abr[ei]n?|cierr\w*|sierr\w*|open\w*|clos\w*|hours?|"
    r"what time|(q|que|ke) (hora|dia)s?|horario\w*|sabado|domingo|saturday|sunday|weekend|espanol|spanish|idioma\w*|hablan|ablan|"
    r"atienden|queda|cita|"
    r"sign up|inscrib\w+|apunt\w+|registr\w+|enrol\w*)(?!\w)"
)
# Whom a fact is about.
FOR_WHOM = re.compile(r"(?<!\w)(grades?|grados?|edad\w*|ages?)(?!\w)")
WHEN = re.compile(r"(?<!\w)(when|until|how long|cuando|hasta cuando|desde cuando|cuanto (dura|tiempo))(?!\w)")
# A question, or a wish for more, that has no content of its own.
MORE = re.compile(
    r"(?<!\w)(what|whats|which|how|when|who|where|more|explain|explique|expliqueme|mas|que|ke|q|cual|cuales|como|cuant\w+|cuando|"
    r"quien\w*|donde|list|lista)(?!\w)"
)
TO_THE_ASSISTANT = re.compile(r"(?<!\w)(you|u|ur|your|youre|tu|usted|eres|estas|haces|tal|onda)(?!\w)")
# All that is done, one by one.
EVERYTHING = re.compile(
    r"(?<!\w)(list|lista|todo|todos|todas|everything|gonna do|going to do|plan to do|will be done|"
    r"vana? hacer|vana? a hacer|va a hacer|se hara|haran|piensan hacer|demas)(?!\w)"
)
WHOLE_LIST = re.compile(
    r"(?<!\w)((?<!waiting )(?<!wait )(?<!on the )(?<!on your )(?<!on that )list|liste|enliste|todo lo (demas|que)|"
    r"(?<!esta )(?<!estan )(?<!este )(?<!esten )(?<!estar )(?<!ya )(?<!bien )(?<!en la )lista(?! de espera| para| pa))(?!\w)"
)
# What somebody asks who wants to know where in the plan the last answer stands.
BELONGS = re.compile(r"(?<!\w)(pertene[cs]\w+|belong\w*|part of|es parte|under|falls?|comes? under|from|de (que|cual)|in)(?!\w)")
LEVEL = re.compile(r"(?<!\w)(which|what|que|ke|cual) (?P<level>pillar|pilar|priority|prioridad)(?!\w)")
# Nouns that an ordinal counts in a school, not in an answer.
SCHOOL_YEARS = frozenset({
    "ano", "grade", "grader", "graders", "grades", "grado", "idioma", "language", "period", "quarter", "semester", "year",
})
ARTICLES = frozenset({"the", "el", "la", "lo", "number", "numero", "option", "opcion"})
OPENERS = frozenset({"and", "y", "ok", "n", "so", "a", "de", "of", "no"})

# Above this the message alone says which fact it is about.
SURE_HIT = 0.6
BRIEF_WORDS = 3
# A message with more content words than this stands alone.
FEW_WORDS = 3


@dataclass(frozen=True)
class Evidence:
    """What the application sends with a message, in its `metadata`.

    `asks_only_language` is true where the message asks for the language `requested_language` and nothing else.
    `hits` are (node id, probability) pairs, best first; `scope` the probability of "plan", "off_topic",
    "personal" and "injection"; `shown` the ids last listed; `topic` the ids last answered on; `danger` the
    probability that someone is in danger, and `danger_kind` of which kind.
    """

    language: str = "en"
    requested_language: str | None = None
    asks_only_language: bool = False
    hits: tuple[tuple[str, float], ...] = ()
    best_pillar: str | None = None
    best_priority: str | None = None
    scope: Mapping[str, float] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    danger: float | None = None
    danger_kind: str | None = None


def sure(evidence: Evidence) -> bool:
    """Whether the message alone says which fact it is about, and that is not the one just told."""
    return bool(evidence.hits) and evidence.hits[0][1] >= SURE_HIT and evidence.hits[0][0] not in evidence.topic[:1]


def asks_contact(text: str) -> bool:
    """Whether a message asks for a telephone, an address or a figure."""
    return CONTACT.search(fold(text)) is not None or FIGURE.search(fold(text)) is not None


def asks_link(text: str) -> bool:
    """Whether a message asks for an address, in the city or on the web."""
    return LINK.search(fold(text)) is not None


def continues(text: str, references: References, evidence: Evidence) -> bool:
    """Whether a short message goes on from the last answer: it opens so, points back, or is too brief to stand alone."""
    if not evidence.topic or references.content_words > FEW_WORDS + references.linked:
        return False
    unsure = not evidence.hits or evidence.hits[0][1] < SURE_HIT
    return references.linked or references.pronoun or (unsure and len(text.split()) <= BRIEF_WORDS)


def elaborates(text: str, references: References, evidence: Evidence) -> bool:
    """Whether a message without content of its own asks for more of what was just told."""
    folded = fold(text)
    if not evidence.topic or not references.bare or references.ordinal is not None or TO_THE_ASSISTANT.search(folded):
        return False
    return MORE.search(folded) is not None or bool(references.aspects)


def lists_all(text: str, references: References) -> bool:
    """Whether a message asks for the whole list of what is done, in clear words where it has content of its own."""
    words = EVERYTHING if references.bare else WHOLE_LIST
    return not references.aspects and words.search(fold(text)) is not None


def part_asked(text: str, references: References, evidence: Evidence) -> str | None:
    """The part of the topic that a message asks for by "what number do I call" or "is there a figure for that"."""
    if not evidence.topic or references.aspects:
        return None
    if references.content_words > 2 and not continues(text, references, evidence):
        return None
    told = evidence.topic[0]
    of_it = references.pronoun and references.content_words <= 1
    folded = fold(text)
    if of_it and "." in told and not is_resource(told) and (DETAIL.search(folded) or FOR_WHOM.search(folded)):
        return "none"
    listed = bool(evidence.shown) and all(is_resource(node_id) for node_id in evidence.shown)
    resource = is_resource(told) or listed
    if resource and (FOR_WHOM.search(folded) or of_it and WHEN.search(folded)):
        return "resources"
    if DETAIL.search(folded) and (resource or not references.bare):
        return "resources"
    if not asks_contact(text) or references.content_words > 1 and sure(evidence):
        return None
    return "resources" if resource or CONTACT.search(fold(text)) else "measures"


def is_resource(node_id: str) -> bool:
    """Whether an id is a resource's: of a priority ("2D.R1") or of the district ("res_tutoring")."""
    return node_id.startswith("res_") or ".R" in node_id


def by_ordinal(text: str, references: References, evidence: Evidence) -> tuple[str, ...] | None:
    """The node that "the second one" or "the third priority" means in this conversation."""
    if references.ordinal is None:
        return None
    if references.ordinal in STEPS:
        return _neighbour(evidence, STEPS[references.ordinal]) if references.content_words <= 1 else None
    number = -1 if references.ordinal == "last" else int(references.ordinal) - 1
    pillar = next((t[0] for t in evidence.topic if t[:1].isdigit()), None)
    if references.ordinal_of == "pillar":
        return (str(number + 1),) if number >= 0 else None
    numbered = _numbered(references, evidence, number)
    if numbered is not None:
        return numbered
    counts_priorities = references.ordinal_of == "priority" or _of_level_above(text, references, evidence)
    if counts_priorities and pillar and 0 <= number < len(LETTERS):
        return (f"{pillar}{LETTERS[number]}",)
    picks = references.content_words <= 2 or _opens_with_ordinal(text)
    if picks and -1 <= number < len(evidence.shown) and evidence.shown:
        return (evidence.shown[number],)
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
