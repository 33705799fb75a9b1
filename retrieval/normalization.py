"""One spelling for what people type in many."""

import re
import unicodedata

WORD = re.compile(r"\w+", re.UNICODE)


def fold(text: str) -> str:
    """Lower-case, without accents (Unicode NFD, combining marks dropped), runs of white space as one space.

    "ñ" folds to "n": parents who type without accents also type without the tilde.
    """
    decomposed = unicodedata.normalize("NFD", text.lower())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return WORD.findall(fold(text))
