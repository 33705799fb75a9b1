"""Which of the likeliest facts are told, and in what order; where the first lacks what was asked, that it does."""

from bot.asked import years
from bot.follow_up import MOST_FACTS
from bot.resolution import Resolution
from knowledge.models import Measure, OverviewFact, Plan, Resource, is_missing
from retrieval.search import Evidence, Hit

# Share of a priority's measures from which one is meant.
STANDS_OUT = 0.6
# Below this, that the sources lack something is not said where they tell something near it.
MISSING_AT = 0.4
# From here a fact about the years so far answers what a measure's missing starting point does not.
TREND_AT = 0.1
# A further fact is told when it has at least this probability, and this share of the first one's.
FURTHER_AT, FURTHER_SHARE = 0.03, 0.08


def worth_telling(plan: Plan, hits: list[Hit]) -> tuple[str, ...]:
    """The first fact, and up to two more that are nearly as likely; twins of the same name are told once."""
    told: list[str] = []
    names: set[str] = set()
    known = [hit for hit in hits if not is_missing(plan.nodes[hit.node_id])]
    if not known or is_missing(plan.nodes[hits[0].node_id]) and hits[0].score >= MISSING_AT:
        return (hits[0].node_id,)
    for hit in known:
        node = plan.nodes[hit.node_id]
        name = node.name.en if isinstance(node, Resource) else hit.node_id
        enough = not told or (hit.score >= FURTHER_AT and hit.score >= FURTHER_SHARE * hits[0].score)
        if enough and name not in names and len(told) < MOST_FACTS:
            told.append(hit.node_id)
            names.add(name)
    return tuple(told)


def measure_first(plan: Plan, evidence: Evidence, strategy: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    """`ids` with the measure of the strategy's priority before it that the message means, where one stands out."""
    among = {i for i, n in plan.nodes.items() if isinstance(n, Measure) and plan.parents[i] == plan.parents[strategy]}
    hits = evidence.hits(limit=1, among=among)
    if not hits or hits[0].score < STANDS_OUT:
        return ids
    return tuple(dict.fromkeys((hits[0].node_id, *ids)))[:MOST_FACTS]


def not_told(plan: Plan, text: str, missing: str, hits: list[Hit]) -> Resolution:
    """That the first fact lacks what was asked; where a fact nearly as likely tells it of the years so far, that one instead."""
    first, asked = hits[0].node_id, years(text)
    near = [plan.nodes[hit.node_id] for hit in hits[1:3] if hit.score >= TREND_AT and missing in ("baseline", "latest", "year")]
    trends = [node for node in near if isinstance(node, OverviewFact) and not is_missing(node)]
    told = next((node.id for node in trends if missing != "year" or asked & years(node.text.en)), None)
    if told is None:
        return Resolution(mode="facts", ids=(first,), missing=missing, confidence=hits[0].score)
    return Resolution(mode="facts", ids=(told, first), confidence=hits[0].score)
