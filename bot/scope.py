"""Whether a message is for the plan, read alone and with the question before it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.components.folding import fold
from bot.components.following import OWN
from bot.components.references import References

# Fitted on the turns of benchmarks/conversations by benchmarks/follow_ups.py: what each feature adds to the log odds
# that a later turn of a conversation is not for the plan.
WEIGHTS: Mapping[str, float] = {
    "bias": -6.28, "alone": 1.22, "with_context": 0.33, "words": 0.91, "points_back": -1.21, "own": 0.83, "deed": 2.29,
}
MOST_WORDS = 8
# What the assistant is told to do beside answering: "can you take it off his record", "me lo puede llenar", "write me a poem".
DEED = re.compile(
    r"^(now |ok |y |and |ahora )*"
    r"(write|draw|sing|compose|escri[bv]a(me)?|escri[bv]eme|haga(me)?|hazme|can(te|ta)me|dibuj[ea](me)?)( me)? "
    r"(a|an|un|una|my|mi)(?!\w)|"
    r"(?<!\w)(?<!se )((can|could|will|would) (you|u)|(me |le |lo |la |nos )*(puede|puedes|podria|podrias))"
    r"( please| porfa| por favor)? "
    r"(?!tell|explain|say|show|give|list|repeat|name|answer|describe|help|speak|talk|decir|explicar|dar|contar|repetir|mostrar|"
    r"ayudar|hablar|contestar|responder|ver|saber|haber|ser|estar|ir|entrar|tener)[a-z]+"
)
LEAST_CHANCE = 1e-4


@dataclass(frozen=True)
class FollowUp:
    """What speaks for refusing a later turn: the log odds of its scope `alone` and `with_context`, and its form.

    `words` counts its content words, at most eight; `points_back`, `own` (it speaks of the writer's own child or affairs) and
    `deed` (it tells the assistant to do something else than to answer) are 0 or 1.
    """

    alone: float
    with_context: float
    words: float
    points_back: float
    own: float
    deed: float


def follow_up(text: str, references: References, alone: Mapping[str, float], with_context: Mapping[str, float]) -> FollowUp:
    """The features of a later turn with the scopes `alone` and read after the question before it."""
    return FollowUp(
        _log_odds(alone), _log_odds(with_context), float(min(references.content_words, MOST_WORDS)),
        float(references.linked or references.pronoun), float(OWN.search(fold(text)) is not None),
        float(DEED.search(fold(text)) is not None),
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
