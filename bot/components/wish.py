"""The wish for the other language, heard by the classifier: "all this English gives me a headache", "my dad only reads Spanish".

Wishes in set forms are recognised by the application before; here are those that only their examples teach.
"""

import re
from collections.abc import Mapping

from .folding import fold
from .following import EVEN_CHANCE, Evidence, names_a_fact
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
# A wish names a language, or speaks of one.
SPEAKS_OF_ONE = re.compile(
    rf"{NAMED['en']}|{NAMED['es']}|(?<!\w)(languages?|idiomas?|lenguas?|translat\w*|trad[uy]\w*|version|letras)(?!\w)"
)
# Others are spoken of: "do they answer in Spanish there", "the other languages".
OTHERS = re.compile(
    r"(?<!\w)(they|them|ellos|ellas|hablan|ablan|contestan|atienden|responden|mandan|dan|"
    r"other languages|otr[oa]s (idiomas|lenguas))(?!\w)"
)
OTHERS_ASKED_OF = re.compile(
    r"(?<!\w)((will|do|does|can|could|are|is) (they|there|somebody|someone|anybody|anyone)|hay (alguien|quien|una persona))(?!\w)"
)
# A message that tells what a child speaks or reads may ask what is done about it.
CHILD = re.compile(
    r"(?<!\w)(kids?|child(ren)?|sons?|daughters?|boys?|girls?|grand(son|daughter|kid)s?|students?|"
    r"hij[oa]s?|mij[oa]|nin[oa]s?|niet[oa]s?|alumn[oa]s?)(?!\w)"
)


def wished_language(text: str, references: References, ranking: Mapping[str, float], evidence: Evidence) -> str | None:
    """The language that a message asks to go on in ("en" or "es"); None where it asks for something else.

    In a conversation it is the one that the last answer was not in; before, the one named, or the other where that is lacking.
    """
    folded = fold(text)
    if references.ids or references.unknown_ids or not SPEAKS_OF_ONE.search(folded) or OTHERS_ASKED_OF.search(folded):
        return None
    heard = sum(ranking.get(intent, 0.0) for intent in INTENTS)
    stands_out = names_a_fact(evidence) and evidence.scope.get("plan", 0.0) >= EVEN_CHANCE
    of_others = OTHERS.search(folded) is not None or CHILD.search(folded) is not None
    if heard < (WISH_NEAR_AT if stands_out or of_others else WISH_AT):
        return None
    return OTHER[evidence.answered_in] if evidence.answered_in else _named(text, ranking)


def _named(text: str, ranking: Mapping[str, float]) -> str | None:
    named = [language for language, name in NAMED.items() if re.search(name, fold(text))]
    lacked = [language for language in named if LACKED[language].search(fold(text))]
    if len(lacked) == 1:
        return OTHER[lacked[0]]
    if named:
        # "In English and Spanish at once" asks for neither.
        return named[0] if len(named) == 1 else None
    return INTENTS[max(INTENTS, key=lambda intent: ranking.get(intent, 0.0))]
