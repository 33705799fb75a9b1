"""Keywords of text messages, and plain words that mean the same."""

import pytest

from bot.sms.keywords import chosen, keyword


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "stop", " Stop. ", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "opt-out", "ALTO",
        "alto!", "PARAR", "stop texting me", "Please stop sending me these messages", "dont text me anymore", "no more texts",
        "do not message me", "take me off this list", "ya no me manden mensajes", "Por favor ya no me envíen mensajes",
        "dejen de mandarme mensajes", "no me escriban más", "quítenme de la lista", "ya no quiero recibir mensajes",
    ],
)
def test_who_wants_no_messages_is_understood(text: str) -> None:
    found = keyword(text)
    assert found is not None
    assert found[0] == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "how do I stop my son from missing school", "alto rendimiento", "dónde para el camión", "does the year end in june",
        "ya no me manden a otra oficina, ¿quién ayuda?", "no texts reach me, what number do I call", "yes but how",
        "¿hay más recursos?", "more about 2D", "help me find tutoring", "info de magnet", "stop sign near the school", "",
    ],
)
def test_a_keyword_inside_a_question_is_none(text: str) -> None:
    assert keyword(text) is None


@pytest.mark.parametrize(
    ("text", "name", "locale"),
    [
        ("START", "start", "en"), ("yes", "start", "en"), ("UNSTOP", "start", "en"), ("Inicio", "start", "es"),
        ("HELP", "help", "en"), ("INFO", "help", None), ("ayuda", "help", "es"), ("MORE", "more", "en"), ("más", "more", "es"),
        ("MAS", "more", "es"), ("ESPAÑOL", "spanish", "es"), ("espanol", "spanish", "es"), ("English", "english", "en"),
        ("ALTO", "stop", "es"), ("STOP", "stop", None), ("quit", "stop", "en"),
    ],
)
def test_each_keyword_knows_its_language(text: str, name: str, locale: str | None) -> None:
    assert keyword(text) == (name, locale)


@pytest.mark.parametrize(("text", "number"), [("1", 1), (" 2. ", 2), ("#3", 3), ("(1)", 1), ("0", None), ("12", None), ("2D", None)])
def test_a_number_alone_picks_a_suggestion(text: str, number: int | None) -> None:
    assert chosen(text) == number
