"""Seventy ways in which a server can hurt its visitor: each ends in time, named, and costs nothing else."""

import time
from collections.abc import Callable
from datetime import datetime

from monitor.app import App
from monitor.edges.fetch import Web
from monitor.edges.parsing.pool import Parsing
from monitor.edges.store import Store
from monitor.poll import poll
from tests.conftest import in_sqlite
from tests.hostile import HARMLESS, misbehaving
from tests.loopback import Loopback
from tests.newsroom import publish

_COSTLY = {"deep XML", "articles of attributes", "60,000 links"}  # seconds of a core each; in the battery


@in_sqlite("half a minute, and about servers")
async def test_every_misbehaving_server_is_left_in_time_and_named_and_a_healthy_one_is_read(
    site: Loopback, store: Store, app_for: Callable[..., App], now: datetime
) -> None:
    publish(site, 5, now)
    with misbehaving() as hostile:
        urls = {name: url for name, url in hostile.urls.items() if name not in _COSTLY}
        app = app_for(*urls.items(), ("Báo Mẫu", site.url("/rss/home.rss")), now=now)
        app = App(**{**vars(app), "parsing": Parsing(seconds=5)})
        web = Web(pause=0, timeout=4, largest=3_000_000, allow_private=True)
        began = time.monotonic()
        done = await poll(app, store, web, app.sources, lambda *_: None)
        took = time.monotonic() - began
    silent = {one.source for one in done if not (one.reason or one.messages)}
    assert silent <= {"Báo Mẫu", *HARMLESS}
    assert done[-1].kept == 5
    assert [one for one in done if "unexpected fault" in str(one.messages)] == []
    assert {name: max(stayed) for name, stayed in hostile.stayed.items() if stayed and max(stayed) > 15} == {}
    assert took < 90
