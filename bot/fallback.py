"""Deciding without Rasa: the same rules, but no classifier and no memory of the conversation."""

from bot.acts import Act, DialogueAct
from bot.components.decision import Decision, decide
from bot.components.following import Evidence
from bot.components.references import References
from bot.dialogue import DialogueEvidence

ACT_OF_INTENT: dict[str, Act] = {
    "ask": "answer", "ask_about": "answer_about", "ask_about_level": "answer_about_level", "follow_up": "follow_up",
    "refuse": "refuse", "crisis": "crisis", "handoff": "handoff", "language_switch": "language_switch",
    "greet": "greet", "thanks": "thanks", "bye": "bye", "how_are_you": "how_are_you", "who_are_you": "who_are_you",
}


def decide_alone(text: str, references: References, evidence: DialogueEvidence) -> DialogueAct:
    """The act for a message taken by itself."""
    alone = Evidence(
        language=evidence.language, requested_language=evidence.requested_language,
        asks_only_language=evidence.asks_only_language, hits=evidence.hits,
        best_pillar=evidence.best_pillar, best_priority=evidence.best_priority, scope=evidence.scope,
        danger=evidence.danger, danger_kind=evidence.danger_kind,
    )
    return act_of(decide(text, references, {}, alone))


def act_of(decision: Decision) -> DialogueAct:
    """A decision as the act that Rasa's rules make of it."""
    aspect = None if decision.aspect in (None, "none") else decision.aspect
    return DialogueAct(ACT_OF_INTENT[decision.intent], decision.topic or (), aspect, decision.detail, decision.linked)
