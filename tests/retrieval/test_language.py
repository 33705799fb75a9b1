"""The language detector: requests, matrix language, memory, determinism, safety on any text."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.models import Locale
from retrieval.language import WEIGHTS_FILE, detect, langdetect_log_odds, load_weights
from retrieval.language_requests import DATA, one_edit_apart

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("when does the bus come by our street?", "en"),
        ("a que hora pasa el camion por mi calle", "es"),
        ("u guys got any summer stuff 4 kids", "en"),
        ("xq mi ija no tiene tarea", "es"),
        ("k dias ay lonche gratis", "es"),
        ("calificaciones", "es"),
        ("homework", "en"),
        ("pilar 2", "es"),
        ("pillar 2", "en"),
        ("¿Dónde queda la oficina?", "es"),
        ("¿dónde veo los grades de mi hija en el Parent Portal?", "es"),
        ("is my abuelita allowed to pick him up?", "en"),
        ("cuántos field trips hacen al año", "es"),
        ("what does Family Academy teach about la comida?", "en"),
        ("Is there a magnet school near San Pedro or El Sereno?", "en"),
        ("We moved from La Crescenta to Los Angeles, who do we call?", "en"),
        ("¿Qué es Zones of Choice?", "es"),
        ("nos cambiamos a Boyle Heights, a quien llamo", "es"),
        ("explain All Families Connected", "en"),
        ("explíqueme All Families Connected", "es"),
    ],
)
def test_language_of_the_sentence(text: str, language: Locale) -> None:
    found = detect(text)
    assert (found.language, found.requested) == (language, None)
    assert found.source == "text"


@pytest.mark.parametrize(
    ("text", "requested"),
    [
        ("en español por favor", "es"),
        ("espanol", "es"),
        ("English, please!", "en"),
        ("in spanish", "es"),
        ("¿podría responderme en inglés?", "en"),
        ("do you speak Spanish?", "es"),
        ("could u talk to me in spanish", "es"),
        ("contésteme en ingles", "en"),
        ("reply in English", "en"),
        ("same thing in Spanish", "es"),
        ("lo mismo en inglés", "en"),
        ("en ingles porfa", "en"),
        ("enlgish pls", "en"),
        ("en espaniol", "es"),
        ("prefiero español", "es"),
        ("please switch to English", "en"),
        ("tradúcemelo al español", "es"),
        ("Who votes on the budget? en español por favor", "es"),
        ("¿Quién vota el presupuesto? (in English)", "en"),
        ("who votes on the budget en español", "es"),
        ("explain the third pillar in Spanish", "es"),
        ("En español: who votes on the budget?", "es"),
        ("how many goals are there in spanish please", "es"),
        ("sí, en inglés", "en"),
        ("háblame en español", "es"),
        ("i dont understand spanish", "en"),
        ("Perdón, no hablo inglés.", "es"),
        ("casi no entiendo ingles", "es"),
        ("No entiendo inglés, ¿me lo dice en español?", "es"),
        ("please answer in english i dont read spanish very well", "en"),
    ],
)
@pytest.mark.parametrize("remembered", [None, "en", "es"])
def test_explicit_request_wins(text: str, requested: Locale, remembered: Locale | None) -> None:
    found = detect(text, remembered)
    assert (found.language, found.requested, found.source) == (requested, requested, "request")
    assert found.probability == 1.0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("what does Outstanding mean in Spanish?", "en"),
        ("how do you say attendance in Spanish", "en"),
        ("what does pillar mean en español", "en"),
        ("¿cómo se dice tutoring en español?", "es"),
        ("are there classes in Spanish for parents?", "en"),
        ("do you have classes in spanish", "en"),
        ("¿hay clases de inglés para papás?", "es"),
        ("quiero clases de inglés", "es"),
        ("are messages sent in languages other than English", "en"),
        ("do they teach in Spanish", "en"),
        ("mi hijo no habla inglés", "es"),
        ("my mom only understands Spanish at meetings", "en"),
        ("¿Los maestros hablan español?", "es"),
        ("how many English learners graduate?", "en"),
        ("tell me about classes in Spanish", "en"),
        ("can the teacher send notes in Spanish?", "en"),
        ("is the newsletter in English and Spanish?", "en"),
        ("no hablo ingles, ¿quién me ayuda en la escuela?", "es"),
        ("teachers who dont speak Spanish", "en"),
        ("the office people dont speak spanish and i dont speak english, who helps", "en"),
    ],
)
def test_a_language_only_spoken_of_is_not_requested(text: str, language: Locale) -> None:
    found = detect(text)
    assert (found.language, found.requested) == (language, None)


@pytest.mark.parametrize("text", ["", "   ", "2D", "3B.M1", "12345", "👍🏽", "¿?", "...", "한국어", "русский", "A-G"])
def test_nothing_to_go_by_keeps_the_memory(text: str) -> None:
    assert (detect(text).language, detect(text).source) == ("en", "default")
    for remembered in ("en", "es"):
        found = detect(text, remembered)
        assert (found.language, found.source, found.requested) == (remembered, "memory", None)


@pytest.mark.parametrize("text", ["ok", "plan", "no", "total", "ELA gr 3."])
def test_memory_decides_near_ties(text: str) -> None:
    assert detect(text, "en").language == "en"
    assert detect(text, "es").language == "es"


def test_memory_does_not_outweigh_a_sentence() -> None:
    assert detect("where is the office?", "es").language == "en"
    assert detect("donde esta la oficina", "en").language == "es"
    assert detect("pilar 2", "en").language == "es"


def test_probability_is_surer_for_a_sentence_than_for_a_shared_word() -> None:
    assert detect("where do I sign the papers for my kids?").probability > 0.99
    assert detect("total", "es").probability < 0.95


def test_same_answer_in_a_fresh_process() -> None:
    texts = ["total", "la plan", "Surinam", "who is la maestra", "animal normal"]
    program = f"from retrieval.language import detect\nprint([detect(text) for text in {texts!r}])"
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        ).stdout.strip()
        for _ in range(2)
    }
    assert runs == {str([detect(text) for text in texts])}


def test_langdetect_voice_is_repeatable_and_ignores_empty_texts() -> None:
    assert len({langdetect_log_odds("animal normal") for _ in range(5)}) == 1
    assert langdetect_log_odds("123") == 0.0


def test_data_file_is_small_and_loads_fast() -> None:
    assert (DATA / WEIGHTS_FILE).stat().st_size < 400_000
    times = []
    for _ in range(3):
        load_weights.cache_clear()
        start = time.perf_counter()
        load_weights()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05


def test_long_and_repetitive_texts_are_read_in_bounded_time() -> None:
    start = time.perf_counter()
    for text in (
        "lo mismo " * 5_000 + "en ingles ?",
        "can you me " * 5_000 + "english x",
        "explain in " * 900 + "spanish x",
    ):
        detect(text)
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("spansh", "spanish", True),
        ("enlgish", "english", True),
        ("espaniol", "espanol", True),
        ("span", "spanish", False),
    ],
)
def test_one_edit_apart(left: str, right: str, near: bool) -> None:
    assert one_edit_apart(left, right) is near


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.sampled_from([None, "en", "es"]))
def test_any_text_has_an_answer(text: str, remembered: Locale | None) -> None:
    found = detect(text, remembered)
    assert found.language in ("en", "es")
    assert 0.0 <= found.probability <= 1.0
    assert found == detect(text, remembered)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["can", "you", "please", "en", "español", "english", "in", ",", "?", "me", "no", "class"]),
        max_size=12,
    )
)
def test_any_mix_of_request_words_has_an_answer(words: list[str]) -> None:
    found = detect(" ".join(words))
    assert found.requested is None or (found.requested == found.language and found.source == "request")


@pytest.mark.parametrize(
    ("text", "requested"),
    [
        ("My dad is here too. Could you switch to Spanish for him?", "es"),
        ("contésteme en inglés para mi suegra", "en"), ("Mejor dígamelo en inglés, que mi vecina no lee español", "en"),
        ("my Spanish isn't good. answer me in English from here on", "en"),
        ("a partir de ahora en inglés por favor", "en"),
    ],
)
def test_a_wish_with_its_reason_asks_for_nothing_else(text: str, requested: Locale) -> None:
    detection = detect(text)
    assert (detection.requested, detection.asks_only_that) == (requested, True)


@pytest.mark.parametrize(
    "text",
    [
        "do they answer in Spanish for my mom", "can I write in Spanish for the survey",
        "do the teachers speak in Spanish for parents?", "who can translate in Spanish for me at the meeting",
    ],
)
def test_what_others_speak_is_no_wish(text: str) -> None:
    assert detect(text).requested is None


@pytest.mark.parametrize(
    ("text", "requested"),
    [
        ("me lo puede dar en ingles para mi vecino", "en"), ("my wife does not read English, send it in Spanish", "es"),
        ("ya no me escriba en inglés", "es"), ("why are you answering in English", "es"), ("mi suegra no lee inglés", "es"),
        ("i'm more comfortable in spanish", "es"), ("por qué me contesta en español", "en"),
    ],
)  # fmt: skip
def test_a_wish_made_only_of_words_of_wishes_is_heard_in_any_order(text: str, requested: Locale) -> None:
    assert detect(text, None).requested == requested


@pytest.mark.parametrize("text", ["mi hija no habla inglés todavía", "la maestra no habla español", "is the survey in Spanish", "do they read it in Spanish"])
def test_who_speaks_a_language_is_no_wish(text: str) -> None:
    assert detect(text, None).requested is None
