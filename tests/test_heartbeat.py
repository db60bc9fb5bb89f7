"""The heart beats on when the clock on the wall is set: nothing blocks, nothing falls asleep."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from monitor.service.heartbeat import beating, every

TICK, WATCH = timedelta(seconds=0.02), timedelta(seconds=0.05)


@pytest.mark.parametrize("jump", [timedelta(hours=-2), timedelta(days=365), timedelta(days=-3650)])
async def test_after_the_clock_was_set_beats_go_on_and_the_loop_is_not_held_up(jump: timedelta) -> None:
    beats: list[int] = []

    async def beat() -> None:
        beats.append(1)

    async with beating({beat: every(TICK)}, watch=WATCH):
        await asyncio.sleep(0.1)
        assert beats
        with time_machine.travel(datetime.now(UTC) + jump):
            beats.clear()
            used = time.process_time()
            async with asyncio.timeout(30):
                while len(beats) < 3:  # noqa: ASYNC110 - that time passes is what is tested
                    await asyncio.sleep(0.02)
            assert time.process_time() - used < 2  # every missed beat of a year would take hours


async def test_a_beat_that_fails_is_followed_by_the_next(caplog: pytest.LogCaptureFixture) -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        beats += 1
        raise ValueError("an invented fault")

    async with beating({beat: every(TICK)}):
        await asyncio.sleep(0.2)
    assert beats > 2
    assert "an invented fault" in caplog.text


async def test_a_beat_is_not_begun_while_the_one_before_it_works() -> None:
    working, most = 0, 0

    async def beat() -> None:
        nonlocal working, most
        working, most = working + 1, max(most, working + 1)
        await asyncio.sleep(0.05)
        working -= 1

    async with beating({beat: every(TICK)}):
        await asyncio.sleep(0.3)
    assert most == 1
