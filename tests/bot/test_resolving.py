"""From an act to what is said, without Rasa and without an encoder: made-up evidence on the real plan."""

import numpy as np
import pytest

from bot.acts import DialogueAct
from bot.answer import compose
from bot.components.references import find_references
from bot.resolution import Context, Question, Resolution
from bot.resolving import resolve
from knowledge import load_plan
from knowledge.models import Measure
from retrieval.search import Evidence

PLAN = load_plan()
KNOWN = frozenset(PLAN.nodes)


def evidence(**likely: float) -> Evidence:
    """Evidence in which the nodes named (dots written as underscores) stand out by that many logits."""
    ids = list(PLAN.nodes)
    logits = np.full(len(ids), -6.0, np.float32)
    for name, logit in likely.items():
        logits[ids.index(name.lstrip("_").replace("_", ".") if name.startswith("_") else name)] = logit
    return Evidence(ids, logits, {"plan": 1.0}, 0.9)


def question(text: str, found: Evidence, context: Context | None = None) -> Question:
    context = context or Context()
    return Question(text, find_references(text, {}, KNOWN), found, found if context.question else None, context)


ON_ATTENDANCE = Context(question="what about attendance", topic=("2D",), shown=("2D.S1", "2D.S2", "2D.S3"))


def test_an_id_with_an_aspect_is_told_as_asked() -> None:
    act = DialogueAct("answer_about", ("2D",), "strategies")
    assert resolve(PLAN, act, question("strategies of 2D", evidence())) == Resolution(mode="about", ids=("2D",), aspect="strategies")


def test_a_follow_up_keeps_the_topic_and_changes_the_part() -> None:
    act = DialogueAct("follow_up", ("2D",), "target", linked=True)
    told = resolve(PLAN, act, question("and the target?", evidence(_3B=9.0), ON_ATTENDANCE))
    assert (told.mode, told.ids, told.aspect) == ("about", ("2D",), "target")


def test_a_follow_up_uses_the_conversations_topic_where_the_act_has_none() -> None:
    act = DialogueAct("follow_up", (), "measures", linked=True)
    assert resolve(PLAN, act, question("measures?", evidence(_3B=9.0), ON_ATTENDANCE)).ids == ("2D",)


def test_a_follow_up_without_any_topic_is_an_open_question() -> None:
    act = DialogueAct("follow_up", (), None, linked=True)
    assert resolve(PLAN, act, question("and that?", evidence(_3B_S1=5.0))).ids[:1] == ("3B.S1",)


def test_a_follow_up_on_a_strategy_asks_its_priority() -> None:
    act = DialogueAct("follow_up", ("2D.S1",), "resources", linked=True)
    told = resolve(PLAN, act, question("resources?", evidence(), Context("mentors", ("2D.S1",), ("2D.S1",))))
    assert (told.mode, told.ids, told.aspect) == ("about", ("2D",), "resources")


@pytest.mark.parametrize("aspect", ["target", "baseline", "measures"])
def test_a_follow_up_on_a_strategy_finds_measures_of_its_own_priority(aspect: str) -> None:
    act = DialogueAct("follow_up", ("2A.S3",), aspect, linked=True)
    told = resolve(PLAN, act, question("and?", evidence(_2D_M1=9.0, _2A_M4=1.0), Context("green spaces", ("2A.S3",), ("2A.S3",))))
    answer = compose(PLAN, told, "en")
    assert all(node.startswith("2A") for node in answer.citations)
    assert any(isinstance(PLAN.nodes[node], Measure) for node in answer.citations)


def test_an_open_question_tells_the_likeliest_fact_first() -> None:
    told = resolve(PLAN, DialogueAct("answer"), question("green schoolyards", evidence(_2A_S3=5.0, _2A_M4=4.5)))
    assert told.mode == "facts"
    assert told.ids[:2] == ("2A.S3", "2A.M4")
    assert 0 < told.confidence <= 1


def test_an_open_question_does_not_pad_a_clear_answer() -> None:
    assert resolve(PLAN, DialogueAct("answer"), question("green schoolyards", evidence(_2A_S3=9.0))).ids == ("2A.S3",)


def test_a_question_that_leans_on_the_conversation_prefers_its_topic() -> None:
    found = evidence(_2D_S3=4.0, _3B_S1=4.5)
    alone = resolve(PLAN, DialogueAct("answer"), question("who calls the families", found))
    leaning = resolve(PLAN, DialogueAct("answer", linked=True), question("and who calls the families", found, ON_ATTENDANCE))
    assert (alone.ids[0], leaning.ids[0]) == ("3B.S1", "2D.S3")


def test_a_new_question_is_not_bent_to_the_old_topic() -> None:
    found = evidence(_2D_S3=1.0, _3B_S1=5.0)
    assert resolve(PLAN, DialogueAct("answer"), question("newsletters", found, ON_ATTENDANCE)).ids[0] == "3B.S1"


