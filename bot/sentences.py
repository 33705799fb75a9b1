"""The sentences the assistant can say, per language, from the locale files."""

import re
from functools import cache
from pathlib import Path

import yaml

from knowledge.models import LOCALES, Locale

FOLDER = Path(__file__).parent / "locales"


class LocaleError(Exception):
    """A locale file that lacks a sentence, or whose placeholders differ from its twin's."""


def say(locale: Locale, key: str, **values: object) -> str:
    """The sentence `key` in `locale` with its placeholders filled; raises KeyError where there is none."""
    return _sentences()[locale][key].format(**values)


def say_counted(locale: Locale, key: str, count: int, **values: object) -> str:
    """The sentence `key` for `count` things: `key.one` for a single one; raises KeyError where there is none."""
    return say(locale, f"{key}.one" if count == 1 else key, count=count, **values)


def has(key: str) -> bool:
    """True if there is a sentence of that key."""
    return key in _sentences()["en"]


def check_sentences(folder: Path = FOLDER) -> list[str]:
    """What is wrong with the locale files, one line each; empty where nothing is."""
    faults: list[str] = []
    for stem in sorted({path.name.rsplit(".", 2)[0] if path.name.count(".") > 1 else "" for path in folder.glob("*.yml")}):
        names = {locale: f"{stem}.{locale}.yml" if stem else f"{locale}.yml" for locale in LOCALES}
        read: dict[Locale, dict[str, str]] = {}
        for locale in LOCALES:
            path = folder / names[locale]
            read[locale] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
        for locale, other in (LOCALES, LOCALES[::-1]):
            for key, sentence in read[locale].items():
                if not isinstance(sentence, str) or not sentence.strip():
                    faults.append(f"{names[locale]}: {key} is not a text. Write it, in quotes.")
                elif key not in read[other]:
                    faults.append(f"{names[other]}: {key} is missing. Translate it from {names[locale]}.")
                elif locale == "en" and _placeholders(sentence) != _placeholders(str(read[other][key])):
                    faults.append(f"{names[other]}: {key} has other placeholders than {names[locale]}. Use the same.")
    return faults


def _placeholders(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", sentence))


@cache
def _sentences() -> dict[Locale, dict[str, str]]:
    faults = check_sentences()
    if faults:
        raise LocaleError("\n".join(faults))
    return {locale: yaml.safe_load((FOLDER / f"{locale}.yml").read_text(encoding="utf-8")) for locale in LOCALES}
