"""How people type: missing accents, lost punctuation, typing errors, SMS spelling, borrowed words."""

import random
import re
import unicodedata
from collections.abc import Mapping

# Common texting spellings, collected from general usage in the United States and Mexico.
SMS_SPANISH: Mapping[str, tuple[str, ...]] = {
    "que": ("q", "k", "ke"),
    "qué": ("q", "k", "ke"),
    "por": ("x",),
    "para": ("pa", "xa"),
    "porque": ("xq", "pq"),
    "también": ("tmb", "tb"),
    "más": ("+", "mas"),
    "estoy": ("toy",),
    "está": ("ta", "sta"),
    "quiero": ("kiero",),
    "quién": ("kien",),
    "cuándo": ("kuando", "cdo"),
    "cuando": ("kuando", "cdo"),
    "cómo": ("komo", "cmo"),
    "como": ("komo", "cmo"),
    "dónde": ("dnd", "onde"),
    "donde": ("dnd",),
    "mensaje": ("msj",),
    "hola": ("ola",),
    "favor": ("fa",),
    "mucho": ("mxo",),
    "muchos": ("mxos",),
    "bien": ("bn",),
    "nada": ("nd",),
    "todo": ("to2",),
    "todos": ("tds",),
    "hay": ("ay",),
    "hasta": ("asta",),
    "hacer": ("acer",),
    "hace": ("ace",),
    "tengo": ("tngo",),
    "puedo": ("pdo",),
    "puede": ("pde",),
    "escuela": ("eskuela", "escuel"),
    "gracias": ("grax", "grcs"),
    "con": ("kon", "c"),
    "te": ("t",),
    "de": ("d",),
    "del": ("dl",),
    "le": ("l",),
    "se": ("c",),
    "entonces": ("entons",),
    "minutos": ("min",),
    "teléfono": ("tel",),
    "información": ("info",),
    "usted": ("ud",),
}
SMS_ENGLISH: Mapping[str, tuple[str, ...]] = {
    "you": ("u",),
    "your": ("ur",),
    "are": ("r",),
    "to": ("2",),
    "too": ("2",),
    "for": ("4",),
    "please": ("pls", "plz"),
    "because": ("bc", "cuz"),
    "with": ("w/", "w"),
    "without": ("w/o",),
    "and": ("n", "&"),
    "what": ("wat", "wut"),
    "school": ("skool", "schl"),
    "tomorrow": ("tmrw",),
    "people": ("ppl",),
    "about": ("abt",),
    "before": ("b4",),
    "see": ("c",),
    "why": ("y",),
    "know": ("kno",),
    "that": ("dat",),
    "the": ("da",),
    "through": ("thru",),
    "though": ("tho",),
    "message": ("msg",),
    "thanks": ("thx",),
    "going": ("goin",),
    "be": ("b",),
    "text": ("txt",),
    "their": ("thier",),
    "number": ("num",),
    "information": ("info",),
    "okay": ("k",),
    "every": ("evry",),
    "have": ("hav",),
    "great": ("gr8",),
    "later": ("l8r",),
}
# Spellings by ear: seseo, silent h, ll and y, b and v are not told apart.
BY_EAR = (("qu", "k"), ("ll", "y"), ("v", "b"), ("z", "s"), ("ce", "se"), ("ci", "si"), ("h", ""), ("ñ", "n"))
NEIGHBOURS: Mapping[str, str] = {
    "a": "sqz",
    "b": "vn",
    "c": "xv",
    "d": "sf",
    "e": "wr",
    "f": "dg",
    "g": "fh",
    "h": "gj",
    "i": "uo",
    "j": "hk",
    "k": "jl",
    "l": "k",
    "m": "n",
    "n": "bm",
    "o": "ip",
    "p": "o",
    "q": "wa",
    "r": "et",
    "s": "ad",
    "t": "ry",
    "u": "yi",
    "v": "cb",
    "w": "qe",
    "x": "zc",
    "y": "tu",
    "z": "x",
}


def without_accents(text: str) -> str:
    """The text without combining marks: 'año' becomes 'ano'."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(character for character in decomposed if unicodedata.category(character) != "Mn")


def without_punctuation(text: str) -> str:
    """The text in lower case without sentence punctuation; words and numbers stay."""
    return " ".join(re.sub(r"(?<!\d)[.,;:](?!\d)|[¿?¡!\"“”«»()]|[.,;:](?=\s|$)", " ", text.lower()).split())


def with_typos(text: str, generator: random.Random, rate: float = 0.15) -> str:
    """One typing error in about `rate` of the words of four letters or more.

    An error is two letters swapped, one left out, one doubled, or a neighbour on the keyboard.
    """
    words = text.split(" ")
    for index, word in enumerate(words):
        if len(word) >= 4 and word.isalpha() and generator.random() < rate:
            words[index] = _misspelt(word, generator)
    return " ".join(words)


def as_sms(text: str, language: str, generator: random.Random, rate: float = 0.6) -> str:
    """Texting spelling: short forms for about `rate` of the words that have one, some words by ear."""
    short = SMS_SPANISH if language == "es" else SMS_ENGLISH
    words = without_punctuation(text).split()
    for index, word in enumerate(words):
        if word in short and generator.random() < rate:
            words[index] = generator.choice(short[word])
        elif language == "es" and len(word) >= 4 and generator.random() < rate / 3:
            old, new = generator.choice(BY_EAR)
            words[index] = word.replace(old, new, 1)
    result = " ".join(words)
    return without_accents(result) if language == "es" else result


def as_spanglish(text: str, lexicon: Mapping[str, str], generator: random.Random, rate: float = 0.25) -> str:
    """Spanish with about `rate` of the words that the lexicon knows in English; keys carry no accents."""
    words = text.split(" ")
    for index, word in enumerate(words):
        english = lexicon.get(without_accents(word.lower()))
        if english is not None and generator.random() < rate:
            words[index] = english
    return " ".join(words)


def as_typed(text: str, language: str, lexicon: Mapping[str, str], generator: random.Random) -> str:
    """One draw of how a person might type the text: half of the draws leave it as it is."""
    draw = generator.random()
    if draw < 0.5:
        return text
    if draw < 0.62:
        return without_punctuation(text)
    if draw < 0.75:
        return with_typos(without_accents(without_punctuation(text)), generator)
    if draw < 0.85 and language == "es":
        return as_spanglish(text, lexicon, generator)
    return as_sms(text, language, generator)


def _misspelt(word: str, generator: random.Random) -> str:
    place = generator.randrange(1, len(word) - 1)
    kind = generator.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2:
        return word[:place] + word[place] + word[place:]
    near = NEIGHBOURS.get(word[place].lower())
    return word[:place] + (generator.choice(near) if near else word[place]) + word[place + 1 :]
