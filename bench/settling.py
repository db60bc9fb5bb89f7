"""How long it takes to put a crowded day into stories, and one article more beside eighty of its like.

The day: reports put together from paragraphs of the labelled and invented ones. Their like: prints of
one text with other words, or a form that eighty offices filled in with other names and figures.
"""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from monitor.dedup import copies, events, facts, texts
from monitor.dedup.stories import settle
from monitor.models import Label, Report
from tests.republished import PHRASES, labelled, republished
from tests.republished import events as invented

CROWD = 80
_CACHES = (facts._facts, events.affinity, copies._said, texts.text_hash, texts.letters, texts.keys)  # noqa: SLF001


def _originals() -> list[Report]:
    told = [*labelled(), *invented(), *invented("unseen.txt")]
    return [one.report for one in told if one.root == one.id and one.report.match.label is Label.CAMPAIGN]


def _printed(number: int, one: Report, title: str, body: tuple[str, ...]) -> Report:
    """Return a report of a paper of its own."""
    article = replace(one.article, url=f"https://bao-{number}.example/tin.html", title=title, body=body)
    return replace(one, id=number + 1, source=f"Báo {number}", article=article)


def day(count: int) -> list[Report]:
    """Return so many reports of one day, three minutes apart."""
    dice, base, made = random.Random(1), _originals(), []  # noqa: S311 - dice
    for number in range(count):
        some = dice.sample(base, 3)
        body = [paragraph for one, at in zip(some, (0, 1, 2), strict=True) for paragraph in one.article.body[at:][:3]]
        one = _printed(number, some[0], f"{some[0].article.title} {number}", tuple(dice.sample(body, len(body))))
        at = base[0].dated + timedelta(minutes=3 * number)
        made.append(replace(one, article=replace(one.article, published=at)))
    return made


def prints(count: int) -> list[Report]:
    """Return so many prints of one text, each with some other words."""
    one = _originals()[0]
    return [_printed(n, one, one.article.title, republished(one, ["words 5 %"], n).article.body) for n in range(count)]


def forms(count: int) -> list[Report]:
    """Return one long report as so many offices would fill it in."""
    dice, one = random.Random(1), max(_originals(), key=lambda one: len(one.article.text))  # noqa: S311 - dice

    def filled(paragraph: str) -> str:
        return " ".join(str(dice.randint(11, 999)) if word.isdigit() else word for word in paragraph.split())

    names = "An Bình Chi Dũng Giang Hà Khánh Lan Minh Nga Oanh Phúc Quân Sơn Tú Vân Xuân Yến Thảo Trung".split()
    return [
        _printed(number, one, f"Xã {dice.choice(names)} {dice.choice(names)} sơ kết",
                 (*map(filled, one.article.body), f"Ông {' '.join(dice.sample(names, 3))} trao {number} suất quà."))
        for number in range(count)
    ]  # fmt: skip


def _seconds(reports: list[Report], before: int) -> float:
    """Return the CPU seconds of settling, when so many of the reports were settled before."""
    for cached in _CACHES:
        cached.cache_clear()
    if before:
        settle(reports[:before], PHRASES)
    began = time.process_time()
    settle(reports, PHRASES)
    return time.process_time() - began


def main() -> None:
    """Print the table."""
    print("\nSettling, seconds of CPU")
    for count in (100, 200, 400):
        print(f"  {f'a day of {count} reports':40}{_seconds(day(count), 0):7.2f}")
    crowds: dict[str, Callable[[int], list[Report]]] = {"prints of one text": prints, "forms filled in": forms}
    for what, made in crowds.items():
        print(f"  {f'one more beside {CROWD} {what}':40}{_seconds(made(CROWD + 1), CROWD):7.2f}")


if __name__ == "__main__":
    main()
