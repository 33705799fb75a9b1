"""Telephones in the store: who opted out stays so, whatever else is being written."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store import Store
from bot.store.phones import ABANDONED_S, Phone, PhoneStore


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[PhoneStore]:
    store = Store.open(f"sqlite:///{tmp_path}/puente.db")
    yield store.phones
    store.close()


def test_a_slow_answer_does_not_undo_a_stop(phones: PhoneStore) -> None:
    asking = Phone("h", language="es", last_at=1)
    assert not phones.keep(asking)
    assert phones.keep(replace(asking, opted_out=True, last_at=2), decided=True)
    assert phones.keep(replace(asking, rest="more of it", last_at=3))
    kept = phones.phone(["h"])
    assert kept is not None
    assert kept.opted_out and kept.last_at == 3


def test_a_start_ends_the_silence(phones: PhoneStore) -> None:
    phones.keep(Phone("h", opted_out=True), decided=True)
    assert not phones.keep(Phone("h", opted_out=False), decided=True)


def test_of_those_who_claim_a_message_one_gets_it_and_another_only_once_it_is_abandoned(phones: PhoneStore) -> None:
    assert phones.claim("SM1", "h", 1000).state == "mine"
    assert phones.claim("SM1", "h", 1001).state == "pending"
    assert phones.claim("SM1", "h", 1002 + ABANDONED_S).state == "mine"
    phones.answer("SM1", "<Response/>")
    assert phones.claim("SM1", "h", 5000).reply == "<Response/>"


def test_old_phones_go_but_those_that_opted_out_stay_without_their_conversation(phones: PhoneStore) -> None:
    phones.keep(Phone("a", conversation_id="c", last_at=10))
    phones.keep(Phone("b", conversation_id="c", opted_out=True, last_at=10, rest="x"), decided=True)
    assert phones.purge(20) == 1
    assert phones.phone(["a"]) is None
    left = phones.phone(["b"])
    assert left is not None
    assert (left.opted_out, left.conversation_id, left.rest) == (True, None, "")
