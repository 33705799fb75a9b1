"""What the dialogue decided: an act with its topic and aspect."""

from dataclasses import dataclass
from typing import Literal, get_args

Act = Literal[
    "answer", "answer_about", "answer_about_level", "follow_up", "refuse", "crisis",
    "greet", "thanks", "bye", "how_are_you", "who_are_you", "handoff", "language_switch",
]
ACTS: frozenset[str] = frozenset(get_args(Act))

Outcome = Literal["answered", "gap", "abstain", "crisis", "smalltalk", "handoff", "language_switch"]


@dataclass(frozen=True)
class DialogueAct:
    """One decision. `topic` are node ids; `aspect` a part of them ("strategies", "target", …) or None;

    `detail` refines the act (the kind of crisis, the reason for a refusal, the language asked for);
    `linked` is true where the message leans on the conversation.
    """

    act: Act
    topic: tuple[str, ...] = ()
    aspect: str | None = None
    detail: str | None = None
    linked: bool = False