@pytest.mark.parametrize(
    ("act", "outcome"),
    [
        (DialogueAct("refuse", detail="personal"), "abstain"),
        (DialogueAct("refuse", detail="off_topic"), "abstain"),
        (DialogueAct("refuse", detail="injection"), "abstain"),
        (DialogueAct("refuse"), "abstain"),
        (DialogueAct("crisis", detail="missing"), "crisis"),
        (DialogueAct("crisis"), "crisis"),
        (DialogueAct("handoff"), "handoff"),
        (DialogueAct("language_switch", detail="es"), "language_switch"),
        (DialogueAct("greet"), "smalltalk"),
        (DialogueAct("thanks"), "smalltalk"),
        (DialogueAct("bye"), "smalltalk"),
        (DialogueAct("how_are_you"), "smalltalk"),
        (DialogueAct("who_are_you"), "smalltalk"),
    ],
)
def test_what_is_no_question_gets_its_own_sentence(act: DialogueAct, outcome: str) -> None:
    told = resolve(PLAN, act, question("…", evidence(_2D=9.0), ON_ATTENDANCE))
    assert [compose(PLAN, told, locale).outcome for locale in ("en", "es")] == [outcome, outcome]


def test_an_unknown_topic_is_never_told_as_known() -> None:
    told = resolve(PLAN, DialogueAct("answer_about", ("7F",)), question("priority 7F", evidence(_2D=9.0)))
    assert compose(PLAN, told, "en").outcome == "abstain"


def test_a_resolution_survives_its_storage() -> None:
    told = Resolution(mode="facts", ids=("2D.M1", "2D"), confidence=0.5)
    assert Resolution.model_validate(told.model_dump(mode="json")) == told


def test_a_starting_point_that_no_source_gives_is_missing() -> None:
    listed = Context("meals", ("2B.M1",), ("2B.M1",), None)
    told = resolve(PLAN, DialogueAct("follow_up", (), "baseline", linked=True), question("where did it start?", evidence(), listed))
    assert (told.ids, told.missing) == (("2B.M1",), "baseline")
    for locale in ("en", "es"):
        assert compose(PLAN, told, locale).outcome == "gap"


def test_a_date_that_the_fact_does_not_give_is_missing() -> None:
    about_it = Context("green schoolyards", ("2A.S3",), ("2A.S3",), None)
    told = resolve(PLAN, DialogueAct("answer", (), None, linked=True), question("and when?", evidence(_2A_S3=3.0, ov_adopted=3.2), about_it))
    assert (told.ids, told.missing) == (("2A.S3",), "date")


def test_what_a_place_does_not_tell_can_be_asked_there() -> None:
    about_it = Context("green schoolyards", ("res_apply",), ("res_apply",), None)
    told = resolve(PLAN, DialogueAct("follow_up", (), "resources", linked=True), question("is it free?", evidence(), about_it))
    answer = compose(PLAN, told, "en")
    assert answer.outcome == "answered"
    assert answer.citations == ("res_apply",)
    assert "apply" in answer.text


def test_hours_come_from_the_one_of_several_that_gives_them() -> None:
    both = Context("who do I call", ("3A.R3", "res_family_helpdesk"), ("3A.R3", "res_family_helpdesk"), None)
    told = resolve(PLAN, DialogueAct("follow_up", (), "resources", linked=True), question("what days are they open", evidence(), both))
    assert told.ids[0] == "res_family_helpdesk"


def test_another_subject_of_the_same_kind_is_not_the_one_just_told() -> None:
    on_math = Context("math goal", ("1A.M3",), ("1A.M3",), None)
    found = evidence(_1A_M3=3.0, _1A_M1=3.0, _5B_S3=3.5)
    told = resolve(PLAN, DialogueAct("answer", (), None, linked=True), question("and for reading?", found, on_math))
    assert told.ids[0] == "1A.M1"


def test_a_target_is_told_by_the_measure_beside_the_strategy() -> None:
    found = evidence(_2B_S4=6.0, _2B_M1=3.0)
    told = resolve(PLAN, DialogueAct("answer", (), "target"), question("what is the target for cafeteria food", found))
    assert told.ids[:2] == ("2B.M1", "2B.S4")


def test_the_five_pillars_are_named_where_they_are_counted() -> None:
    answer = compose(PLAN, Resolution(mode="facts", ids=("ov_structure",)), "en")
    assert answer.citations == ("ov_structure", "1", "2", "3", "4", "5")
    assert answer.shown == ("1", "2", "3", "4", "5")
    assert "Academic Excellence" in answer.text


def test_the_starting_point_of_a_named_measure_may_be_missing_too() -> None:
    told = resolve(PLAN, DialogueAct("answer_about", ("2B.M1",), "baseline"), question("starting point of 2B.M1", evidence()))
    assert (told.ids, told.missing) == (("2B.M1",), "baseline")
    known = resolve(PLAN, DialogueAct("answer_about", ("2D.M1",), "baseline"), question("starting point of 2D.M1", evidence()))
    assert known.missing is None


