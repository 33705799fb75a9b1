"""Deciding what a message asks for, from the classifier's ranking, its references and the application's evidence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .crisis import crisis_kind
from .folding import fold
from .references import References

SMALLTALK = ("greet", "thanks", "bye", "how_are_you", "who_are_you")
REFUSALS = ("personal", "injection", "off_topic")
ASPECT_ORDER = ("baseline", "target", "measures", "strategies", "resources", "priorities", "why", "about")
LETTERS = "ABCDEF"
OF_THE_NTH = re.compile(r"(?<!\w)(de|of|in|en|for|para|del) (la|the|el|lo|that)?(?!\w)")

# Question words that ask for something else than a named part of the topic.
ASKS = re.compile(r"(?<!\w)(how many|how much|how often|when|who|where|cuant\w+|cuando|quien\w*|donde|ktos|cdo)(?!\w)")

# Probability of danger from which it is heard: alone, and where a pattern of danger matches too.
DANGER_AT, DANGER_AT_PATTERN = 0.7, 0.1
# Thanks, or the wish for a person, in strong words.
SURE_DANGER_AT = 0.95
# The classifier that sees no embedding counts where the other is absent, and beside it where it is sure.
CRISIS_AT = 0.35
# Words that ask for a person, and for a telephone, an address or a figure of what was just told.
PERSON = re.compile(
    r"(?<!\w)(person|persona|human\w*|agent\w*|operator\w*|operador\w*|representative|representante|empleado\w*|"
    r"(talk|speak|hablar|ablar|platicar) (to|with|con)|(to|with|con) (alguien|someone|somebody)|"
    r"(someone|somebody) (i|to|in))(?!\w)"
)
CONTACT = re.compile(
    r"(?<!\w)(phone|telefono|tel|cel|call|llamo|llamar|llama|marco|marcar|ablo|url|link|liga|enlace|website|web|pagina|sitio|"
    r"direccion|address|correo|email)(?!\w)"
)
# What one asks of a place or program that was just named: price, hours, language, who it is for.
DETAIL = re.compile(
    r"(?<!\w)(gratis|gratuit\w*|free|cost\w*|cuest\w*|cobra\w*|paga\w*|price|precio|abr[ei]n?|cierr\w*|sierr\w*|open\w*|clos\w*|hours?|"
    r"horario\w*|sabado|domingo|saturday|sunday|weekend|espanol|spanish|idioma\w*|hablan|ablan|atienden|queda|cita|grades?|grados?|edad\w*|ages?)(?!\w)"
)
FIGURE = re.compile(r"(?<!\w)(number|numero|figure|cifra|percent\w*|porcentaje)(?!\w)")
# Below this the message alone does not say which fact it is about.
SURE_HIT = 0.6
BRIEF_WORDS = 3
SMALLTALK_AT = 0.5
LONG_SMALLTALK_AT = 0.8
ASKING_SMALLTALK_AT = 0.9
HANDOFF_AT, SURE_HANDOFF_AT, NEVER = 0.5, 0.85, 2.0
REFUSE_AT = 0.6
# What may be about one child's record is not answered with a fact of the plan.
PERSONAL_AT = 0.35
REFUSE_LINKED_AT = 0.82
SCOPE_SHARE = 0.75


@dataclass(frozen=True)
class Evidence:
    """What the application sends with a message, in its `metadata`.

    `hits` are (node id, probability) pairs, best first; `scope` the probability of "plan", "off_topic",
    "personal" and "injection"; `shown` the ids last listed; `topic` the ids last answered on; `danger` the
    probability that someone is in danger, and `danger_kind` of which kind.
    """

    language: str = "en"
    requested_language: str | None = None
    hits: tuple[tuple[str, float], ...] = ()
    best_pillar: str | None = None
    best_priority: str | None = None
    scope: Mapping[str, float] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    danger: float | None = None
    danger_kind: str | None = None


@dataclass(frozen=True)
class Decision:
    """An intent, and for questions the topic (None: keep the conversation's) and aspect (None: keep it too)."""

    intent: str
    topic: tuple[str, ...] | None = None
    aspect: str | None = None
    detail: str | None = None
    linked: bool = False


def decide(text: str, references: References, ranking: Mapping[str, float], evidence: Evidence) -> Decision:
    """The decision for one message; `ranking` maps intents to probabilities and is empty without a classifier."""
    danger = _danger(text, ranking, evidence)
    if danger is not None:
        return Decision("crisis", detail=danger)
    named = bool(references.ids or references.unknown_ids)
    if evidence.requested_language and not named and references.content_words <= (8 if references.pronoun else 5):
        return Decision("language_switch", detail=evidence.requested_language)
    continues = bool(evidence.topic) and (references.linked or references.ordinal is not None)
    asks = ASKS.search(fold(text)) is not None or "?" in text
    near = bool(evidence.hits) and evidence.hits[0][1] >= SURE_HIT and references.content_words >= 3
    for intent in SMALLTALK:
        sure = LONG_SMALLTALK_AT if near or references.content_words > 5 else SMALLTALK_AT
        sure = ASKING_SMALLTALK_AT if evidence.topic and asks else sure
        if ranking.get(intent, 0.0) >= sure and not named and not references.aspects and not continues:
            return Decision(intent)
    if ranking.get("handoff", 0.0) >= _handoff_at(text, references, evidence) and not named:
        return Decision("handoff")
    refusal = _refusal(text, references, ranking, evidence)
    if refusal is not None:
        return Decision("refuse", detail=refusal)
    return _question(text, references, evidence)


def _danger(text: str, ranking: Mapping[str, float], evidence: Evidence) -> str | None:
    """The kind of danger that someone is in, from the patterns and the application's classifier; None where neither hears any.

    Where the message comes without the application's evidence, Rasa's own classifier stands in for it.
    """
    if evidence.danger is None:
        return crisis_kind(text) or ("self_harm" if ranking.get("crisis", 0.0) >= CRISIS_AT else None)
    calm = max((ranking.get(intent, 0.0) for intent in (*SMALLTALK, "handoff")), default=0.0) >= SMALLTALK_AT
    if calm and evidence.danger < SURE_DANGER_AT and crisis_kind(text) is None:
        return None
    return hears_danger(text, evidence.danger, evidence.danger_kind)


def hears_danger(text: str, danger: float, kind: str | None) -> str | None:
    """The kind of danger, where the application's classifier is sure enough, or less sure and a pattern matches."""
    pattern = crisis_kind(text)
    if danger >= (DANGER_AT if pattern is None else DANGER_AT_PATTERN):
        return pattern or kind or "self_harm"
    return None


def _handoff_at(text: str, references: References, evidence: Evidence) -> float:
    """How sure the classifier must be that a person is wanted; a telephone of what is being told of is another thing."""
    if PERSON.search(fold(text)):
        return HANDOFF_AT
    return NEVER if evidence.topic and _asks_contact(text) else SURE_HANDOFF_AT


def _asks_contact(text: str) -> bool:
    return CONTACT.search(fold(text)) is not None or FIGURE.search(fold(text)) is not None


def _continues(text: str, references: References, evidence: Evidence) -> bool:
    """Whether a short message goes on from the last answer: it opens so, points back, or is too brief to stand alone."""
    if not evidence.topic or references.content_words > 4:
        return False
    unsure = not evidence.hits or evidence.hits[0][1] < SURE_HIT
    return references.linked or references.pronoun or (unsure and len(text.split()) <= BRIEF_WORDS)


def _refusal(text: str, references: References, ranking: Mapping[str, float], evidence: Evidence) -> str | None:
    """The reason for not answering, where classifier and scope together say so; naming the plan's parts speaks against."""
    chances = {reason: _blend(evidence.scope.get(reason), ranking.get(reason)) for reason in REFUSALS}
    reason = max(REFUSALS, key=lambda r: chances[r])
    total = sum(chances.values())
    if references.ids or references.unknown_ids:
        return reason if reason != "off_topic" and chances[reason] >= 0.8 else None
    if references.bare:
        return None
    if chances["personal"] >= (REFUSE_AT if _continues(text, references, evidence) else PERSONAL_AT):
        return "personal"
    return reason if total >= (REFUSE_LINKED_AT if _continues(text, references, evidence) else REFUSE_AT) else None


def _blend(scope: float | None, ranked: float | None) -> float:
    """The application's scope, which has been calibrated, counts for more than the classifier's ranking."""
    if scope is None or ranked is None:
        return scope if scope is not None else ranked or 0.0
    return SCOPE_SHARE * scope + (1 - SCOPE_SHARE) * ranked


def _question(text: str, references: References, evidence: Evidence) -> Decision:
    aspect = next((a for a in ASPECT_ORDER if a in references.aspects), None)
    linked = references.linked or references.bare or (references.pronoun and references.content_words <= 3)
    by_ordinal = _by_ordinal(text, references, evidence)
    if references.ids or references.unknown_ids:
        topic = references.ids + references.unknown_ids
        keeps = references.linked and references.bare
        return Decision("ask_about", topic, aspect or (None if keeps else "none"), linked=keeps)
    if by_ordinal is not None:
        keeps = aspect is None and OF_THE_NTH.search(fold(text)) is not None
        return Decision("ask_about", by_ordinal, None if keeps else aspect or "none", linked=True)
    if references.level == "pillar" and references.content_words >= 1 and evidence.best_pillar and not linked:
        return Decision("ask_about_level", (evidence.best_pillar,), aspect or "none")
    asks_else = aspect is None and ASKS.search(fold(text)) is not None
    contact = _contact(text, references, evidence)
    if contact is not None:
        return Decision("follow_up", None, contact, linked=True)
    points = bool(evidence.topic and references.aspects) and references.pronoun and references.content_words <= 2
    leans = points or (references.bare and bool(references.aspects or references.pronoun or references.linked))
    if leans and not asks_else and references.level != "pillar":
        return Decision("follow_up", None, aspect or "none", linked=True)
    topic = (evidence.hits[0][0],) if evidence.hits else ()
    linked = linked or _continues(text, references, evidence)
    return Decision("ask", topic, aspect or "none", linked=linked and bool(evidence.topic))


def _contact(text: str, references: References, evidence: Evidence) -> str | None:
    """The part of the topic that a message asks for by "what number do I call" or "is there a figure for that"."""
    short = bool(evidence.topic) and references.content_words <= 2
    if not (short or _continues(text, references, evidence)) or references.aspects:
        return None
    resource = evidence.topic[0].startswith("res_") or ".R" in evidence.topic[0]
    if resource and DETAIL.search(fold(text)):
        return "resources"
    if not _asks_contact(text):
        return None
    return "resources" if resource or CONTACT.search(fold(text)) else "measures"


def _by_ordinal(text: str, references: References, evidence: Evidence) -> tuple[str, ...] | None:
    """The node that "the second one" or "the third priority" means in this conversation."""
    if references.ordinal is None:
        return None
    number = -1 if references.ordinal == "last" else int(references.ordinal) - 1
    pillar = next((t[0] for t in evidence.topic if t[:1].isdigit()), None)
    if references.ordinal_of == "pillar":
        return (str(number + 1),) if number >= 0 else None
    level_up = len(evidence.shown) > 0 and "." in evidence.shown[0] and OF_THE_NTH.search(fold(text)) is not None
    if (references.ordinal_of == "priority" or level_up) and pillar and 0 <= number < len(LETTERS):
        return (f"{pillar}{LETTERS[number]}",)
    if references.content_words <= 2 and -1 <= number < len(evidence.shown) and evidence.shown:
        return (evidence.shown[number],)
    return None
