"""Does a message ask to be answered in English or in Spanish?

Requests are recognised by their form, clause by clause: a language's name alone with its preposition and polite
words, a verb of speaking with what it may govern, or a closing "en español por favor". The words are data.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.models import Locale
from retrieval.normalization import fold

DATA = Path(__file__).parent / "language_data"


@dataclass(frozen=True)
class LanguageRequest:
    """The language asked for; `alone` where the message asks for nothing else, though it may say why."""

    language: Locale
    alone: bool


def language_request(text: str, score: float) -> LanguageRequest | None:
    """The wish of a message to be answered in one of the languages, or None.

    A language that is only spoken of (classes in it, messages in it, a word's translation) is not asked for.
    `score` is the log odds of Spanish of the whole message: "en español" closing an English question is a request.
    """
    segments = [_with_language_marks(part) for part in re.split(r"[.?!¿¡;,:()\[\]\"“”\n—–]+|\s-+\s", fold(text))]
    rules = _request_rules()
    joined = " ".join(segment for segment in segments if segment)
    if "<" not in joined:
        return None
    lacking = rules["cannot"].search(joined)
    if lacking:
        joined = rules["cannot"].sub(" ", joined).strip()
        if rules["nothing"].match(joined):
            return LanguageRequest("en" if lacking["language"] == "es" else "es", True)
    segments = [rest for segment in segments if (rest := rules["cannot"].sub(" ", segment).strip())]
    translating = bool(rules["translation"].search(joined))
    if found := rules["alone"].match(joined):
        return LanguageRequest(_locale(found), True)
    both = "<en>" in joined and "<es>" in joined
    for place, segment in reversed(list(enumerate(segments))):
        rest = " ".join((*segments[:place], *segments[place + 1 :]))
        if (found := rules["ask"].match(segment)) or (found := rules["polite"].match(segment)):
            return LanguageRequest(_locale(found), _only_reason(f"{rest} {segment[found.end() :]}"))
        if found := rules["alone"].match(segment):
            if not both and not translating and (found["preposition"] or rules["courtesy"].search(segment)):
                return LanguageRequest(_locale(found), _only_reason(rest))
        elif not translating and (found := rules["about"].match(segment) or rules["polite_end"].match(segment)):
            if found["before"] not in word_lists()["taught"]:
                return LanguageRequest(_locale(found), False)
        elif not translating and not both and (found := rules["end"].match(segment)):
            other = found["preposition"] == ("en" if found["language"] == "es" else "in")
            against = score < 0 if found["language"] == "es" else score > 0
            if other and (against or lacking) and found["before"] not in word_lists()["taught"]:
                return LanguageRequest(_locale(found), False)
        elif not translating and not both and (found := rules["again"].match(segment)):
            return LanguageRequest(_locale(found), _only_reason(rest))
    return None if translating else _in_words_of_a_request(joined, _locale(lacking) if lacking else None)


def _in_words_of_a_request(joined: str, lacked: Locale | None) -> LanguageRequest | None:
    """The wish of a message in which every word is one that such wishes are made of, about one language.

    "Me lo puede poner en ingles pa mi hija"; a complaint ("por qué me contesta en inglés") asks for the other one.
    """
    rules = _request_rules()
    complaint = rules["complaint"].search(joined) is not None
    if found := rules["cannot_either"].search(joined):
        lacked = _locale(found)
    words = rules["cannot_either"].sub(" ", rules["complaint"].sub(" ", joined)).split()
    named: set[Locale] = {"en" if word == "<en>" else "es" for word in words if word in ("<en>", "<es>")}
    if len(named) > 1 or not named and lacked is None or not _wish_words().issuperset(words):
        return None
    language = next(iter(named), None)
    if language is None:
        # A child who does not speak the language may be what the question is about; a grown-up wants to read the answer.
        for_somebody = any(word in word_lists()["family"] for word in words)
        return LanguageRequest("es" if lacked == "en" else "en", True) if for_somebody else None
    placed = any(word in word_lists()["prepositions"] for word in words)
    if not placed and not lacked and not complaint:
        return None
    if complaint:
        language = "es" if language == "en" else "en"
    return LanguageRequest(language, True)


@cache
def _wish_words() -> frozenset[str]:
    """Every word that a wish for a language may be made of."""
    lists = word_lists()
    kinds = ("polite", "filler", "lead", "verbs", "gap", "prepositions", "greetings", "reasons", "family", "request_words")
    return frozenset(word for kind in kinds for phrase in lists[kind] for word in phrase.split()) - set(lists["others"]) | {
        "<en>", "<es>"
    }


def _only_reason(rest: str) -> bool:
    """Whether what a message says beside its wish is nothing, or why: "es que mi suegra no lo habla"."""
    return not rest.strip() or _request_rules()["reason"].match(rest.strip()) is not None


@cache
def word_lists() -> dict[str, list[str]]:
    """The package's lists of greetings, openers and the words of requests. Raises OSError where they are missing."""
    words: dict[str, list[str]] = json.loads((DATA / "words.json").read_text(encoding="utf-8"))
    return words


@cache
def _request_rules() -> dict[str, re.Pattern[str]]:
    some = {
        name: "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"
        for name, words in word_lists().items()
    }
    fill = f"(?:(?:{some['polite']}|{some['filler']}) ){{0,5}}"
    end = f"(?: (?:{some['polite']}|{some['filler']})){{0,5}}$"
    name = f"(?:(?P<preposition>{some['prepositions']}) )?(?:the |el |un )?<(?P<language>en|es)>"
    in_name = r"(?P<preposition>en|in|into|to|a|al) <(?P<language>en|es)>"
    return {
        "alone": re.compile(f"{fill}{name}{end}"),
        # "I don't read Spanish well": the other language is wanted where that is all that is said.
        "cannot": re.compile(
            rf"(?<!\S){some['cannot']} {some['skill']}(?: {some['little']})? <(?P<language>en|es)>(?: {some['how_well']})?(?!\S)"
        ),
        "courtesy": re.compile(rf"(?<!\S){some['polite']}(?!\S)"),
        "nothing": re.compile(f"{fill}(?:{some['polite']}|{some['filler']})?$"),
        "ask": re.compile(
            f"{fill}(?:{some['lead']} ){{0,2}}{fill}{some['verbs']} (?:{some['gap']} ){{0,3}}{name}{end}"
        ),
        "polite": re.compile(f"{fill}{name} {some['polite']}(?: |$)"),
        "about": re.compile(
            f"{fill}(?:{some['lead']} ){{0,2}}{fill}{some['about']} .*?(?P<before>\\S+) {in_name}{end}"
        ),
        "polite_end": re.compile(f".*?(?P<before>\\S+) {in_name}(?: {some['polite']})+$"),
        # "can you say it in Spanish for my grandmother": what was said, again, for somebody.
        "again": re.compile(
            rf"(?:.*?{some['verbs']} (?:{some['gap']} ){{1,3}}|"
            rf"{fill}(?:{some['lead']} ){{0,2}}{fill}{some['speaking']} |{fill})"
            rf"{in_name}{end[:-1]} {some['reasons']} (?:\S+ ?){{1,8}}$"
        ),
        "reason": re.compile(
            rf"{fill}(?:que )?(?:{some['reasons']}(?: |$)|(?:mi|my|mis) \S+ (?:\S+ )?"
            r"(?:no|is|isnt|es|does|doesnt|dont|cant|cannot|only|nomas|solo) )"
        ),
        "end": re.compile(f".*?(?P<before>\\S+) {in_name}$"),
        "cannot_either": re.compile(rf"(?<!\S){some['cannot_either']}(?: {some['little']})? <(?P<language>en|es)>"),
        "complaint": re.compile(rf"(?<!\S){some['complaints']}(?!\S)"),
        "translation": re.compile(rf"\b{some['translation']}\b"),
    }


def _locale(found: re.Match[str]) -> Locale:
    return "es" if found["language"] == "es" else "en"


def _with_language_marks(segment: str) -> str:
    return " ".join(_mark(word.replace("'", "")) for word in re.findall(r"[\w']+", segment))


def _mark(word: str) -> str:
    words = word_lists()
    for mark, names in (("<en>", words["english"]), ("<es>", words["spanish"])):
        if word in names:
            return mark
    if 5 <= len(word) <= 11 and word not in words["not_names"]:
        for mark, names in (("<en>", words["english"]), ("<es>", words["spanish"])):
            if any(word == name or word[0] == name[0] and one_edit_apart(word, name) for name in names):
                return mark
    return word


def one_edit_apart(left: str, right: str) -> bool:
    """Whether one letter added, dropped, changed or swapped with its neighbour turns one word into the other."""
    while left and right and left[0] == right[0]:
        left, right = left[1:], right[1:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return max(len(left), len(right)) <= 1 or len(left) == len(right) == 2 and left == right[::-1]
