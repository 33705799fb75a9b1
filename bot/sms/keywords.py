"""Keywords of the carriers (CTIA Messaging Principles, section 5.1.3) and the plain words people use instead."""

import re
from typing import Literal

from bot.components.folding import fold
from knowledge.models import Locale

Keyword = Literal["stop", "start", "help", "more", "english", "spanish"]

WORDS: dict[Keyword, dict[str, Locale | None]] = {
    "stop": {
        "stop": None, "stopall": None, "unsubscribe": "en", "cancel": "en", "end": "en", "quit": "en", "revoke": "en",
        "optout": "en", "opt out": "en", "alto": "es", "parar": "es", "para": "es", "cancelar": "es", "detener": "es",
    },
    "start": {"start": "en", "yes": "en", "unstop": "en", "inicio": "es", "iniciar": "es", "comenzar": "es"},
    "help": {"help": "en", "info": None, "ayuda": "es"},
    "more": {"more": "en", "mas": "es"},
    "english": {"english": "en", "ingles": "en", "in english": "en", "en ingles": "en"},
    "spanish": {"espanol": "es", "spanish": "es", "en espanol": "es", "in spanish": "es"},
}

# Nothing else may stand in the message: "how do I stop the texts from school about lunch" is a question.
PLAIN_STOP: dict[Locale, re.Pattern[str]] = {
    "en": re.compile(
        r"(please |pls |plz )*((stop|quit) (texting|messaging|sending|contacting|bothering)( me| us)?"
        r"( (these |any |your |the |more )*(texts?|messages?|msgs?|txts?))?"
        r"|(dont|do not|don t|no more) (text|message|msg|txt|send|contact)(s|ing|es)?( me| us)?"
        r"( (anymore|any more|again|texts?|messages?))*|(remove|unsubscribe|take) me( off)?( from)?( (this|your|the) list)?"
        r"|no more (texts?|messages?|msgs?)|leave me alone)( (please|pls|plz|anymore|any more|now))*"
    ),
    "es": re.compile(
        r"(por favor |porfa |porfavor )*(ya )?(no|dejen de|deje de|paren de|pare de|dejar de) (me |nos )?"
        r"(mand\w*|envi\w*|escrib\w*|textea\w*|molest\w*)( (me|mas|tantos|estos|los|sus|otro|otros|mensajes?|textos?|nada))*"
        r"( (por favor|porfa|porfavor|ya|gracias))*"
        r"|(por favor |porfa )*(quiten|quite|saquen|borren)me( de (la|su|esta) lista)?( (por favor|porfa))*"
        r"|ya no quiero( recibir)?( (mas|sus|estos|los))* (mensajes?|textos?)( (por favor|porfa))*|dejenme en paz"
    ),
}


def keyword(text: str) -> tuple[Keyword, Locale | None] | None:
    """The keyword that the whole message is, and the language that it is a word of (None: of both); None for any other text."""
    bare = " ".join(re.findall(r"[^\W_]+", fold(text)))
    for name, words in WORDS.items():
        if bare in words:
            return name, words[bare]
    for locale, pattern in PLAIN_STOP.items():
        if pattern.fullmatch(bare):
            return "stop", locale
    return None


def chosen(text: str) -> int | None:
    """The number that the whole message is, 1 to 9: a suggestion picked; None for any other text."""
    found = re.fullmatch(r"\s*[#(]?([1-9])[.)]?\s*", text)
    return int(found.group(1)) if found else None