def test_what_was_told_leaves_open_is_looked_for_beside_it() -> None:
    on_internet = Context("internet at home", ("3B.S2",), ("3B.S2",), None)
    free = resolve(PLAN, DialogueAct("follow_up", (), "resources", linked=True), question("is it free?", evidence(res_internet=1.0), on_internet))
    assert free.ids[0] == "res_internet"
    on_budget = Context("a say in the budget", ("3A.S6",), ("3A.S6",), None)
    often = resolve(PLAN, DialogueAct("follow_up", (), None, linked=True), question("how often", evidence(_3A_R5=1.0), on_budget))
    assert often.ids[0] == "3A.R5"


def test_that_no_source_says_how_often_is_no_gap() -> None:
    on_green = Context("green schoolyards", ("2A.S3",), ("2A.S3",), None)
    told = resolve(PLAN, DialogueAct("follow_up", (), None, linked=True), question("how often", evidence(), on_green))
    assert (told.ids, told.missing) == (("2A.S3",), None)


def test_a_goal_is_looked_for_beside_each_fact_that_was_told() -> None:
    several = Context("are teachers trained", ("1A.S4", "2A.S2"), ("1A.S4", "2A.S2"), None)
    told = resolve(PLAN, DialogueAct("follow_up", (), "target", linked=True), question("is there a goal for it", evidence(_2A_M5=4.0), several))
    assert told.ids[0] == "2A.M5"


def test_another_pillar_after_the_results_of_one_is_told_with_its_figure() -> None:
    on_results = Context("how many improved", ("ov_y1_pillars", "4"), ("ov_y1_pillars",), None)
    told = resolve(PLAN, DialogueAct("answer_about", ("2",), None, linked=True), question("and pillar 2", evidence(_2=9.0), on_results))
    assert told.ids == ("ov_y1_pillars", "2")


def test_just_some_of_a_list_are_told() -> None:
    listed = Context("measures of 3B", ("3B",), ("3B.M2", "3B.M3", "3B.M4", "3B.M5"), None)
    asked = question("just the web site and social media ones", evidence(res_social=9.0, _3B_M3=4.0, _3B_M4=4.0), listed)
    assert set(resolve(PLAN, DialogueAct("answer"), asked).ids) == {"3B.M3", "3B.M4"}


def test_the_figure_of_the_pillar_that_is_named_or_described() -> None:
    on_measures = Context("how many measures", ("ov_measures93",), ("ov_measures93",), None)
    asked = question("how many got better in joy and wellness", evidence(_2=8.0, ov_y1_pillars=7.5), on_measures)
    assert resolve(PLAN, DialogueAct("answer_about", ("2",)), asked).ids == ("ov_y1_pillars", "2")
    on_results = Context("how many improved", ("ov_y1_pillars", "2"), ("ov_y1_pillars",), None)
    described = question("and in the one on staff?", evidence(_5A_S4=5.0, _5=4.0), on_results)
    assert resolve(PLAN, DialogueAct("answer", ("5A.S4",), linked=True), described).ids == ("ov_y1_pillars", "5")


def test_the_newest_figure_comes_with_the_years_so_far() -> None:
    on_absence = Context("baseline", ("2D.M1",), ("2D.M1",), None)
    told = resolve(PLAN, DialogueAct("follow_up", (), "baseline", linked=True), question("most recent figure", evidence(), on_absence))
    assert told.ids == ("2D.M1", "ov_absence_trend")


def test_words_of_the_fact_just_told_mean_that_fact() -> None:
    on_reading = Context("third grade reading", ("1A.M1",), ("1A.M1",), None)
    found = evidence(_1A_M1=2.0, _1A_M3=3.0)
    told = resolve(PLAN, DialogueAct("answer", (), None, linked=True), question("and the targeted groups?", found, on_reading))
    assert told.ids[0] == "1A.M1"


def test_a_second_date_is_another_one() -> None:
    on_adoption = Context("when did the board approve it", ("ov_adopted",), ("ov_adopted",), None)
    found = evidence(ov_years=4.0, ov_adopted=2.0)
    told = resolve(PLAN, DialogueAct("answer", (), None, linked=True), question("and it goes until when", found, on_adoption))
    assert told.ids[0] == "ov_years"


def test_what_sources_lack_is_not_what_a_message_without_content_asks_for() -> None:
    on_councils = Context("councils", ("3D.S1",), ("3D.S1",), None)
    told = resolve(PLAN, DialogueAct("answer", (), None, linked=True), question("and the third", evidence(ov_gap_priorities_1=9.0), on_councils))
    assert told.ids[0] != "ov_gap_priorities_1"


def test_priorities_without_a_name_are_told_together_as_missing() -> None:
    for locale in ("en", "es"):
        answer = compose(PLAN, Resolution(mode="about", ids=("5C", "5D")), locale)
        assert answer.outcome == "gap"
        assert "5C, 5D" in answer.text


def test_the_other_measures_of_a_pillar_are_counted_as_missing() -> None:
    answer = compose(PLAN, Resolution(mode="about", ids=("1",), aspect="rest"), "en")
    assert answer.outcome == "gap"
    assert "22" in answer.text
    assert "6" in answer.text
