"""The sentences of pages, exports and pictures, from their own locale files (`<name>.en.yml`, `<name>.es.yml`)."""

from functools import cache

import yaml

from bot.sentences import FOLDER, LocaleError, check_sentences
from knowledge.models import Locale


@cache
def wording(name: str, locale: Locale) -> dict[str, str]:
    """The sentences of `name` in `locale` by key. Raises LocaleError where any locale file has a fault."""
    if faults := check_sentences():
        raise LocaleError("\n".join(faults))
    read: dict[str, str] = yaml.safe_load((FOLDER / f"{name}.{locale}.yml").read_text(encoding="utf-8"))
    return read
