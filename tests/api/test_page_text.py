"""What the chat page says, and how it splits an answer for display."""

from pathlib import Path

import pytest

from api.page_text import LOCALES, PageSentencesError, message_blocks, read_page_sentences


def test_both_languages_hold_every_sentence() -> None:
    sentences = read_page_sentences(LOCALES)
    assert sentences["en"].keys() == sentences["es"].keys()


def test_a_missing_sentence_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.en.yml").write_text("send: Send\nretry: Try again\n", encoding="utf-8")
    (tmp_path / "page.es.yml").write_text("send: Enviar\n", encoding="utf-8")
    with pytest.raises(PageSentencesError, match=r"page\.es\.yml lacks: retry"):
        read_page_sentences(tmp_path)


def test_answers_are_split_into_lists_and_links() -> None:
    text = "Call (213) 443-1300 or see achieve.lausd.net/StrategicPlan.\n• One\n• Two, 988 students\nDone"
    first, listed, last = message_blocks(text)
    links = {span.text: span.href for span in first.lines[0] if span.href}
    assert links == {
        "(213) 443-1300": "tel:+12134431300",
        "achieve.lausd.net/StrategicPlan": "https://achieve.lausd.net/StrategicPlan",
    }
    assert listed.is_list and len(listed.lines) == 2
    assert all(span.href is None for line in (*listed.lines, *last.lines) for span in line)
    assert [span.href for span in message_blocks("Call 911.", crisis=True)[0].lines[0]] == [None, "tel:911", None]
