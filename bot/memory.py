"""What a conversation remembers from turn to turn: its last answer on the plan, and what was asked before that.

Kept as JSON beside the conversation and deleted with it; questions are redacted before they come here.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from bot.components.folding import fold
from bot.components.references import References
from bot.resolution import Answer, Context, Earlier, Resolution
from knowledge.models import Locale, Pillar, Plan

# Matters kept beside the last one, newest first.
MOST_EARLIER = 4
# "Going back to …", "volviendo a lo de …", "y lo primero".
BACK = re.compile(
    r"(?<!\w)((back|returning) to(?! (school|class|work|home|campus))|"
    r"(regres(o|ando|emos|amos)|volv(iendo|emos|amos)|vuelvo) a(?! (clases?|la (escuela|casa)|casa|trabajar))|"
    r"(the|that) first (thing|question|one) (i|we|u|you) (asked|said|told)|the first thing|what i asked (first|before)|"
    r"lo (primero|que le pregunte (primero|antes|al principio)|del principio))(?!\w)"
)
FIRST = re.compile(r"(?<!\w)(first|primero|principio)(?!\w)")
Nearest = Callable[[str, Sequence[str]], int]


class Memory(BaseModel):
    """What the store keeps of a conversation: the last answer on the plan, and earlier questions with their topics."""

    model_config = ConfigDict(frozen=True)

    question: str = ""
    topic: tuple[str, ...] = ()
    resolution: Resolution | None = None
    earlier: tuple[Earlier, ...] = ()


def recall(kept: Mapping[str, object] | None, shown: tuple[str, ...], language: Locale | None = None) -> Context:
    """The context that a conversation's `kept` memory, its last `shown` list and its `language` make."""
    memory = Memory.model_validate(kept or {})
    return Context(memory.question, memory.topic, shown, memory.resolution, memory.earlier, language)


def remember(question: str, answer: Answer, resolution: Resolution, context: Context) -> dict[str, object]:
    """The memory after `answer`; acts that say nothing of the plan leave the conversation's topic as it was.

    What is asked after a crisis, or the wish for a person, is asked of the telephone that was given.
    """
    memory = Memory(question=context.question, topic=context.topic, resolution=context.resolution, earlier=context.earlier)
    if answer.outcome in ("crisis", "handoff") and answer.citations:
        topic = tuple(dict.fromkeys((*answer.citations[:1], *context.topic)))
        memory = memory.model_copy(update={"topic": topic, "resolution": resolution})
    elif answer.outcome in ("answered", "gap"):
        topic = resolution.ids or context.topic
        memory = Memory(question=question, topic=topic, resolution=resolution, earlier=_earlier(context, topic))
    return memory.model_dump(mode="json")


def _earlier(context: Context, topic: tuple[str, ...]) -> tuple[Earlier, ...]:
    """The earlier matters with the last one before them, where the conversation has gone on to another."""
    if not context.question or not context.topic or context.topic[:1] == topic[:1]:
        return context.earlier
    others = (earlier for earlier in context.earlier if earlier.topic[:1] not in (context.topic[:1], topic[:1]))
    return (Earlier(question=context.question, topic=context.topic), *others)[:MOST_EARLIER]


def same_list(plan: Plan, asked: References, before: References, context: Context) -> tuple[str, ...]:
    """The list that an ordinal picks from: "and the last one?" after "the second" of the pillars means another pillar.

    `asked` and `before` are what this message and the one before it name.
    """
    again = asked.ordinal is not None and asked.bare and asked.linked and before.ordinal is not None and before.bare
    told = plan.nodes.get(context.topic[0]) if context.topic else None
    picked = again and isinstance(told, Pillar) and asked.ordinal_of is None and "priorities" not in asked.aspects
    return tuple(pillar.id for pillar in plan.pillars) if picked else context.shown


def returned_to(text: str, context: Context, nearest: Nearest) -> Context:
    """The context that a message goes back to: the first matter, or the earlier question nearest to it; else `context`.

    `nearest` gives the place of the sentence nearest to a text.
    """
    folded = fold(text)
    if not context.earlier or BACK.search(folded) is None:
        return context
    matters = context.earlier
    place = len(matters) - 1 if FIRST.search(folded) else nearest(text, [earlier.question for earlier in matters])
    return Context(matters[place].question, matters[place].topic, (), None, context.earlier, context.language)
