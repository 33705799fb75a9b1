from knowledge import Plan
from knowledge.bank import Question
from retrieval.passages import Passage, passage_text, passages


def test_every_fact_is_there_in_both_languages_and_gaps_are_not(plan: Plan) -> None:
    found = passages(plan, [])
    pairs = {(passage.node_id, passage.locale) for passage in found}
    assert pairs == {(i, locale) for i in plan.nodes if i not in {"1B", "1C", "5C", "5D"} for locale in ("en", "es")}
    assert len(pairs) == len(found)
    assert all(passage.text.strip() and passage.source == "plan" for passage in found)


def test_facts_below_a_priority_carry_its_name(plan: Plan) -> None:
    assert passage_text(plan, plan.nodes["2D.M1"], "en").startswith("Outstanding Attendance. By 2026, fewer students")
    assert passage_text(plan, plan.nodes["2D.M1"], "es").startswith("Asistencia sobresaliente. Para 2026")


def test_unknown_priority_has_no_text(plan: Plan) -> None:
    assert passage_text(plan, plan.nodes["1B"], "en") == ""


def test_answerable_questions_follow_the_plan_and_others_stay_out(plan: Plan) -> None:
    bank = [
        Question("faltas?", "es", "ana", node_id="2D"),
        Question("sing me a song", "en", "ana", reason="off_topic"),
    ]
    assert passages(plan, bank)[len(passages(plan, [])) :] == [Passage("2D", "es", "faltas?", "bank")]
