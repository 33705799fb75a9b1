"""Opening what the application needs: plan, question bank, encoder, index."""

from collections.abc import Callable
from pathlib import Path

from threadpoolctl import threadpool_limits

from api.settings import Settings
from bot.dialogue_training import write_training_data
from knowledge import Plan, default_plan_folder, load_plan
from knowledge.bank import Question, load_bank
from retrieval.encoder import Encoder, default_encoder
from retrieval.index import Index, open_or_build
from retrieval.search import Searcher

Progress = Callable[[str], None]


def plan_folder(settings: Settings) -> Path:
    """The folder of the plan in force."""
    return settings.plan or default_plan_folder()


def read_knowledge(settings: Settings) -> tuple[Plan, list[Question]]:
    """The plan and its question bank. Raises PlanError, or ValueError for a broken bank."""
    folder = plan_folder(settings)
    return load_plan(folder), load_bank(folder)


def open_engine(settings: Settings, progress: Progress) -> tuple[Plan, Index, Encoder]:
    """The plan, its index (built where needed) and the encoder.

    Raises PlanError, EncoderError, ValueError (a broken bank) or OSError (a full disk).
    """
    plan, bank = read_knowledge(settings)
    encoder = Encoder(settings.encoder or default_encoder())
    return plan, open_or_build(settings.data / "index", plan, bank, encoder, progress), encoder


def build(settings: Settings, progress: Progress) -> None:
    """Make what the processes need: the index, and Rasa's training data."""
    plan, bank = read_knowledge(settings)
    open_engine(settings, progress)
    write_training_data(settings.data / "dialogue" / "training", plan, bank)


def open_searcher(settings: Settings, progress: Progress) -> tuple[Plan, Searcher]:
    """The plan and a searcher over its index.

    From here on the process multiplies matrices on one thread: beside the encoder's threads, a second pool that spins while
    it waits made a message take three times as long on two cores.
    """
    plan, index, encoder = open_engine(settings, progress)
    threadpool_limits(limits=1, user_api="blas")
    return plan, Searcher(index, encoder)
