"""SIGKILL at random instants of poll and digest, against a ledger of what the sites served.

DIEMBAO_KILLS sets how many (default 60), DIEMBAO_SEED the dice.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from monitor.edges.store import Delivery, Store
from monitor.models import Label
from tests import bot_api
from tests.conftest import environment, write_config
from tests.loopback import Loopback, serving
from tests.newsroom import publish

ARTICLES = 40
_ENOUGH = 600  # seconds in which whatever is left can be done
_SLOW = 0.004  # seconds an answer takes, so that kills fall in the middle of a round


def _attempt(folder: Path, command: str, env: dict[str, str], after: float) -> bool:
    """Start a command and kill it after a while; returns whether the kill came before its end."""
    process = subprocess.Popen(  # noqa: S603 - the program under test
        [sys.executable, "-m", "monitor", command],
        cwd=folder,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def _battery(folder: Path, site: Loopback, telegram: bot_api.BotApi, kills: int, dice: random.Random) -> Counter[str]:
    """Kill and restart until enough kills hit; returns what was hit and what was found at the end."""
    count: Counter[str] = Counter()
    served: set[str] = set()
    env = environment() | telegram.environment()
    database = folder / "diembao.sqlite3"
    while count["killed"] < kills:
        if count["attempts"] % 10 == 0:
            batch = count["attempts"]
            served |= set(publish(site, ARTICLES, datetime.now(UTC), prefix=f"dot-{batch}", first=batch * ARTICLES + 1))
        command = dice.choice(["poll", "poll", "digest"])
        count["killed"] += _attempt(folder, command, env, dice.uniform(0.7, 2.5))
        count["attempts"] += 1
        if count["attempts"] % 10 == 9:  # each batch is read to its end before the listing moves on
            _attempt(folder, "poll", env, _ENOUGH)
    _attempt(folder, "poll", env, _ENOUGH)
    _attempt(folder, "digest", env, _ENOUGH)
    with Store(database, read_only=True) as store:
        kept = Counter(report.article.url for report in store.articles.export(None, None, [Label.CAMPAIGN]))
        count["served"], count["lost"] = len(served), len(served - set(kept))
        count["twice"] = sum(number - 1 for number in kept.values())
        count["damaged"] = int(store.database.read("PRAGMA integrity_check")[0]["integrity_check"] != "ok")
        edition = store.editions.last()
        messages = store.editions.messages(edition) if edition else []
        count["messages"] = len(messages)
        count["in doubt"] = sum(message.state is Delivery.UNKNOWN for message in messages)
    posted = Counter(post["text"] for post in telegram.posts)
    count["posted twice"] = sum(number - 1 for number in posted.values())
    return count


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    kills, seed = int(os.environ.get("DIEMBAO_KILLS", "60")), int(os.environ.get("DIEMBAO_SEED", "1"))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name, serving() as site, bot_api.serving() as telegram:
        folder = Path(name)
        site.before = lambda _path: time.sleep(_SLOW)
        write_config(folder, ("Báo Mẫu", site.url("/rss/home.rss")))
        found = _battery(folder, site, telegram, kills, random.Random(seed))  # noqa: S311 - dice
    print(f"SIGKILL at random instants of poll and digest, {time.monotonic() - began:.0f} s, seed {seed}")
    for what in ("killed", "attempts", "served", "lost", "twice", "damaged", "messages", "posted twice", "in doubt"):
        print(f"  {what:14}{found[what]:6}")
    return not (found["lost"] or found["twice"] or found["damaged"] or found["posted twice"])
