"""What messages name: ids, pillars by number, names, aspects, ordinals, and how they lean on the message before."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.folding import fold, within_one_edit
from bot.components.references import References, find_references
from bot.dialogue_training import names_of
from knowledge import load_plan

PLAN = load_plan()
NAMES = {fold(name): node_id for name, node_id in names_of(PLAN).items()}
KNOWN = frozenset(PLAN.nodes)


def found(text: str) -> References:
    return find_references(text, NAMES, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "2D.M1", "2d.m1", "2D M1", "2d-m1", "2DM1", "2dm1", "2D.M01", "(2D.M1)", "¿2D.M1?", "2D. M1", "2D.M1!", "\"2d.m1\"",
        "what does 2D.M1 measure", "díganme qué es 2d.m1", "priority 2 d m 1",
    ],
)
def test_one_measure_in_many_writings(text: str) -> None:
    assert found(text).ids == ("2D.M1",)
    assert found(text).unknown_ids == ()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("tell me about 3B", ("3B",)),
        ("qué dice la 4c", ("4C",)),
        ("priority 2 d", ("2D",)),
        ("la prioridad 3 A por favor", ("3A",)),
        ("2A and 4C", ("2A", "4C")),
        ("4c, 2a", ("4C", "2A")),
        ("how do 1a.s2 and 2b.r1 differ", ("1A.S2", "2B.R1")),
        ("2D 2D 2d", ("2D",)),
        ("what is res_plan_page", ("res_plan_page",)),
        ("ov_vision", ("ov_vision",)),
    ],
)
def test_ids_in_a_sentence(text: str, ids: tuple[str, ...]) -> None:
    assert found(text).ids == ids


@given(st.sampled_from(sorted(KNOWN)))
def test_every_id_of_the_plan_is_read_in_either_case(node_id: str) -> None:
    if len(node_id) > 1:
        for text in (node_id, node_id.lower(), f"what about {node_id}?", f"¿y {node_id}, pues?"):
            assert node_id in found(text).ids


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("2D.M99", ("2D.M99",)), ("qué es 1b.s1", ("1B.S1",)), ("priority 1E", ("1E",)), ("prioridad 9a", ("9A",)),
        ("pillar 9", ("9",)), ("pilar seis o pilar 8", ("8",)),
    ],
)
def test_ids_that_the_plan_lacks(text: str, unknown: tuple[str, ...]) -> None:
    assert found(text).unknown_ids == unknown
    assert found(text).ids == ()


@pytest.mark.parametrize(
    "text",
    [
        "kids in grades 4 a 8", "son las 2 d la tarde", "k-5", "4 de julio", "a las 3 de la tarde", "grades 6 a 12", "2 b honest",
        "1 a 1 help for my boy", "de 1 a 3 horas", "c u at 3 b there", "5 a day", "my girl is 5 and my boy is 4",
        "at 8am 20 kids waited",
        "abren 5am 12 escuelas", "5 a.m.", "24 aulas", "2024", "12.8%", "room 12b", "room 12B", "calle 4ta", "at 7 a m",
        "3ero de primaria", "the 1st day", "covid-19", "p.s. 22a", "f1 racing",
    ],
)
def test_no_id_where_none_is_meant(text: str) -> None:
    assert found(text).ids == ()
    assert found(text).unknown_ids == ()


@pytest.mark.parametrize(
    "text",
    [
        "pillar two", "pillar 2", "pilar dos", "segundo pilar", "2nd pillar", "P2", "p2?", "pillar number two", "pilar número 2",
        "el segundo pilar", "the second pillar", "pillar II", "pillar #2", "Pillar-2", "pillar2", "pilar2", "piller 2", "PILAR 2",
        "what is pillar two called", "¿de qué trata el pilar dos?",
    ],
)
def test_the_second_pillar(text: str) -> None:
    assert found(text).ids == ("2",)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("pillars 1 and 3", ("1", "3")), ("pilares dos y cinco", ("2", "5")), ("pillar one vs pillar four", ("1", "4")),
        ("first priority of pillar 3", ("3",)), ("tercer pilar", ("3",)), ("p1 or p5", ("1", "5")),
    ],
)
def test_other_pillars_by_number(text: str, ids: tuple[str, ...]) -> None:
    assert found(text).ids == ids


@pytest.mark.parametrize("text", ["how many pillars are there", "pilars", "cuáles son los pilares", "what does the pillar say"])
def test_pillars_without_a_number(text: str) -> None:
    assert found(text).level == "pillar"
    assert found(text).ids == ()


@given(st.sampled_from(sorted(names_of(PLAN).items())))
def test_every_name_is_read_with_and_without_accents(entry: tuple[str, str]) -> None:
    name, node_id = entry
    for text in (name, name.upper(), fold(name), f"tell me about {name}, please", f"¿qué es {name}?"):
        assert node_id in found(text).ids


@pytest.mark.parametrize(
    ("text", "node_id"),
    [
        ("que plantea alegria y bienestar", "2"), ("joy & wellness", "2"), ("asistencia sobresaliente", "2D"),
        ("Outstanding   Attendance", "2D"), ("solidas habilidades socioemocionales", "2C"), ("whole-child well-being", "2B"),
        ("INVERSIÓN EN EL PERSONAL", "5"),
    ],
)
def test_names(text: str, node_id: str) -> None:
    assert found(text).ids == (node_id,)


@pytest.mark.parametrize("text", ["attendance", "joyful kids", "asistencia", "relaciones", "wellness centers", "choice"])
def test_parts_of_names_are_not_names(text: str) -> None:
    assert found(text).ids == ()


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("priorty", "priorities"), ("prioridads", "priorities"), ("resorces for 2B", "resources"), ("recurso de 2B", "resources"),
        ("mesures of 2A", "measures"), ("medidas de 2A", "measures"), ("indicadores", "measures"), ("strategys", "strategies"),
        ("estrategas de 3A", "strategies"), ("¿Cuáles son las ESTRATEGIAS?", "strategies"), ("the goal", "target"),
        ("metas", "target"), ("objectivo", "target"), ("targts", "target"), ("starting point", "baseline"),
        ("punto de partida", "baseline"), ("línea base", "baseline"), ("baselin", "baseline"), ("why", "why"),
        ("¿por qué?", "why"),
        ("xq", "why"), ("what is it called", "about"), ("cómo se llama", "about"), ("de qué trata", "about"),
        ("linea bsae", "baseline"), ("punto de prtida", "baseline"), ("¿y cómo es ahorita?", "baseline"),
    ],
)
def test_aspects(text: str, aspect: str) -> None:
    assert found(text).aspects[0] == aspect


def test_several_aspects() -> None:
    assert set(found("strategies and resources of 2B").aspects) == {"strategies", "resources"}
    assert set(found("las metas y el punto de partida").aspects) == {"target", "baseline"}


@pytest.mark.parametrize(
    "text",
    [
        "social media", "escuelas de educación media", "flu season", "el parque", "las calles", "un hombre", "attention médica",
        "un millar de niños", "who was the caller", "when my class starts", "attendance", "bus",
        "presupuesto con base cero", "una base de datos", "zero-based budget", "hasta cuándo",
    ],
)
def test_common_words_are_not_misspelt_aspects(text: str) -> None:
    assert found(text).aspects == ()
    assert found(text).level is None


@pytest.mark.parametrize(
    ("text", "ordinal", "counted"),
    [
        ("the second one", "2", None), ("la segunda", "2", None), ("el primero", "1", None), ("the last one", "last", None),
        ("la última", "last", None), ("the 3rd", "3", None), ("third priority", "3", "priority"),
        ("tercera prioridad", "3", "priority"), ("the first strategy", "1", "strategies"), ("la cuarta meta", "4", "target"),
        ("the second measure", "2", "measures"), ("number 3", "3", None), ("option 2", "2", None), ("la opción 2", "2", None),
        ("el número cuatro", "4", None), ("the first one, what priorities does it have", "1", None),
        ("y la segunda que prioridades trae", "2", None),
        ("the next one", "next", None), ("la siguiente", "next", None), ("la que sigue", "next", None),
        ("the one after that", "next", None), ("the previous one", "previous", None), ("la anterior", "previous", None),
    ],
)
def test_ordinals(text: str, ordinal: str, counted: str | None) -> None:
    assert (found(text).ordinal, found(text).ordinal_of) == (ordinal, counted)


@pytest.mark.parametrize("text", ["option 2", "number 3", "el número cuatro", "the second one", "la segunda por favor"])
def test_choosing_by_number_has_no_content_of_its_own(text: str) -> None:
    assert found(text).content_words == 0


@pytest.mark.parametrize(
    "text",
    ["how long will it last", "next year", "my two kids", "i have 3 sons", "the first day of school", "the last day", "mis dos hijos", "at 4"],
)
def test_counts_of_other_things_are_not_ordinals(text: str) -> None:
    assert found(text).ordinal is None


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("¿y la meta?", True), ("and the goal", True), ("same for 1B", True), ("what about resources", True),
        ("¿Y para 2D?", True),
        ("lo mismo para 3C", True), ("también 2A", True), ("n the target", True), ("ok and the strategies?", True),
        ("& the goal", True), ("i la meta", True), ("no, nomás la de primaria", True), ("i want that", False), ("yesterday", False), ("yo quiero saber", False), ("another thing", False),
        ("tell me and show me", False),
        ("nadie sabe", False), ("andy asked", False),
    ],
)
def test_openings_that_continue(text: str, linked: bool) -> None:
    assert found(text).linked is linked


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("¿y la meta?", True), ("and the goal?", True), ("resources", True), ("punto de partida", True), ("starting point", True),
        ("P2", True), ("2D", True), ("the second one", True), ("why?", True), ("that one", True), ("", True), ("?!", True),
        ("meta de asistencia", False), ("the goal for reading", False), ("lunch", False), ("2D attendance", False),
    ],
)
def test_messages_without_content_of_their_own(text: str, bare: bool) -> None:
    assert found(text).bare is bare
    assert (found(text).content_words == 0) is bare


@pytest.mark.parametrize(
    ("text", "pronoun"),
    [("the goal of that", True), ("¿y eso?", True), ("them", True), ("the goal", False)],
)
def test_pronouns(text: str, pronoun: bool) -> None:
    assert found(text).pronoun is pronoun


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    references = found(text)
    assert set(references.ids) <= KNOWN
    assert not set(references.unknown_ids) & KNOWN
    assert references.bare == (references.content_words == 0)
    assert references.ordinal in {None, "1", "2", "3", "4", "5", "last"}


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz áéñ¿?.,'", max_size=80))
def test_without_digits_there_are_no_ids_of_priorities(text: str) -> None:
    assert not any(re.match(r"[1-5][A-D]", node_id) for node_id in find_references(text, {}, KNOWN).ids)


def distance(one: str, other: str) -> int:
    """Edits with swaps of neighbours, by the textbook table."""
    table = [[i + j if i * j == 0 else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(st.text(alphabet="abc", max_size=7), st.text(alphabet="abc", max_size=7))
def test_one_edit_is_what_the_table_of_edits_says(one: str, other: str) -> None:
    assert within_one_edit(one, other) == (distance(one, other) <= 1)


@pytest.mark.parametrize("text", ["the last pillar", "¿y el último pilar?", "last piller please"])
def test_the_last_pillar_is_the_plan_s_last(text: str) -> None:
    assert found(text).ids == ("5",)


@pytest.mark.parametrize("text", ["the one for K-5", "la de 6-8", "9-12?"])
def test_grades_say_something(text: str) -> None:
    assert not found(text).bare


@pytest.mark.parametrize("text", ["my wife asks where it was before the plan", "mi suegra quiere saber cuanto era antes de este plan"])
def test_who_asks_is_not_what_is_asked(text: str) -> None:
    assert (found(text).aspects, found(text).content_words) == (("baseline",), 0)


def test_what_the_pillars_are_called_speaks_of_pillars() -> None:
    assert found("so what are the pillars called").level == "pillar"


@pytest.mark.parametrize(
    "text",
    ["how many points are they trying to bring them up", "a cuantos kieren meter", "y cuanto quieren q suba", "what number do they want to hit"],
)
def test_how_far_a_figure_is_to_move_is_a_target_without_content(text: str) -> None:
    read = found(text)
    assert read.aspects == ("target",)
    assert read.bare


@pytest.mark.parametrize("text", ["how many nurses do they want", "cuantos camiones quieren poner", "how many kids ride the bus"])
def test_a_quantity_of_something_named_has_content(text: str) -> None:
    assert not found(text).bare


def test_courtesy_around_a_part_says_nothing() -> None:
    assert found("just the targets, can you").bare
    assert not found("just the garden").bare


@pytest.mark.parametrize("text", ["they said the plan has pillars, which are they", "siempre hablan de los pilares, ¿cuáles son?", "These pillars: name all five for me."])
def test_the_list_of_pillars_at_the_end_of_a_longer_sentence(text: str) -> None:
    assert found(text).level == "pillar"


@pytest.mark.parametrize(("text", "ids"), [("Pillar 5 I know by heart", ("5",)), ("pillars 1, 2 and 3", ("1", "2")), ("pilar uno y dos", ("1", "2"))])
def test_numbers_of_pillars_stand_side_by_side_or_are_joined(text: str, ids: tuple[str, ...]) -> None:
    assert found(text).ids[:2] == ids
