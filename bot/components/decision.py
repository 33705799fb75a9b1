"""Deciding what a message asks for, from the classifier's ranking, its references and the application's evidence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .danger import danger_heard
from .folding import fold
from .following import (
    ASKS,
    BRIEF_WORDS,
    EVERYTHING,
    FOR_WHOM,
    OWN,
    SURE_HIT,
    WHEN,
    Evidence,
    continues,
    corrects,
    elaborates,
    for_others,
    lists_all,
    part_asked,
    sure,
)
from .pointing import OF_THE_NTH, asks_level, by_ordinal, feminine_ordinal, ids_asked, level_pointed, owner_asked
from .references import References
from .smalltalk import PERSONAL_AT, PERSONAL_NEAR_AT, smalltalk, wants_person
from .wish import wished_language

REFUSALS = ("personal", "injection", "off_topic")
ASPECT_ORDER = ("baseline", "target", "measures", "strategies", "resources", "priorities", "why", "about")

# Where facts are surely meant or the plan is named, more must speak for refusing (measured on benchmarks/questions.jsonl).
THE_PLAN = re.compile(
    r"(?<!\w)((el|del|al|the|this|este|ese|su|your|their) (strategic |district |school )?plan(?! (de|of) )|"
    r"(dice|says?|trae|tiene) (el|the) plan|"
    r"plan (say|dice)|(the|los) (pillars|pilares))(?!\w)"
)
REFUSE_AT, REFUSE_NEAR_AT, SUREST_HIT = 0.6, 0.8, 0.95
# "Se llama Brayan": a record is asked for, whatever else is said.
NAMES_A_CHILD = re.compile(r"\b([Ss]e llama|[Nn]ame is|[Nn]ame's|[Nn]ombre es) [A-ZÁÉÍÓÚÑ]\w+")
LAST_NAME = re.compile(r"(?<!\w)(last name|apellido)(?!\w)")
# "What's the goal for kids his grade": whom a part of the topic is asked for.
MOST_WORDS_OF_GRADE = 2
# A short message in a conversation that only sounds like an order.
SURE_INJECTION_AT = 0.9
SCOPE_SHARE = 0.75
# "I pressed the wrong thing. English please.": a wish that is a sentence of its own.
OWN_SENTENCE = re.compile(
    r"[.,;!?]\s*(en |in )?(english|ingles|spanish|espanol)(,? (please|pls|plz|porfa\w*|por favor|xfa))?\W*$"
)
LONGEST_REQUEST = 10
# "In English please, what is the Family Academy?"
ASKS_FOR_A_FACT = re.compile(
    r"(?<!\w)(what|whats|which|how (many|much)|who|where|when|cual(es)?|cuant\w+|quien\w*|donde|cuando|que (es|son))(?!\w)"
)


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
    danger = danger_heard(text, references, ranking, evidence)
    if danger is not None:
        return Decision("crisis", detail=danger)
    named = bool(references.ids or references.unknown_ids)
    brief = references.content_words <= _longest_request(text, references, evidence)
    if evidence.requested_language and not named and (brief or evidence.asks_only_language):
        return Decision("language_switch", detail=evidence.requested_language)
    wished = wished_language(text, references, ranking, evidence)
    if wished is not None:
        return Decision("language_switch", detail=wished)
    if NAMES_A_CHILD.search(text) and OWN.search(fold(text)) or LAST_NAME.search(fold(text)):
        return Decision("refuse", detail="personal")
    if _goes_on(text, references, evidence):
        return _question(text, references, evidence)
    kind = smalltalk(text, references, ranking, evidence)
    if kind is not None:
        return Decision(kind)
    if wants_person(text, references, ranking, evidence):
        return Decision("handoff")
    refusal = _refusal(text, references, ranking, evidence)
    if refusal is not None:
        return Decision("refuse", detail=refusal)
    return _question(text, references, evidence)


def _longest_request(text: str, references: References, evidence: Evidence) -> int:
    """How many content words a wish for the other language may have before it is a question that only names one."""
    if not evidence.hits or evidence.hits[0][1] < SURE_HIT or OWN_SENTENCE.search(fold(text)):
        return LONGEST_REQUEST
    if references.pronoun:
        return 8
    return 1 if ASKS_FOR_A_FACT.search(fold(text)) else 5


def _goes_on(text: str, references: References, evidence: Evidence) -> bool:
    """Whether a message plainly asks for more of the last answer, so that it is neither small talk nor beside the plan."""
    if for_others(text, references, evidence):
        return True
    own = OWN.search(fold(text)) is not None and references.content_words > 0
    private = evidence.scope.get("personal", 0.0) >= REFUSE_AT and references.content_words > 2
    if not evidence.topic or private or own:
        return False
    picked = references.ordinal is not None and by_ordinal(text, references, evidence) is not None
    return picked or elaborates(text, references, evidence) or part_asked(text, references, evidence) is not None


def _refusal(text: str, references: References, ranking: Mapping[str, float], evidence: Evidence) -> str | None:
    """The reason for not answering, where classifier and scope together say so; naming the plan's parts speaks against."""
    chances = {reason: _blend(evidence.scope.get(reason), ranking.get(reason)) for reason in REFUSALS}
    reason = max(REFUSALS, key=lambda r: chances[r])
    total = sum(chances.values())
    if references.ids or references.unknown_ids:
        return reason if reason != "off_topic" and chances[reason] >= 0.8 else None
    if references.bare or references.level is not None and references.content_words <= 1:
        return None
    if reason == "off_topic" and _names_a_measure(references, evidence):
        return None
    if reason == "injection" and continues(text, references, evidence) and chances[reason] < SURE_INJECTION_AT:
        return None
    # Two facts may say nearly the same (a resource of a priority, and the district's).
    surely_meant = sum(score for _, score in evidence.hits[:2]) >= SUREST_HIT and not evidence.topic
    near = surely_meant or THE_PLAN.search(fold(text)) is not None
    if chances["personal"] >= (PERSONAL_NEAR_AT if near else PERSONAL_AT):
        return "personal"
    return reason if total >= (REFUSE_NEAR_AT if near else REFUSE_AT) else None


