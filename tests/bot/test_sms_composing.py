"""Answers composed for text messages, in both languages."""

from collections.abc import Sequence

import pytest

from bot.answer import compose
from bot.resolution import Resolution
from bot.sms.composing import Limits, in_order, link_to, page, short_text
from bot.sms.segments import economical, measure
from bot.sms.wording import told
from knowledge import Plan
from knowledge.models import LOCALES, Locale, Priority

LIMITS = Limits()
LINK = "https://puente.example.org/plan/2D"


def short(plan: Plan, locale: Locale, node_id: str, aspect: str) -> str:
    resolution = Resolution(mode="about", ids=(node_id,), aspect=aspect)
    return short_text(plan, resolution, compose(plan, resolution, locale), locale)


@pytest.mark.parametrize(("locale", "one", "many"), [("en", "1 measure:", "6 strategies:"), ("es", "1 medida:", "6 estrategias:")])
def test_lists_are_counted_in_words_that_fit(plan: Plan, locale: Locale, one: str, many: str) -> None:
    assert one in short(plan, locale, "2D", "measures")
    assert many in short(plan, locale, "2D", "strategies")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", ["crisis.missing", "crisis.self_harm", "crisis.other"])
def test_every_kind_of_danger_fits_one_segment(plan: Plan, locale: Locale, key: str) -> None:
    whole = page(short_text(plan, Resolution(mode="say", key=key), compose(plan, Resolution(mode="say"), locale), locale), None, locale, Limits(1))
    assert whole.rest == ""
    assert measure(whole.text).segments == 1
    assert "911" in whole.text and "988" in whole.text


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_said_to_every_phone_fits_one_segment(locale: Locale) -> None:
    for key in ("intro", "stop", "start", "busy", "media", "more.nothing"):
        assert measure(economical(told(locale, key))).segments == 1, key
    assert measure(economical(told(locale, "help", phone="(213) 443-1300"))).segments == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_all_pages_together_are_the_whole_list(plan: Plan, locale: Locale) -> None:
    for node in plan.nodes.values():
        if not isinstance(node, Priority) or not node.strategies:
            continue
        text = short(plan, locale, node.id, "strategies")
        first = page(text, LINK, locale, LIMITS)
        found, rest = [first.text], first.rest
        while rest:
            assert told(locale, "more") in found[-1]
            again = page(rest, None, locale, LIMITS)
            found.append(again.text)
            rest = again.rest
        assert all(measure(one).segments <= 2 for one in found)
        joined = " ".join(found)
        plain = joined.translate(str.maketrans("áíóúÁÍÓÚ", "aiouAIOU"))
        for strategy in node.strategies:
            last = strategy.text[locale].rstrip(".").split()[-1].translate(str.maketrans("áíóúÁÍÓÚ", "aiouAIOU"))
            assert last in plain, strategy.id


def test_choices_come_only_where_they_cost_nothing() -> None:
    assert "Reply 1 More of it" in page("Short.", LINK, "en", LIMITS, ["More of it"]).text
    long = "word " * 24
    assert measure(page(long, LINK, "en", LIMITS, ["x" * 100]).text).segments == measure(page(long, LINK, "en", LIMITS).text).segments


def test_a_link_needs_a_public_address() -> None:
    assert link_to("https://a.example/", "2D") == "https://a.example/plan/2D"
    assert link_to(None, "2D") is None
    assert link_to("https://a.example", None) is None


def test_the_sentence_nearest_to_the_question_comes_first(plan: Plan) -> None:
    def last(sentences: Sequence[str]) -> int:
        return len(sentences) - 1

    resolution = Resolution(mode="facts", ids=("res_apply",))
    answer = compose(plan, resolution, "en")
    plain, turned = (short_text(plan, resolution, answer, "en", nearest) for nearest in (in_order, last))
    assert turned != plain and turned.index("windows") < plain.index("windows")
    assert sorted(turned.split()) == sorted(plain.split())
    both = Resolution(mode="facts", ids=("4D.R1", "res_apply"))
    first, second = short_text(plan, both, compose(plan, both, "en"), "en", last).split("\n")[:2]
    assert "Spanish version" in first and "windows" in second
