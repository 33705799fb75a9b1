"""How a message goes on from the last answer: an item of what was listed, a detail of what was told, or more of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .folding import fold
from .references import References

# Question words that ask for something else than a named part of the topic.
ASKS = re.compile(r"(?<!\w)(how many|how much|how often|when|who|where|cuant\w+|cuando|quien\w*|donde|ktos|cdo)(?!\w)")
# Words that ask for a telephone, an address or a figure of what was just told.
ADDRESSES = r"url|link|liga|enlace|website|web|pagina|sitio|direccion|address|correo|email"
CONTACT = re.compile(
    r"(?<!\w)(phone|telefono|tel|cel|call|llamo|llamar|llama|marco|marcar|ablo|insta|instagram|facebook|twitter|"
    rf"{ADDRESSES})(?!\w)"
)
LINK = re.compile(rf"(?<!\w)({ADDRESSES})(?!\w)")
FIGURE = re.compile(r"(?<!\w)(number|numero|figure|cifra|percent\w*|porcentaje)(?!\w)")
# What one asks of a place or program that was just named: price, hours, language, who it is for.
DETAIL = re.compile(
    r"(?<!\w)(gratis|gratuit\w*|free|cost\w*|cuest\w*|cobra\w*|paga(?:n|r|mos|ria)?|price|precio|abr[ei]n?|cierr\w*|sierr\w*|open\w*|clos\w*|hours?|"
    r"what time|(q|que|ke) (hora|dia)s?|horario\w*|sabado|domingo|saturday|sunday|weekend|espanol|spanish|idioma\w*|hablan|ablan|"
    r"atienden|queda|cita|"
    r"sign up|inscrib\w+|apunt\w+|registr\w+|enrol\w*)(?!\w)"
)
# Whom a fact is about.
FOR_WHOM = re.compile(
    r"(?<!\w)(grades?|graders?|grados?|edad\w*|ages?|kinder\w*|primaria|secundaria|prepa\w*|"
    r"elementary|(middle|high)( school\w*| kids)|(k|\d{1,2})\s?-\s?\d{1,2}|"
    r"(in|en|of|de) ([1-5](st|nd|rd|th|r?o|do|er|to)|(first|second|third|fourth|fifth|primero|segundo|tercero|cuarto|quinto))|"
    r"([6-9]|1[0-2])(th|to|mo|vo|no)|sexto|septimo|octavo|noveno|decimo|freshman|sophomore)(?!\w)"
)
# Whether what was told holds for everyone, or for whom: "every school or just some", "para papas tambien", "does she count".
HOLDS_FOR = re.compile(
    r"(?<!\w)((every|all( of)?( the| of them)?|any|just some|only some) schools?|tod[ao]s las (escuelas?|primarias)|"
    r"(todas|todos) (lo|la|los|las) (tien|hac|dan|usan)\w*|(nomas|solo|nada mas|solamente) (en )?(unas?|unos?|algun[ao]s)|"
    r"(for|just|only) (the )?(parents|students|kids|adults|teachers|families|everyone|everybody)|"
    r"(para|pa|p|solo|nomas) (los |las )?(papas|padres|mamas|alumnos|estudiantes|ninos|adultos|maestros|todos)|"
    r"(does|do|would) (he|she|they|i|we|it) (count|qualify|apply)|(in|at) (my|our|his|her) school( too)?|"
    r"(en la|en su|en nuestra) (de mi hij[oa]|escuela)( tambien)?|"
    r"a (mi|ella|el|nosotros) (tambien )?(me|le|nos) (la|lo)? ?(dan|toca|sirve))(?!\w)"
)
POINTS = re.compile(r"(?<!\w)(they|them|it|that|thats|those|ellos|ellas|eso|esa|ese)(?!\w)")
HOW_OFTEN = re.compile(r"(?<!\w)(how often|every when|cada (cuando|cuanto)|how many times|cuantas veces)(?!\w)")
# "His teacher's email", "el correo de la directora": no telephone of what was told.
SOMEBODY_S = re.compile(r"(?<!\w)(teacher|maestr[ao]|principal|director[ao]?|counselor|consejer[ao]|coach|entrenador[ao]?)(?!\w)")
# "What year is that figure from": told with the measure.
YEAR_OF_FIGURE = re.compile(
    r"(?<!\w)(what|which|que|q|ke|cual) (year|yr|ano)"
    r"(\W*$|(?!\w).*(?<!\w)(dato|numero|cifra|figure|number|data|that|from|eso|es)(?!\w))"
)
# The newest figure of a measure.
LATEST = re.compile(
    r"(?<!\w)(latest|most recent(ly)?|newest|(mas|mas lo) recientes?|"
    r"ultim[oa]s? (dato|cifra|numero|resultado|encuesta|valor)s?)(?!\w)"
)
# "What number can I ask then": somebody to turn to about what was told.
WHOM_TO_CALL = re.compile(
    r"(?<!\w)((a|en) (que|q|ke|cual) (numero|tel\w*)|what number|which number|who (do|can|should) i (call|ask)|"
    r"a quien (le )?(llamo|pregunto|marco|hablo))(?!\w)"
)
WHEN = re.compile(
    r"(?<!\w)(when|until|how long|cuando|hasta cuando|desde cuando|cuanto (dura|tiempo)|deadline|due|fecha limite|"
    r"se (vence|cierra|acaba))(?!\w)"
)
# A question, or a wish for more, that has no content of its own.
MORE = re.compile(
    r"(?<!\w)(what|whats|which|how|when|who|where|more|explain|explique|expliqueme|mas|que|ke|q|cual|cuales|como|cuant\w+|cuando|"
    r"quien\w*|donde|list|lista)(?!\w)"
)
TO_THE_ASSISTANT = re.compile(r"(?<!\w)(you|u|ur|your|youre|tu|usted|eres|estas|haces|tal|onda)(?!\w)")
# All that is done, one by one.
EVERYTHING = re.compile(
    r"(?<!\w)(list|lista|todo|todos|todas|everything|gonna do|going to do|plan to do|will be done|"
    r"vana? hacer|vana? a hacer|va a hacer|se hara|haran|piensan hacer|demas)(?!\w)"
)
WHOLE_LIST = re.compile(
    r"(?<!\w)((?<!waiting )(?<!wait )(?<!on the )(?<!on your )(?<!on that )(?<!one )list|liste|enliste|todo lo (demas|que)|"
    r"(?<!esta )(?<!estan )(?<!este )(?<!esten )(?<!estar )(?<!ya )(?<!bien )(?<!en la )lista(?! de espera| para| pa))(?!\w)"
)
# What somebody says of their own child or affairs.
OWN = re.compile(r"(?<!\w)(my|mine|our|mi|mis|mio|mia|mios|mijo|mija|nuestr\w+)(?!\w)")
SMALLTALK = ("greet", "thanks", "bye", "how_are_you", "who_are_you")
# Above this the message alone says which fact it is about.
SURE_HIT = 0.6
# Above this a message is more likely for the plan than not.
EVEN_CHANCE = 0.5
BRIEF_WORDS = 3
# Those of a message that asks whether what was told holds for somebody: "thats for parents too or just students".
MOST_WORDS_ON_WHOM = 4
# A message with more content words than this stands alone.
FEW_WORDS = 3
# "Sorry, she's in 7th now, I meant for middle school."
CORRECTS = re.compile(r"(?<!\w)(i (meant|mean)|me (refiero|referia)|qui(se|ero) decir)(?!\w)")
MOST_WORDS_OF_CORRECTION = 6
# How much of money is another question than what something costs.
MONEY = re.compile(r"(?<!\w)(dinero|lana|presupuesto|millones|money|budget|millions?|dollars|dolares)(?!\w)")
# Hits among which what was just told counts as named by a message.
NEAR_HITS = 2


@dataclass(frozen=True)
class Evidence:
    """What the application sends with a message, in its `metadata`.

    `asks_only_language` is true where the message asks for the language `requested_language` and nothing else.
    `hits` are (node id, probability) pairs, best first; `scope` the probability of "plan", "off_topic",
    "personal" and "injection"; `shown` the ids last listed; `topic` the ids last answered on; `danger` the
    probability that someone is in danger, and `danger_kind` of which kind; `answered_in` the language of the last answer.
    """

    language: str = "en"
    requested_language: str | None = None
    asks_only_language: bool = False
    hits: tuple[tuple[str, float], ...] = ()
    best_pillar: str | None = None
    best_priority: str | None = None
    scope: Mapping[str, float] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    danger: float | None = None
    danger_kind: str | None = None
    answered_in: str | None = None


def sure(evidence: Evidence) -> bool:
    """Whether the message alone says which fact it is about, and that is not the one just told."""
    return names_a_fact(evidence) and evidence.hits[0][0] not in evidence.topic[:1]


def names_a_fact(evidence: Evidence) -> bool:
    """Whether one fact stands out for the message by itself."""
    return bool(evidence.hits) and evidence.hits[0][1] >= SURE_HIT


def asks_contact(text: str) -> bool:
    """Whether a message asks for a telephone, an address or a figure."""
    return CONTACT.search(fold(text)) is not None or FIGURE.search(fold(text)) is not None


def asks_link(text: str) -> bool:
    """Whether a message asks for an address, in the city or on the web."""
    return LINK.search(fold(text)) is not None


def continues(text: str, references: References, evidence: Evidence) -> bool:
    """Whether a short message goes on from the last answer: it opens so, points back, or is too brief to stand alone."""
    if not evidence.topic or references.content_words > FEW_WORDS + references.linked:
        return False
    unsure = not evidence.hits or evidence.hits[0][1] < SURE_HIT
    return references.linked or references.pronoun or (unsure and len(text.split()) <= BRIEF_WORDS)


def elaborates(text: str, references: References, evidence: Evidence) -> bool:
    """Whether a message without content of its own asks for more of what was just told."""
    folded = fold(text)
    if not evidence.topic or not references.bare or references.ordinal is not None or TO_THE_ASSISTANT.search(folded):
        return False
    return MORE.search(folded) is not None or bool(references.aspects)


def lists_all(text: str, references: References) -> bool:
    """Whether a message asks for the whole list of what is done, in clear words where it has content of its own."""
    words = EVERYTHING if references.bare else WHOLE_LIST
    return not references.aspects and words.search(fold(text)) is not None


def part_asked(text: str, references: References, evidence: Evidence) -> str | None:
    """The part of the topic that a message asks for by "what number do I call" or "is there a figure for that"."""
    if not evidence.topic:
        return None
    folded = fold(text)
    if ".M" in evidence.topic[0] and references.content_words <= 2 and YEAR_OF_FIGURE.search(folded):
        return "none"
    if ".M" in evidence.topic[0] and references.content_words <= MOST_WORDS_ON_WHOM and LATEST.search(folded):
        return "baseline"
    if WHOM_TO_CALL.search(folded) and references.content_words <= MOST_WORDS_ON_WHOM and not sure(evidence):
        return "resources"
    if references.aspects or SOMEBODY_S.search(fold(text)):
        return None
    told = evidence.topic[0]
    # "Do they charge for the adult ones?" names what was told again.
    told_again = told in (node_id for node_id, _ in evidence.hits[:NEAR_HITS])
    detail_of_it = told_again and is_resource(told) and DETAIL.search(folded) is not None
    most = MOST_WORDS_ON_WHOM if HOLDS_FOR.search(folded) or detail_of_it else 2
    if references.content_words > most and not continues(text, references, evidence):
        return None
    of_it = (references.pronoun or len(text.split()) <= BRIEF_WORDS) and references.content_words <= 1
    for_everyone = HOLDS_FOR.search(folded) and (POINTS.search(folded) or not sure(evidence))
    if for_everyone or HOW_OFTEN.search(folded) and references.content_words <= 2:
        return "resources" if is_resource(told) else "none"
    if of_it and "." in told and not is_resource(told) and (DETAIL.search(folded) or FOR_WHOM.search(folded)):
        return "none"
    if of_it and told.startswith("ov_") and WHEN.search(folded) and not sure(evidence):
        return "none"
    listed = bool(evidence.shown) and all(is_resource(node_id) for node_id in evidence.shown)
    resource = is_resource(told) or listed
    named_else = sure(evidence) and references.content_words > 1
    if resource and (FOR_WHOM.search(folded) and not named_else or of_it and WHEN.search(folded)):
        return "resources"
    elsewhere = references.content_words > 1 and sure(evidence) and not told_again
    another = elsewhere and (references.content_words > 2 or not resource)
    if DETAIL.search(folded) and (resource or not references.bare and not MONEY.search(folded)) and not another:
        return "resources"
    if not asks_contact(text) or elsewhere:
        return None
    return "resources" if resource or CONTACT.search(fold(text)) else "measures"


def corrects(text: str) -> bool:
    """Whether a message says what was meant by the one before."""
    return CORRECTS.search(fold(text)) is not None


def for_others(text: str, references: References, evidence: Evidence) -> bool:
    """Whether a short message asks what a figure just told is for another grade or age ("and my niece in grade 2?")."""
    told = evidence.topic[0] if evidence.topic else ""
    corrected = corrects(text)
    goes_on = references.linked or references.pronoun or bool(references.aspects) or len(text.split()) <= BRIEF_WORDS
    brief = references.content_words <= (MOST_WORDS_OF_CORRECTION if corrected else FEW_WORDS + 1)
    return ".M" in told and (goes_on or corrected) and brief and FOR_WHOM.search(fold(text)) is not None


def is_resource(node_id: str) -> bool:
    """Whether an id is a resource's: of a priority ("2D.R1") or of the district ("res_tutoring")."""
    return node_id.startswith("res_") or ".R" in node_id