def _names_a_measure(references: References, evidence: Evidence) -> bool:
    """Whether a target or starting point is asked for and one measure stands out: "meta de asistencia para preparatoria"."""
    asks = not {"target", "baseline", "measures"}.isdisjoint(references.aspects)
    return asks and bool(evidence.hits) and ".M" in evidence.hits[0][0] and evidence.hits[0][1] >= SURE_HIT


def _blend(scope: float | None, ranked: float | None) -> float:
    """The application's scope, which has been calibrated, counts for more than the classifier's ranking."""
    if scope is None or ranked is None:
        return scope if scope is not None else ranked or 0.0
    return SCOPE_SHARE * scope + (1 - SCOPE_SHARE) * ranked


def _question(text: str, references: References, evidence: Evidence) -> Decision:
    aspect = next((a for a in ASPECT_ORDER if a in references.aspects), None)
    linked = references.linked or references.bare or (references.pronoun and references.content_words <= 3)
    chosen = by_ordinal(text, references, evidence)
    picked = feminine_ordinal(text, references, evidence)
    if picked is not None:
        return Decision("ask_about", picked, aspect or "none", linked=True)
    if references.ids or references.unknown_ids:
        topic = ids_asked(text, references)
        if aspect == "priorities" and len(references.ids) == 1 and len(references.ids[0]) == 2:
            # "Why does priority 4B matter": the word only introduces the id.
            aspect = next((a for a in ASPECT_ORDER if a in references.aspects and a != "priorities"), None)
        keeps = references.linked and references.bare
        aspect = aspect or ("strategies" if not keeps and EVERYTHING.search(fold(text)) else None)
        return Decision("ask_about", topic, aspect or (None if keeps else "none"), linked=keeps)
    if chosen is not None:
        keeps = aspect is None and OF_THE_NTH.search(fold(text)) is not None
        return Decision("ask_about", chosen, None if keeps else aspect or "none", linked=True)
    owner = owner_asked(text, references, evidence)
    if owner is not None:
        return Decision("ask_about", (owner,), "none", linked=True)
    pointed = level_pointed(text, references, evidence)
    if pointed is not None:
        return Decision("ask_about", (pointed,), aspect or "none", linked=True)
    overview = bool(evidence.hits) and evidence.hits[0][0].startswith("ov_") and evidence.hits[0][1] >= SURE_HIT
    of_pillar = references.level == "pillar" and references.content_words >= 1 and (not overview or asks_level(text))
    if of_pillar and evidence.best_pillar and not linked:
        return Decision("ask_about_level", (evidence.best_pillar,), aspect or "none")
    if corrects(text) and for_others(text, references, evidence):
        return Decision("follow_up", None, aspect or "none", linked=True)
    part = part_asked(text, references, evidence)
    if part is not None:
        return Decision("follow_up", None, part, linked=True)
    if lists_all(text, references) and (evidence.topic or not references.bare):
        if references.bare:
            listed = "measures" if evidence.shown and ".M" in evidence.shown[0] else "strategies"
            return Decision("follow_up", None, listed, linked=True)
        aspect = "strategies"
    asks_else = aspect is None and ASKS.search(fold(text)) is not None
    # "By when?" asks it of what was just told.
    asks_else = asks_else and not (references.bare and len(text.split()) <= BRIEF_WORDS and WHEN.search(fold(text)))
    points = bool(evidence.topic and references.aspects) and references.pronoun and references.content_words <= 2
    of_grade = references.content_words <= MOST_WORDS_OF_GRADE and FOR_WHOM.search(fold(text)) is not None
    points = points or bool(evidence.topic and references.aspects) and of_grade
    if aspect == "baseline" and evidence.topic and ".M" in evidence.topic[0] and references.content_words <= 2:
        # "What percent said yes back then": no other measure is named.
        points = points or not (sure(evidence) and ".M" in evidence.hits[0][0])
    points = points and (references.linked or not (references.content_words > 1 and sure(evidence)))
    # "What about AP, how many kids do they want in those" names another matter.
    names_another = aspect == "about" and references.content_words > 0 and sure(evidence)
    leans = points and not names_another or elaborates(text, references, evidence)
    points_back = bool(references.aspects or references.pronoun or references.linked)
    leans = leans or (references.bare and references.ordinal is None and points_back)
    if leans and not asks_else and references.level != "pillar":
        return Decision("follow_up", None, aspect or "none", linked=True)
    topic = (evidence.hits[0][0],) if evidence.hits else ()
    linked = linked or continues(text, references, evidence)
    return Decision("ask", topic, aspect or "none", linked=linked and bool(evidence.topic))
