"""Small talk, and the wish for a person: what is no question on the plan and no refusal either."""

import re
from collections.abc import Mapping

from .folding import fold, within_one_edit
from .following import ASKS, EVEN_CHANCE, MORE, OWN, SMALLTALK, SURE_HIT, Evidence, asks_contact, names_a_fact
from .misspelling import TOKEN
from .references import References

# Words that ask for a person.
PERSON = re.compile(
    r"(?<!\w)((?<!in )person|(?<!en )persona|hum+an\w*|agent\w*|operator\w*|operador\w*|representative|representante|empleado\w*|"
    r"(talk|speak|hablar|ablar|platicar) (to|with|con)|(to|with|con) (alguien|someone|somebody)|"
    r"(someone|somebody) (i|to|in(?! person))|"
    r"(someone|somebody|anyone|alguien)( \w+){0,4} (call|talk|speak|answer|llam\w*|habl\w*|atiend\w*|contest\w*)|"
    r"(atiend|llam|contest|habl)\w*( \w+){0,2} alguien|who (can|do) i (speak|talk)|"
    r"(senorita|senora?|joven|licenciad[ao]|lady|gentleman|quien) (que |q |who |to )?(me |nos |can |could )*(pueda |puede )?"
    r"(atend|atiend|contest|talk|speak)\w*)(?!\w)"
)
# The same misspelt, and what else is one letter from them.
HUMANS, NOT_HUMANS = ("human", "person", "persona"), frozenset({"personal", "personas", "persons", "humano", "humans"})
# Somebody else is to talk: "is there someone my son can talk to".
ANOTHER_TALKS = re.compile(
    r"(?<!\w)((kids?|child|children|she|he|they|son|daughter|grand\w+|parents?) (can|could|to|should|may) (talk|speak)|"
    r"pued[ae]n? (hablar|platicar) (mi|su|un|el|la|los)|"
    r"(hij[oa]s?|nin[oa]s?|niet[oa]s?|ell[oa]s?) (que )?(pueda|puede|quiere)n? (hablar|platicar))(?!\w)"
)
# Words that leave no doubt.
LIVE_PERSON = re.compile(
    r"(?<!\w)((real|actual|live|human) (person|human|agent)|persona (real|de verdad|de carne y hueso)|ser humano|"
    r"(pas[ae]|comuni[qc]\w*|conect\w*|transfi\w*)(me|nos|r)? con (una?|alguien|quien)|"
    r"(transfer|connect|put) me (to|with|through)|(talk|speak|hablar|ablar|platicar) (to|with|con) (an? |una? )?"
    r"(person\w*|hum+an\w*|agent\w*|operador\w*|representative))(?!\w)"
)
SMALLTALK_AT = 0.5
LONG_SMALLTALK_AT = 0.8
ASKING_SMALLTALK_AT = 0.9
SUREST_SMALLTALK_AT = 0.97
PAIR_AT, MOST_WORDS_OF_GREETING = 0.8, 5
# Of the two likeliest kinds together, from which "mijo" is read as no child and "what is your name" as no question on the plan.
BEYOND_DOUBT = 0.97
MOST_WORDS_OF_ASKING_AFTER = 2
# "Gracias, me quitó un peso": thanks, and how they feel.
THANKS = re.compile(
    r"(?<!\w)(gracias|grax|grcs|thanks|thank (you|u)|thx|ty|god bless|bendiciones|"
    r"((que|ke|q) )?(dios|diosito) (la|lo|los|las|le|se) \w+)(?!\w)"
)
MOST_WORDS_OF_THANKS = 4
ASKS_AFTER_THANKS = re.compile(
    r"(?<!\w)(y (el|la|los|las|eso|para|en|de)|and (the|for|in)|but|pero|otra (cosa|pregunta)|one more|tambien|also)(?!\w)"
)
SURE_PLAN, SURE_OFF_TOPIC, SURELY_ELSEWHERE, MOST_HARMLESS = 0.9, 0.5, 0.92, 0.9
FEW_OF_ANOTHER_WORLD = 3
PLAIN_HANDOFF_AT, HANDOFF_AT, SURE_HANDOFF_AT, NEVER = 0.15, 0.5, 0.85, 2.0
# What may be about one child's record is not answered with a fact of the plan.
PERSONAL_AT, PERSONAL_NEAR_AT = 0.35, 0.5
# "My daughter lost her grandfather … is there someone she can talk to" wants what the plan has for her.
LONG_STORY = 6


