"""Whether a message speaks of someone in danger: patterns and the application's classifier together, recall first."""

from collections.abc import Mapping

from .crisis import certain_kind, crisis_kind
from .following import SMALLTALK, Evidence, continues
from .pointing import by_ordinal
from .references import References

# Probability of danger from which it is heard: alone, and where a pattern of danger matches too.
DANGER_AT, DANGER_AT_PATTERN = 0.65, 0.2
# A short message that goes on from an answer ("and when did he get here") says little by itself.
DANGER_AT_LINKED = 0.8
# Thanks, the wish for a person, or the name of a part of the plan, in strong words.
SURE_DANGER_AT = 0.95
# Nothing but a wish for a language, with its reason: "it's for my husband".
SUREST_DANGER_AT = 0.99
# The classifier that sees no embedding counts where the other is absent, and beside it where it is sure.
CRISIS_AT = 0.35
CALM_AT, CALMEST_AT = 0.5, 0.98
NEVER = 2.0


def danger_heard(text: str, references: References, ranking: Mapping[str, float], evidence: Evidence) -> str | None:
    """The kind of danger that someone is in, from the patterns and the application's classifier; None where neither hears any.

    Where the message comes without the application's evidence, Rasa's own classifier stands in for it.
    """
    certain = certain_kind(text)
    if certain is not None:
        return certain
    pattern = crisis_kind(text)
    if evidence.danger is None:
        return pattern or ("self_harm" if ranking.get("crisis", 0.0) >= CRISIS_AT else None)
    if evidence.requested_language is not None and pattern is not None:
        # Words that ask for a language make the rest sound calm to the classifier.
        return pattern
    calm = max((ranking.get(intent, 0.0) for intent in (*SMALLTALK, "handoff")), default=0.0)
    least = _least_danger(text, references, evidence, calm)
    if evidence.danger < least and pattern is None:
        return None
    return _heard(pattern, evidence.danger, evidence.danger_kind)


def _least_danger(text: str, references: References, evidence: Evidence, calm: float) -> float:
    """How sure the classifier must be of danger, as the message's form and the conversation speak for something harmless."""
    chosen = by_ordinal(text, references, evidence) is not None
    if chosen and references.bare:
        return NEVER
    if evidence.asks_only_language or calm >= CALMEST_AT:
        return SUREST_DANGER_AT
    if calm >= CALM_AT or chosen or references.ids or references.unknown_ids:
        return SURE_DANGER_AT
    goes_on = continues(text, references, evidence) or evidence.topic and references.linked
    return DANGER_AT_LINKED if goes_on else 0.0


def hears_danger(text: str, danger: float, kind: str | None) -> str | None:
    """The kind of danger, where the application's classifier is sure enough, or less sure and a pattern matches."""
    return certain_kind(text) or _heard(crisis_kind(text), danger, kind)


def _heard(pattern: str | None, danger: float, kind: str | None) -> str | None:
    if danger >= (DANGER_AT if pattern is None else DANGER_AT_PATTERN):
        return pattern or kind or "self_harm"
    return None
