"""What the store remembers of messages and chats, on both databases."""

from datetime import date, datetime, timedelta

import pytest

from monitor.edges.store import Delivery, Message, Store
from monitor.models import Choice, Edition, Part, Post

DAY = date(2026, 11, 21)
CHANNEL = "@kenh"


@pytest.fixture
def first(store: Store, now: datetime) -> Message:
    """The first of two messages that wait."""
    store.editions.add(Edition(DAY, "Tên", (), ()), (), now, CHANNEL, (Part(1, 2, "a"), Part(2, 2, "b")))
    return store.outbox.waiting()[0]


def again(store: Store, number: int = 1) -> Message:
    return store.outbox.of(DAY)[number - 1]


def test_the_first_attempt_notes_how_far_the_channel_had_come_and_later_ones_keep_that(
    store: Store, now: datetime, first: Message
) -> None:
    store.chats.saw(CHANNEL, 7)
    assert store.outbox.begin(first, now)
    store.chats.saw(CHANNEL, 9)
    store.outbox.unsent(again(store), Delivery.PENDING, now, "no connection")
    assert store.outbox.begin(again(store), now + timedelta(minutes=1))
    found = again(store)
    assert (found.floor, found.attempts, found.started_at) == (7, 2, now + timedelta(minutes=1))


def test_a_message_is_taken_up_by_one_process_alone(store: Store, now: datetime, first: Message) -> None:
    assert store.outbox.begin(first, now)
    assert not store.outbox.begin(first, now)
    assert again(store).attempts == 1


def test_what_arrived_moves_the_channel_on_and_never_back(store: Store, now: datetime, first: Message) -> None:
    store.outbox.begin(first, now)
    store.outbox.sent(first, 12, now)
    store.chats.saw(CHANNEL, 5)
    assert (again(store).state, again(store).message_id, store.chats.get(CHANNEL).last_id) == (Delivery.SENT, 12, 12)
    assert [message.part.number for message in store.outbox.waiting()] == [2]


def test_looks_in_vain_are_counted_only_while_a_message_is_in_doubt(
    store: Store, now: datetime, first: Message
) -> None:
    for state, looks in ((Delivery.PENDING, 0), (Delivery.UNKNOWN, 0), (Delivery.UNKNOWN, 1), (Delivery.UNKNOWN, 2)):
        store.outbox.unsent(first, state, now, "why")
        assert again(store).looks == looks
    store.outbox.sent(first, None, now)
    assert again(store).looks == 0


def test_of_two_wishes_the_newest_is_shown_and_only_what_stands_in_the_channel_is_edited(
    store: Store, now: datetime, first: Message
) -> None:
    store.outbox.sent(first, 3, now)
    store.outbox.desire(DAY, CHANNEL, {1: "a1", 2: "b1"}, now)
    (wish,) = store.outbox.to_edit(CHANNEL)
    store.outbox.desire(DAY, CHANNEL, {1: "a2"}, now)
    store.outbox.edited(wish, now)
    assert [message.desired for message in store.outbox.to_edit(CHANNEL)] == ["a2"]
    store.outbox.edited(again(store), now)
    assert store.outbox.to_edit(CHANNEL) == []


def test_each_message_is_swept_as_often_as_asked(store: Store, now: datetime, first: Message) -> None:
    store.outbox.sent(first, 3, now)
    for _ in range(2):
        store.outbox.swept(store.outbox.swept_less(CHANNEL, 2), now)
    assert store.outbox.swept_less(CHANNEL, 2) == []
    assert again(store, 2).sweeps == 0


def test_what_a_second_bot_saw_is_kept_once_with_the_place_where_its_updates_go_on(store: Store, now: datetime) -> None:
    store.chats.seen_by_witness(CHANNEL, [Post(4, "a"), Post(5, "b")], 101, now)
    store.chats.seen_by_witness(CHANNEL, [Post(5, "b"), Post(6, "c")], 102, now + timedelta(hours=1))
    assert store.chats.sightings(CHANNEL, 4) == [Post(5, "b"), Post(6, "c")]
    chat = store.chats.get(CHANNEL)
    assert (chat.next_update, chat.last_id, chat.listened_at) == (102, 6, now + timedelta(hours=1))
    store.chats.seen_by_witness(CHANNEL, [], 102, now + timedelta(days=4))
    assert store.chats.sightings(CHANNEL, 0) == []


def test_a_chat_is_remembered_by_its_name_with_number_waits_and_ways(store: Store, now: datetime) -> None:
    assert store.chats.get(CHANNEL).address == CHANNEL
    store.chats.moved(CHANNEL, -100)
    store.chats.hold(CHANNEL, now, failures=3)
    store.chats.tested(CHANNEL, ["preview", "witness"], now)
    chat = store.chats.get(CHANNEL)
    assert (chat.address, chat.free_at, chat.failures) == ("-100", now, 3)
    assert (chat.ways, chat.tested) == (("preview", "witness"), True)


def test_an_alert_keeps_its_buttons(store: Store, now: datetime) -> None:
    store.alerts.add("x", "Chọn:", now, (Choice("Có", "a:1"), Choice("Không", "b:1")))
    assert store.alerts.waiting()[0].choices == (Choice("Có", "a:1"), Choice("Không", "b:1"))
