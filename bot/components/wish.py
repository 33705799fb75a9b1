"""The wish for the other language, heard by the classifier: "all this English gives me a headache", "my dad only reads Spanish".

Wishes in set forms are recognised by the application before; here are those that only their examples teach.
"""

import re
from collections.abc import Mapping

from .folding import fold
from .following import SURE_HIT, Evidence
from .references import References

INTENTS = {"language_en": "en", "language_es": "es"}
# How sure the classifier must be (cross-validated over three writers of wishes and of questions that only name a language):
# heard 84 of 100, and 4 of 100 questions on English learners and the like; with a fact that stands out, of those fewer.
WISH_AT, WISH_NEAR_AT = 0.4, 0.9
OTHER = {"en": "es", "es": "en"}
NAMED = {
    "en": r"(?<!\w)(english|ingles|inglish|eng|gringas?)(?!\w)",
    "es": r"(?<!\w)(spanish|espanol|espanish|castellano|esp|cristiano)(?!\w)",
}
# "I don't read Spanish", "de inglés nada", "my English is very little": the language that is named is not the one that is wanted.
LACKS = (
    r"(?<!\w)(no|not|don'?t|doesn'?t|can'?t|cannot|never|nothing|none|zero|barely|hardly|little|bad|why|stop|"
    r"nada|nunca|apenas|casi|poco|poquito|mal|cero|por que|porque|pq|xq)(?!\w)"
)
LACKED = {
    language: re.compile(rf"{LACKS}(\W+\w+){{0,3}}\W+{name}|{name}(\W+(is|es|very|so|muy|tan|casi))*\W+{LACKS}")
    for language, name in NAMED.items()
}
# Others are spoken of: "do they answer in Spanish there", "the other languages".
OTHERS = re.compile(
    r"(?<!\w)(they|them|ellos|ellas|hablan|ablan|contestan|atienden|responden|mandan|dan|"
    r"other languages|otr[oa]s (idiomas|lenguas))(?!\w)"
)
# A first message that tells what a child speaks or reads asks what is done about it.
CHILD = re.compile(
    r"(?<!\w)(kids?|child(ren)?|sons?|daughters?|boys?|girls?|grand(son|daughter|kid)s?|students?|"
    r"hij[oa]s?|mij[oa]|nin[oa]s?|niet[oa]s?|alumn[oa]s?)(?!\w)"
)


def wished_language(text: str, references: References, ranking: Mapping[str, float], evidence: Evidence) -> str | None:
    """The language that a message asks to go on in ("en" or "es"); None where it asks for something else.

    In a conversation it is the one that the last answer was not in; before, the one named, or the other where that is lacking.
    """
    if references.ids or references.unknown_ids:
        return None
    heard = sum(ranking.get(intent, 0.0) for intent in INTENTS)
    stands_out = bool(evidence.hits) and evidence.hits[0][1] >= SURE_HIT and evidence.scope.get("plan", 0.0) >= 0.5
    of_others = OTHERS.search(fold(text)) is not None or CHILD.search(fold(text)) is not None and not evidence.answered_in
    if heard < (WISH_NEAR_AT if stands_out or of_others else WISH_AT):
        return None
    return OTHER[evidence.answered_in] if evidence.answered_in else _named(text, ranking)


def _named(text: str, ranking: Mapping[str, float]) -> str:
    named = [language for language, name in NAMED.items() if re.search(name, fold(text))]
    if len(named) == 1:
        return OTHER[named[0]] if LACKED[named[0]].search(fold(text)) else named[0]
    return INTENTS[max(INTENTS, key=lambda intent: ranking.get(intent, 0.0))]
