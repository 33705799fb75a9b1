"""The sentences of both languages: whole, with the same placeholders, and checked when they are not."""

import re
from pathlib import Path

import pytest

from bot import sentences
from bot.sentences import FOLDER, LocaleError, check_sentences, has, say


def test_shipped_sentences_are_whole() -> None:
    assert check_sentences() == []
    assert list(FOLDER.glob("*.yml"))


def test_sentences_are_filled_in_either_language() -> None:
    assert say("en", "measure.target", target="82%") == "Target: 82%."
    assert "82%" in say("es", "measure.target", target="82%")
    assert say("es", "measure.target", target="82%") != say("en", "measure.target", target="82%")


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert say("en", "measure.target", target="{home}") == "Target: {home}."


def test_unknown_sentences_and_missing_values_are_errors() -> None:
    assert has("handoff") and not has("no.such.sentence")
    with pytest.raises(KeyError):
        say("en", "no.such.sentence")
    with pytest.raises(KeyError, match="target"):
        say("en", "measure.target")


@pytest.mark.parametrize("kind", ["self_harm", "abuse", "violence", "missing"])
@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_crisis_sentence_names_911_and_988(locale: str, kind: str) -> None:
    told = say("es" if locale == "es" else "en", f"crisis.{kind}", phone="(555) 010-0000")
    assert "911" in told and "988" in told and "(555) 010-0000" in told


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("english", "spanish", "fault"),
    [
        ("a: Hello\nb: Bye\n", "a: Hola\n", "es.yml: b is missing. Translate it from en.yml."),
        ("a: Hello\n", "a: Hola\nb: Adiós\n", "en.yml: b is missing. Translate it from es.yml."),
        ("a: 'Call {phone}'\n", "a: 'Llame al {telefono}'\n", "es.yml: a has other placeholders than en.yml. Use the same."),
        ("a: 'Call {phone}'\n", "a: Llame\n", "es.yml: a has other placeholders than en.yml. Use the same."),
        ("a: Hello\n", "a: 12\n", "es.yml: a is not a text. Write it, in quotes."),
        ("a: '  '\n", "a: Hola\n", "en.yml: a is not a text. Write it, in quotes."),
    ],
)
def test_faulty_locale_files(tmp_path: Path, english: str, spanish: str, fault: str) -> None:
    write(tmp_path, "en.yml", english)
    write(tmp_path, "es.yml", spanish)
    assert check_sentences(tmp_path) == [fault]


def test_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    write(tmp_path, "en.yml", "a: Hello\n")
    write(tmp_path, "es.yml", "a: Hola\nb: Adiós\n")
    write(tmp_path, "page.en.yml", "title: Ask\nsend: Send\n")
    assert check_sentences(tmp_path) == [
        "en.yml: b is missing. Translate it from es.yml.",
        "page.es.yml: title is missing. Translate it from page.en.yml.",
        "page.es.yml: send is missing. Translate it from page.en.yml.",
    ]


def test_faulty_files_are_not_spoken_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "check_sentences", lambda: ["es.yml: a is missing."])
    sentences._sentences.cache_clear()
    try:
        with pytest.raises(LocaleError, match=re.escape("es.yml: a is missing.")):
            say("en", "handoff")
    finally:
        monkeypatch.undo()
        sentences._sentences.cache_clear()
    assert say("en", "smalltalk.greet")