def smalltalk(text: str, references: References, ranking: Mapping[str, float], evidence: Evidence) -> str | None:
    """The kind of small talk, where the classifier is sure enough of it for a message of this length and form."""
    linked = bool(evidence.topic) and (references.linked or references.ordinal is not None)
    # "Thanks, bye" is shared between two kinds, and yet surely small talk; nonsense is spread over all of them.
    pair = sum(sorted(ranking.get(intent, 0.0) for intent in SMALLTALK)[-2:])
    doubted = pair < BEYOND_DOUBT or bool(evidence.topic)
    if references.ids or references.unknown_ids or linked or references.aspects and (doubted or references.aspects != ("about",)):
        return None
    if references.content_words >= FEW_OF_ANOTHER_WORLD and evidence.scope.get("off_topic", 0.0) >= SURELY_ELSEWHERE:
        return None
    own = OWN.search(fold(text)) is not None and references.content_words > 0
    if own and doubted and evidence.scope.get("personal", 0.0) >= PERSONAL_AT:
        return None
    asks = ASKS.search(fold(text)) is not None or "?" in text
    # "Can you take it off his record" asks for a deed, not who the assistant is.
    deed = bool(evidence.topic) and references.pronoun and references.content_words > 1
    chances = {intent: 0.0 if deed and intent == "who_are_you" else ranking.get(intent, 0.0) for intent in SMALLTALK}
    kind = max(SMALLTALK, key=lambda intent: chances[intent])
    if _only_thanks(text, references, asks):
        return kind if kind == "bye" and chances[kind] > chances["thanks"] else "thanks"
    # A story on the plan may open with a greeting.
    story = references.content_words > MOST_WORDS_OF_GREETING and evidence.scope.get("plan", 0.0) >= SURE_PLAN
    heard = pair if pair >= PAIR_AT and not story and not deed else chances[kind]
    least = _smalltalk_at(references, evidence, asks) * _not_harmless(ranking)
    surely = heard >= least
    if kind == "how_are_you" and not evidence.topic and references.content_words <= MOST_WORDS_OF_ASKING_AFTER:
        # "Hey, how's it going?": a plan goes too, but nothing of it is named.
        surely = surely or chances[kind] >= SMALLTALK_AT
    near_topic = bool(evidence.topic) and references.content_words >= 1 and names_a_fact(evidence)
    if evidence.topic and (kind not in ("thanks", "bye") or near_topic):
        # In the middle of a conversation few greet; "de q año" and "due by" only look like it.
        surely = heard >= SUREST_SMALLTALK_AT
    return kind if surely else None


def _smalltalk_at(references: References, evidence: Evidence, asks: bool) -> float:
    """How sure the classifier must be of small talk, as the message's length and its facts speak for a question."""
    told = references.content_words > (2 if evidence.topic else 0)
    on_plan = told and evidence.scope.get("plan", 0.0) >= SURE_PLAN
    # "¿Cómo se hacen las pupusas?" only opens like "how are you".
    of_another_world = asks and references.content_words >= 2 and evidence.scope.get("off_topic", 0.0) >= SURE_OFF_TOPIC
    # Two facts may say nearly the same.
    stands_out = sum(score for _, score in evidence.hits[:2]) >= SURE_HIT and evidence.scope.get("plan", 0.0) >= EVEN_CHANCE
    if stands_out and references.content_words > MOST_WORDS_OF_GREETING:
        return SUREST_SMALLTALK_AT
    if on_plan or of_another_world or evidence.topic and asks:
        return ASKING_SMALLTALK_AT
    near = names_a_fact(evidence) and references.content_words >= 3
    return LONG_SMALLTALK_AT if near or references.content_words > 5 else SMALLTALK_AT


def _only_thanks(text: str, references: References, asks: bool) -> bool:
    """Whether a short message opens with thanks and asks for nothing after them."""
    folded = fold(text)
    if asks or references.content_words > MOST_WORDS_OF_THANKS or not THANKS.search(folded):
        return False
    rest = THANKS.sub(" ", folded)
    return not (MORE.search(rest) or asks_contact(text) or ASKS_AFTER_THANKS.search(rest))


def _not_harmless(ranking: Mapping[str, float]) -> float:
    """What the classifier leaves to other intents; idioms that only sound alarming may be small talk too."""
    return 1 - min(ranking.get("harmless", 0.0), MOST_HARMLESS)


def wants_person(text: str, references: References, ranking: Mapping[str, float], evidence: Evidence) -> bool:
    """Whether a person is wanted: the classifier is sure enough of it, and no part of the plan is named."""
    if references.ids or references.unknown_ids:
        return False
    return ranking.get("handoff", 0.0) >= _handoff_at(text, references, evidence) * _not_harmless(ranking)


def _handoff_at(text: str, references: References, evidence: Evidence) -> float:
    """How sure the classifier must be that a person is wanted; a telephone of what is being told of is another thing."""
    clear = names_a_fact(evidence) and references.content_words >= 3 and evidence.scope.get("plan", 0.0) >= EVEN_CHANCE
    if LIVE_PERSON.search(fold(text)):
        return PLAIN_HANDOFF_AT
    if ANOTHER_TALKS.search(fold(text)):
        return NEVER
    if _names_a_person(fold(text)):
        story = references.content_words >= LONG_STORY and OWN.search(fold(text)) is not None
        return SURE_HANDOFF_AT if clear and story else HANDOFF_AT
    elsewhere = evidence.scope.get("off_topic", 0.0) >= SURELY_ELSEWHERE
    return NEVER if clear or elsewhere or evidence.topic and asks_contact(text) else SURE_HANDOFF_AT


def _names_a_person(folded: str) -> bool:
    misspelt = (token for token in TOKEN.findall(folded) if token not in NOT_HUMANS)
    return PERSON.search(folded) is not None or any(within_one_edit(token, word) for token in misspelt for word in HUMANS)
