"""Whether a message is for the plan, read alone and with the question before it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bot.components.decision import OWN
from bot.components.folding import fold
from bot.components.references import References

# Fitted on the turns of benchmarks/conversations by benchmarks/follow_ups.py: what each feature adds to the log odds
# that a later turn of a conversation is not for the plan.
WEIGHTS: Mapping[str, float] = {
    "bias": -5.49, "alone": 1.01, "with_context": 0.2, "words": 0.72, "points_back": -1.36, "own": 1.64,
}
MOST_WORDS = 8
LEAST_CHANCE = 1e-4


@dataclass(frozen=True)
class FollowUp:
    """What speaks for refusing a later turn: the log odds of its scope `alone` and `with_context`, and its form.

    `words` counts its content words, at most eight; `points_back` and `own` (it speaks of the writer's own child or affairs)
    are 0 or 1.
    """

    alone: float
    with_context: float
    words: float
    points_back: float
    own: float


def follow_up(text: str, references: References, alone: Mapping[str, float], with_context: Mapping[str, float]) -> FollowUp:
    """The features of a later turn with the scopes `alone` and read after the question before it."""
    return FollowUp(
        _log_odds(alone), _log_odds(with_context), float(min(references.content_words, MOST_WORDS)),
        float(references.linked or references.pronoun), float(OWN.search(fold(text)) is not None),
    )


def in_conversation(
    text: str, references: References, alone: Mapping[str, float], with_context: Mapping[str, float] | None
) -> dict[str, float]:
    """The scope of a message (probabilities of "plan" and each reason to refuse); alone where nothing was asked before."""
    if with_context is None:
        return dict(alone)
    features = vars(follow_up(text, references, alone, with_context))
    odds = WEIGHTS["bias"] + sum(WEIGHTS[name] * value for name, value in features.items())
    plan = 1 / (1 + math.exp(odds))
    rest = 1 - alone["plan"]
    reasons = {name: chance / rest if rest else 0.0 for name, chance in alone.items() if name != "plan"}
    return {"plan": plan, **{name: (1 - plan) * share for name, share in reasons.items()}}


def _log_odds(scope: Mapping[str, float]) -> float:
    return math.log((1 - scope["plan"] + LEAST_CHANCE) / (scope["plan"] + LEAST_CHANCE))
