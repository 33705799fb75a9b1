"""The Rasa components: language, plan references, and the decision on the intent.

Rasa's `Message` carries the application's evidence in its `metadata`. Entities set here fill the slots of
the same names (domain.yml).
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .decision import Decision, decide
from .folding import fold
from .following import Evidence
from .references import find_references

METADATA = "metadata"
RANKING = "intent_ranking"


def evidence_of(message: Message) -> Evidence:
    """The application's evidence, or none of it where a message comes without (as in `rasa shell`)."""
    sent = message.get(METADATA) or {}
    return Evidence(
        language=sent.get("language") or "en",
        requested_language=sent.get("requested_language"),
        asks_only_language=bool(sent.get("asks_only_language")),
        hits=tuple((str(i), float(s)) for i, s in sent.get("hits") or ()),
        best_pillar=sent.get("best_pillar"),
        best_priority=sent.get("best_priority"),
        scope=sent.get("scope") or {},
        shown=tuple(sent.get("shown") or ()),
        topic=tuple(sent.get("topic") or ()),
        danger=sent.get("danger"),
        danger_kind=sent.get("danger_kind"),
        answered_in=sent.get("answered_in"),
    )


def _entity(message: Message, name: Text, value: Text, extractor: Text) -> Dict[Text, Any]:
    text = message.get(TEXT) or ""
    return {"entity": name, "start": 0, "end": len(text), "value": value, "extractor": extractor, "confidence": 1.0}


def _add(message: Message, entities: List[Dict[Text, Any]]) -> None:
    message.set(ENTITIES, (message.get(ENTITIES) or []) + entities, add_to_output=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageExtractor(GraphComponent):
    """Sets the entity `language` to the language that the application detected."""

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> LanguageExtractor:
        """Rasa's constructor."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entity to messages that come with evidence."""
        for message in messages:
            if message.get(METADATA):
                _add(message, [_entity(message, "language", evidence_of(message).language, "LanguageExtractor")])
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PlanDecision(GraphComponent):
    """Reads a message's references and decides its intent, topic and aspect.

    Names and ids of the plan are learned from the training data's entity synonyms, which the build writes.
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource, names: Dict[Text, Text], known: List[Text]) -> None:
        self._model_storage, self._resource = model_storage, resource
        self._names, self._known = names, frozenset(known)

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> PlanDecision:
        """Rasa's constructor for training."""
        return cls(model_storage, resource, {}, [])

    def train(self, training_data: TrainingData) -> Resource:
        """Take the plan's names (synonyms) and ids (lookup table `plan_id`) from the training data."""
        self._names = {fold(name): node_id for name, node_id in training_data.entity_synonyms.items()}
        for table in training_data.lookup_tables:
            if table["name"] == "plan_id":
                self._known = frozenset(table["elements"])
        with self._model_storage.write_to(self._resource) as folder:
            import json

            stored = {"names": self._names, "known": sorted(self._known)}
            (folder / "plan.json").write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PlanDecision:
        """Rasa's constructor for a trained model."""
        import json

        with model_storage.read_from(resource) as folder:
            stored = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, stored["names"], stored["known"])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples pass unchanged."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Replace the classifier's intent by the decision, and add the entities that fill the slots."""
        for message in messages:
            text: Optional[Text] = message.get(TEXT)
            if not text:
                continue
            ranking = {i["name"]: i["confidence"] for i in message.get(RANKING) or []}
            references = find_references(text, self._names, self._known)
            decision = decide(text, references, ranking, evidence_of(message))
            message.set(INTENT, {"name": decision.intent, "confidence": 1.0}, add_to_output=True)
            _add(message, [_entity(message, name, value, "PlanDecision") for name, value in _slots(decision).items()])
        return messages


def _slots(decision: Decision) -> Dict[Text, Text]:
    """The entities that the decision sets; a slot that is to keep its value gets none."""
    found = {"detail": decision.detail or "none", "linked": "yes" if decision.linked else "no"}
    if decision.topic is not None:
        found["topic"] = ",".join(decision.topic) or "none"
    if decision.aspect is not None:
        found["aspect"] = decision.aspect
    return found
