"""A year of invented days for the archive's tests: the labelled articles told again under other dates."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from monitor.app import App
from monitor.archiving import list_pages, shelve
from monitor.digest.edition import compose
from monitor.digest.message import render
from monitor.digest.reviews import ending
from monitor.drafting import with_reviews
from monitor.edges.store import Store
from monitor.models import Article, Edition, Label, Match, Report, Round, State
from monitor.provinces import current
from tests.judge import CORPUS

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
COMPOSED = 16


def corpus() -> list[tuple[Article, str, str]]:
    """Return the labelled campaign articles with their paper and story."""
    rows = [json.loads(line) for line in (CORPUS / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        (
            Article(
                url=row["url"],
                title=row["title"],
                lead=row["lead"],
                body=tuple(row["body"]),
                agency=row["agency"],
                published=datetime.fromisoformat(row["published"]),
                provinces_now=tuple(row["provinces"]),
            ),
            row["site"],
            row["story"],
        )
        for row in rows
        if row["label"] == "campaign"
    ]


def reports(day: date, count: int, seed: int) -> list[Report]:
    """Return about `count` reports of a day; those of one story stay together."""
    dice, known = Random(seed), corpus()
    names = sorted(current())
    numbers: dict[tuple[str, int], int] = {}
    found: list[Report] = []
    for number in range(count):
        article, paper, story = known[(seed * 7 + number) % len(known)]
        turn = (seed * 7 + number) // len(known)
        key = numbers.setdefault((story, turn), seed * 10_000 + len(numbers) + 1)
        place = article.provinces_now or (dice.choice(names),)
        if turn % 3:
            place = (names[(names.index(place[0]) + turn) % len(names)],)
        published = datetime.combine(day, datetime.min.time(), HANOI) + timedelta(minutes=dice.randrange(60, 1080))
        told = replace(article, url=f"{article.url}?n={seed}-{number}", published=published, provinces_now=place)
        copy = f"{article.url}?n={seed}-0" if any(one.story == key for one in found) and dice.random() < 0.6 else ""
        match = Match(Label.CAMPAIGN, 9.0)
        found.append(Report(seed * 10_000 + number, key, paper, None, told, match, published, copy))
    return found


def rounds(papers: list[str]) -> list[Round]:
    """Return a round of each paper: most had news, some not, one could not be read."""
    states = [State.ON_TOPIC, State.ON_TOPIC, State.OFF_TOPIC, State.SILENT]
    return [
        Round(paper, State.UNREADABLE, "503 Service Unavailable") if n == 3 else Round(paper, states[n % 4])
        for n, paper in enumerate(papers)
    ]


def editions(last: date, days: int, most: int, name: str) -> list[Edition]:
    """Return an edition for each of the days up to `last`, with up to `most` reports, oldest first.

    The newest COMPOSED are composed; older days tell their stories again under other numbers.
    """
    papers = sorted({paper for _, paper, _ in corpus()})[:20]
    made: list[Edition] = []
    for ago in range(min(days, COMPOSED)):
        told = reports(last - timedelta(days=ago), Random(ago).randrange(0, most + 1) if ago else most, ago + 1)
        made.append(compose(last - timedelta(days=ago), name, told, rounds(papers), papers))
    for ago in range(COMPOSED, days):
        like = made[ago % COMPOSED]
        stories = tuple(replace(story, id=story.id + ago * 10_000) for story in like.stories)
        made.append(replace(like, date=last - timedelta(days=ago), stories=stories))
    return made[::-1]


def fill(app: App, store: Store, last: date, days: int, most: int) -> None:
    """Archive the editions of many days; all files are written for the last two, lists for all."""
    made = []
    for edition in editions(last, days, most, app.config.campaign.heading):
        kinds = ending(edition.date, weekly=True, monthly=True) if last - edition.date < timedelta(days=7) else ()
        whole = with_reviews(store, edition, kinds)
        closed = datetime.combine(edition.date, app.config.digest.at, HANOI)
        store.editions.add(whole, (), closed, None, ())
        made.append(whole)
    for edition in made[-2:]:
        shelve(app, store, edition, render(edition))
    list_pages(app, store, made)
