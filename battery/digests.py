"""Digests of 1 to 200 hostile stories in every layout, judged by Telegram's own parser.

DIEMBAO_DIGESTS sets how many (default 1,000), DIEMBAO_SEED the dice.
"""

import os
import random
import re
from collections import Counter
from dataclasses import replace

from battery.progress import stepped
from monitor.delivery.mark import signed
from monitor.digest.message import Layout, render
from monitor.digest.packing import measure
from monitor.models import Edition
from tests.judge import ENTITIES, RefusedError, hostile_edition, mark, received

_ARCHIVE = "https://diembao.example/kho/"
LAYOUTS = {
    "preview": Layout("preview", _ARCHIVE),
    "cover": Layout("cover"),
    "cover, archive": Layout("cover", _ARCHIVE),
    "text alone": Layout(),
}


def _judged(made: Edition, layout: Layout) -> Counter[str]:
    """Return what the messages of an edition came to."""
    found: Counter[str] = Counter(stories=len(made.stories))
    told: list[str] = []
    for part in (signed(made.date, part) for part in render(made, layout)):
        found["messages"] += 1
        size = measure(part.html)
        found["entities, most"] = max(found["entities, most"], size.entities)
        try:
            message = received(part.html, caption=part.photo)
        except RefusedError as fault:
            print(f"  refused: {fault}")
            found["refused"] += 1
            continue
        found["entities lost"] += size.entities - len(message.entities)
        if not part.photo:
            told += re.findall(r"▪️ (Tin\d{3}x)", message.text)
    found["stories lost or cut"] = len({mark(one.id) for one in made.stories} ^ set(told))
    found["stories out of order"] = told != [mark(one.id) for one in made.stories]
    return found


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    count, seed = int(os.environ.get("DIEMBAO_DIGESTS", "1000")), int(os.environ.get("DIEMBAO_SEED", "1"))
    dice = random.Random(seed)  # noqa: S311 - dice
    found = {name: Counter[str]() for name in LAYOUTS}
    for _ in stepped("digests judged", range(count)):
        made = hostile_edition(dice, dice.choice((dice.randint(1, 20), dice.randint(1, 200))))
        made = replace(made, notable=min(dice.randrange(4), len(made.stories)))
        for name, layout in LAYOUTS.items():
            one = _judged(made, layout)
            most = max(found[name]["entities, most"], one.pop("entities, most"))
            found[name] += one
            found[name]["entities, most"] = most
    print(f"{count} digests of 1 to 200 stories with hostile texts, in each layout, judged by TDLib; seed {seed}")
    figures = ("stories", "messages", "entities, most", "refused", "entities lost", "stories lost or cut",
               "stories out of order")  # fmt: skip
    print(f"  {'':24}" + "".join(f"{name:>16}" for name in LAYOUTS))
    for figure in figures:
        print(f"  {figure:24}" + "".join(f"{one[figure]:16}" for one in found.values()))
    return all(
        one["entities, most"] <= ENTITIES and not any(one[figure] for figure in figures[3:]) for one in found.values()
    )
