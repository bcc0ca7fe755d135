"""Whether a memory is stale: what it makes of a question is held against what an empty one does in the same snapshot.

Beside the memory as it is stand some that are wrong on purpose, each in one way, to see that the judge would notice.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from booking.api.answers import slots_of
from booking.api.slot_writing import write_slots_answer
from booking.api.slots import Slots
from booking.domain.errors import BookingError
from booking.store.database import Transaction
from booking.store.memory import Memory
from booking.usecases.views.slots import SlotList, Written, list_slots, write_slots
from tests.races.cache_clinic import Question

RIGHT, LISTED = "as it is", "as it is, listed"


@dataclass(frozen=True)
class Judgement:
    """The fresh answer to a question, and the names of the memories that answer otherwise."""

    question: str
    fresh: Written
    stale: tuple[str, ...]


Memories = Mapping[str, Memory]


def judge(tx: Transaction, memory: Memory, faulty: Memories, asked: Iterable[Question]) -> list[Judgement]:
    """What the memory writes and lists, and what the faulty ones write of the first question."""
    return [_judge(tx, memory, {} if place else faulty, question) for place, question in enumerate(asked)]


def _judge(tx: Transaction, memory: Memory, faulty: Memories, question: Question) -> Judgement:
    now = tx.now()  # for all of them
    fresh = written(with_memory(tx, Memory(), now), question)
    answers = {name: written(with_memory(tx, one, now), question) for name, one in {RIGHT: memory, **faulty}.items()}
    stale = [name for name, answer in answers.items() if answer != fresh]
    if listed(with_memory(tx, memory, now), question) != fresh.body:
        stale.append(LISTED)
    return Judgement(question=question.name, fresh=fresh, stale=tuple(stale))


def with_memory(tx: Transaction, memory: Memory, now: datetime) -> Transaction:
    """The same snapshot, with another memory and the time standing still."""
    return Transaction(tx.connection, memory, lambda: now, is_snapshot=True)


def written(tx: Transaction, question: Question) -> Written:
    """The answer as the API writes and names it; of a refusal, its code."""
    try:
        return write_slots(tx, question.caller, question.query, write_slots_answer)
    except BookingError as refusal:
        return Written(body=refusal.code.encode(), etag=refusal.code)


def listed(tx: Transaction, question: Question) -> bytes:
    """The same answer, made of the list."""
    try:
        return as_answer(list_slots(tx, question.caller, question.query))
    except BookingError as refusal:
        return refusal.code.encode()


def as_answer(found: SlotList) -> bytes:
    return msgspec.json.encode(Slots(treatment_type=found.offer.treatment.id, slots=slots_of(found)))


def stale(judgements: Iterable[Judgement]) -> Counter[str]:
    """How many answers of which memory were stale."""
    return Counter(name for one in judgements for name in one.stale)


class Endless(Memory):
    """Forgets when what it keeps begins or ends to hold."""

    def __init__(self, end: str) -> None:
        super().__init__()
        self._end = end

    def keep(self, key: Hashable, version: Hashable, value: Any, **how: Any) -> None:
        super().keep(key, version, value, **{**how, self._end: None})


@dataclass(frozen=True)
class Label:
    """A version taken apart: the database's epoch, the clinic, its description's revision, and what follows them."""

    epoch: Hashable
    clinic: Hashable
    offer: Hashable
    rest: tuple[Hashable, ...] = ()


class Mislabelled(Memory):
    """Takes things of one version for those of another; `blind` says what it sees of a version."""

    def __init__(self, blind: Callable[[Label], Hashable]) -> None:
        super().__init__()
        self._blind = blind

    def recall(self, key: Hashable, version: Hashable, now: datetime | None = None) -> Any:
        return super().recall(key, self._seen(version), now)

    def keep(self, key: Hashable, version: Hashable, value: Any, **how: Any) -> None:
        super().keep(key, self._seen(version), value, **how)

    def _seen(self, version: Hashable) -> Hashable:
        match version:
            case (str() as epoch, clinic, int() as offer):
                return self._blind(Label(epoch, clinic, offer))
            case ((epoch, clinic, offer), *rest):
                return self._blind(Label(epoch, clinic, offer, tuple(rest)))
        return version


def wrong() -> dict[str, Memory]:
    """Memories that are wrong on purpose, by what they forget."""
    return {
        "the expiry of holds": Endless("until"),
        "the time of asking": Mislabelled(lambda one: (one.epoch, one.clinic, one.offer, one.rest[:1])),
        "the epoch": Mislabelled(lambda one: (one.offer, one.rest)),
        "the description's revision": Mislabelled(lambda one: (one.epoch, one.rest)),
        "the diaries' revisions": Mislabelled(lambda one: (one.epoch, one.offer, one.rest[1:])),
    }
