"""The phrases of danger: read whole or not at all, and sound as shipped."""

from collections import Counter
from pathlib import Path

import pytest

from knowledge.danger import DANGER_KINDS, check_phrases, load_phrases

EN = "ana:\n  missing:\n  - where is my boy\n  harmless:\n  - missing homework\n"
ES = "ana:\n  abuse:\n  - me pega\n"


def write(folder: Path, en: str = EN, es: str = ES) -> Path:
    (folder / "danger.en.yml").write_text(en, encoding="utf-8")
    (folder / "danger.es.yml").write_text(es, encoding="utf-8")
    return folder


def test_each_phrase_knows_its_kind_language_and_writer(tmp_path: Path) -> None:
    phrases = load_phrases(write(tmp_path))
    assert [(p.text, p.locale, p.writer, p.kind) for p in phrases] == [
        ("where is my boy", "en", "ana", "missing"), ("missing homework", "en", "ana", None), ("me pega", "es", "ana", "abuse"),
    ]


@pytest.mark.parametrize(
    ("en", "line", "message"),
    [
        ("ana:\n  sadness:\n  - x\n", 2, "'sadness' is no kind"),
        ("ana:\n  abuse: one text\n", 2, "ana abuse: not a list of texts"),
        ("ana:\n  abuse:\n  - a\n  - 911\n", 2, "ana abuse: not a list of texts"),
        ("ana:\n  abuse:\n  - Help  me\n  - help me\n", 4, "the message 'help me' stands twice"),
        ("ana: []\n", 1, "ana has no messages"),
        ("", 1, "the file is empty"),
        ("ana:\n  abuse: [\n", 3, "broken YAML: did not find expected node content"),
    ],
)
def test_faults_name_file_and_line(tmp_path: Path, en: str, line: int, message: str) -> None:
    found = check_phrases(write(tmp_path, en))
    assert [(f.file, f.line, f.message) for f in found] == [("danger.en.yml", line, message)]
    with pytest.raises(ValueError, match=r"danger\.en\.yml"):
        load_phrases(tmp_path)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    assert [f.file for f in check_phrases(tmp_path)] == ["danger.en.yml", "danger.es.yml"]


def test_the_shipped_phrases_cover_every_kind_in_both_languages() -> None:
    assert check_phrases() == []
    counts = Counter((p.locale, p.kind) for p in load_phrases())
    assert all(counts[locale, kind] >= 20 for locale in ("en", "es") for kind in (*DANGER_KINDS, None))
    assert len({p.writer for p in load_phrases()}) >= 4
