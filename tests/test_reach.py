"""This machine cut off is told from sites that fail: in one line, without a wait that outlasts it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import schedule
from monitor.app import App
from monitor.edges.metrics import Metrics
from monitor.edges.store import Store
from monitor.models import Health, Kind, Memory, Round, State
from monitor.reach import cut_off
from monitor.schedule import Trouble
from monitor.service.watch import watch
from tests.conftest import Run, on_both, write_config

AppFor = Callable[..., App]
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NAMES = tuple(f"Báo {letter}" for letter in "ABCD")
NO_HOST = "the host name bao.example is not known"


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def fares(*seen: tuple[float, str]) -> list[Health]:
    """Return sources by how many minutes ago they were visited and what was the matter; all were well an hour ago."""
    well = Health("Báo", Kind.FEED, State.SILENT, "", 0, NOW, NOW - minutes(60), NOW, 3, 0)
    return [
        replace(well, source=f"Báo {n}", last_poll_at=NOW - minutes(ago), reason=reason, failures=2 if reason else 0)
        for n, (ago, reason) in enumerate(seen)
    ]


@pytest.mark.parametrize(
    ("seen", "since"),
    [
        ([(25, ""), (20, NO_HOST), (10, NO_HOST), (5, "no connection in time")], 25),
        ([(25, "503 Service Unavailable"), (20, NO_HOST), (10, NO_HOST), (5, NO_HOST)], 25),
        ([(20, NO_HOST), (5, NO_HOST)], 60),
        ([(25, ""), (20, NO_HOST), (10, NO_HOST)], None),  # two of three: they may be gone
        ([(15, ""), (12, NO_HOST), (10, NO_HOST), (5, NO_HOST)], None),  # too early
        ([(20, NO_HOST), (10, NO_HOST), (5, NO_HOST), (1, "403 Forbidden")], None),  # one answers
        ([(20, NO_HOST)], None),
        ([], None),
    ],
)
def test_nothing_is_met_when_all_that_was_looked_for_since_the_last_answer_was_not(
    seen: list[tuple[float, str]], since: float | None
) -> None:
    assert cut_off(fares(*seen), NOW) == (None if since is None else NOW - minutes(since))


def test_a_machine_that_never_had_a_network_is_cut_off_from_its_first_visit() -> None:
    seen = [replace(one, last_good_at=None) for one in fares((7, NO_HOST), (6, NO_HOST), (6, NO_HOST))]
    assert cut_off(seen, NOW) == NOW - minutes(7)


@given(st.timedeltas(minutes(1), timedelta(days=7)), st.integers(1, 10_000))
def test_a_source_that_was_not_met_is_looked_for_again_within_the_hour(interval: timedelta, failures: int) -> None:
    wait = schedule.next_visit(NOW, "Báo Mẫu", interval, Trouble(failures, unreached=True)) - NOW
    assert minutes(1) <= wait <= minutes(72)


async def fail_together(app: App, store: Store, *names: str, times: int = 3) -> None:
    for failures in range(1, times + 1):
        done = Round("", State.UNREADABLE, NO_HOST)
        for name in names:
            store.sources.end_round(replace(done, source=name), Memory(failures=failures), app.clock(), app.clock())
    await watch(app, store, Metrics())


def at(app: App, moment: datetime) -> App:
    return App(**{**vars(app), "clock": lambda: moment})


async def test_an_outage_of_this_machine_is_told_in_one_line_and_over_when_a_source_answers(
    app_for: AppFor, store: Store
) -> None:
    app = app_for(*((name, f"https://bao{n}.example/rss") for n, name in enumerate(NAMES)), now=NOW)
    store.sources.enrol(NAMES, NOW)
    for name in NAMES:
        store.sources.end_round(Round(name, State.SILENT), Memory(), NOW, NOW)
    await fail_together(at(app, NOW + minutes(180)), store, *NAMES)
    told = "🌐 Từ 16:00 21/11 không kết nối được với nguồn nào;"
    assert [alert.text[: len(told)] for alert in store.alerts.waiting()] == [told]
    back = at(app, NOW + minutes(240))
    store.sources.end_round(Round("Báo A", State.SILENT), Memory(), back.clock(), back.clock() + minutes(20))
    await watch(back, store, Metrics())
    (alert,) = store.alerts.waiting()
    assert alert.text.startswith(told)
    assert alert.text.endswith("Đến 20:00 21/11 đã kết nối lại được.")
    soon = {one.source: one.next_poll_at - back.clock() for one in store.standing.health(back.clock())}
    assert all(timedelta() <= soon[name] <= minutes(5) for name in NAMES[1:])
    later = at(app, NOW + minutes(245))
    store.alerts.said(store.alerts.waiting(), later.clock())
    store.sources.end_round(Round("Báo C", State.SILENT), Memory(), later.clock(), later.clock())
    await fail_together(later, store, "Báo B")
    assert [alert.topic for alert in store.alerts.waiting()] == ["source:Báo B"], "what fails now is its own"


async def test_a_single_host_that_is_gone_is_told_as_its_own(app_for: AppFor, store: Store) -> None:
    app = app_for(*((name, f"https://bao{n}.example/rss") for n, name in enumerate(NAMES)), now=NOW)
    store.sources.enrol(NAMES, NOW)
    for name in NAMES[1:]:
        store.sources.end_round(Round(name, State.SILENT), Memory(), NOW + minutes(30), NOW)
    await fail_together(at(app, NOW + minutes(60)), store, "Báo A")
    assert list(store.alerts.open()) == ["source:Báo A"]


@on_both
def test_status_and_poll_say_when_the_fault_is_this_machine_s(monitor: Run, tmp_path: Path) -> None:
    write_config(tmp_path, ("Báo A", "https://mot.invalid/rss"), ("Báo B", "https://hai.invalid/rss"))
    polled = monitor("poll")
    told = "No source was met (the host name mot.invalid is not known, …). Look at this machine's connection"
    assert told in polled.stdout
    assert polled.stdout.count(".invalid") == 1
    assert polled.returncode == 1
    told = monitor("status").stdout
    assert "Network: no source was met since " in told
    assert "check the spelling" not in told
