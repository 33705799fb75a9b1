"""The spelling in which messages are compared: lower case, no accents, single spaces."""

import unicodedata


def fold(text: str) -> str:
    """Lower-case `text`, drop combining marks (Unicode NFD) and squeeze white space."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def within_one_edit(word: str, target: str) -> bool:
    """True if `word` becomes `target` by at most one insertion, deletion, substitution or swap of neighbours."""
    if word == target:
        return True
    if abs(len(word) - len(target)) > 1:
        return False
    start = 0
    while start < min(len(word), len(target)) and word[start] == target[start]:
        start += 1
    a, b = word[start:], target[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
