"""The sentences of text messages, from `bot/locales/sms.*.yml`."""

from functools import cache

import yaml

from bot.sentences import FOLDER
from knowledge.models import LOCALES, Locale


def told(locale: Locale, key: str, **values: object) -> str:
    """The sentence `key` in `locale` with its placeholders filled; raises KeyError where there is none."""
    return _sentences()[locale][key].format(**values)


def has(key: str) -> bool:
    """True if there is a sentence of that key."""
    return key in _sentences()["en"]


@cache
def _sentences() -> dict[Locale, dict[str, str]]:
    read = {locale: yaml.safe_load((FOLDER / f"sms.{locale}.yml").read_text(encoding="utf-8")) for locale in LOCALES}
    return {locale: {str(key): str(text) for key, text in sentences.items()} for locale, sentences in read.items()}
