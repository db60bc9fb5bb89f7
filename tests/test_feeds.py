"""Feeds as servers really send them: each of bench/feeds.py whole, dates judged over the whole feed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.feeds import CASES, Item
from monitor.models import VIETNAM, Link, Listing, Page, Wishes
from monitor.scrape.discover import discover
from monitor.scrape.discover.wishes import wishes

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
SITE = "https://baobanmuong.vn"


def read(content: bytes | str) -> Listing:
    return discover(Page(f"{SITE}/rss/tin.rss", content if isinstance(content, bytes) else content.encode()), NOW)


def dated(*dates: str, name: str = "pubDate", head: str = "") -> list[datetime | None]:
    """Return when the items of a feed with these dates were published, in the feed's order."""
    items = "".join(
        f"<item><title>Tin {n}</title><link>{SITE}/tin-{n}.html</link><{name}>{date}</{name}></item>"
        for n, date in enumerate(dates)
    )
    found = {link.url: link.published for link in read(f"<rss><channel>{head}{items}</channel></rss>").links}
    return [found[f"{SITE}/tin-{n}.html"] for n in range(len(dates))]


def day(month: int, number: int, hour: int = 8, minute: int = 30) -> datetime:
    return datetime(2026, month, number, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize("case", CASES)
def test_nasty_feeds_are_read_whole(case: str) -> None:
    content, wanted = CASES[case]
    got: list[Item] = [(link.url, link.title, link.published) for link in read(content).links]
    assert got == wanted


@pytest.mark.parametrize(
    ("dates", "moments"),
    [
        (("7/13/2026 8:30", "7/11/2026 8:30"), (day(7, 13), day(7, 11))),
        (("13/7/2026 8:30", "11/7/2026 8:30"), (day(7, 13), day(7, 11))),
        (("11/9/2026 08:30", "11/8/2026 08:30", "11/7/2026 08:30"), (day(11, 9), day(11, 8), day(11, 7))),
        (("09/11/2026 08:30", "08/11/2026 08:30", "07/11/2026 08:30"), (day(11, 9), day(11, 8), day(11, 7))),
        (("7/11/2026 8:30",), (day(11, 7),)),
        (("12/10/2026 8:30",), (day(10, 12),)),
        (("11/9/2026 8:30:00 AM",), (day(11, 9),)),
        (("Thứ bảy, 7/11/2026 8:30:00 SA", "11/13/2026 8:30"), (day(11, 7), day(11, 13))),
    ],
    ids=["a 13 proves the month first", "a 13 proves the day first", "closer together, month first",
         "closer together, day first", "alone: the day first", "not in the future", "alone with AM: the month first",
         "Vietnamese words: the day first there"],
)  # fmt: skip
def test_day_and_month_are_told_apart_over_the_whole_feed(
    dates: tuple[str, ...], moments: tuple[datetime, ...]
) -> None:
    assert tuple(dated(*dates)) == moments


def test_a_feed_that_dates_everything_with_the_visit_dates_nothing() -> None:
    visit = "Fri, 20 Nov 2026 12:00:{:02} +0700"
    assert dated(*(visit.format(n) for n in range(5))) == [None] * 5
    assert None not in dated(visit.format(0), visit.format(0))
    assert None not in dated(*("2026-11-19" for _ in range(5))), "a day without its hour is a date"
    assert None not in dated(*(f"2026-11-19T08:0{n}:00+07:00" for n in range(5)))


def test_an_atom_feed_whose_changes_are_all_now_tells_no_change() -> None:
    entries = "".join(
        f'<entry><title>Tin</title><link href="{SITE}/tin-{n}.html"/>'
        f"<published>2026-11-{10 + n}T08:00:00+07:00</published><updated>2026-11-20T12:00:00+07:00</updated></entry>"
        for n in range(4)
    )
    links = read(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>').links
    assert [link.modified for link in links] == [None] * 4
    assert all(link.published for link in links)


@pytest.mark.parametrize(
    ("head", "url", "older"),
    [
        ('<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="/rss?p=2"/>', "/rss", "/rss?p=2"),
        ("<generator>https://wordpress.org/?v=6.5</generator>", "/feed/", "/feed/?paged=2"),
        ("<generator>https://wordpress.org/?v=6.5</generator>", "/feed/?paged=4", "/feed/?paged=5"),
        (f"<link>{SITE}/hoc-bac</link>", "/rss/hoc-bac.rss", "/hoc-bac"),
        (f"<link>{SITE}/</link>", "/rss/home.rss", ""),
        ("<link>https://khac.example/hoc-bac</link>", "/rss/hoc-bac.rss", ""),
        ("", "/rss/home.rss", ""),
    ],
)
def test_a_feed_says_where_older_articles_stand(head: str, url: str, older: str) -> None:
    text = f"<rss version='2.0'><channel><title>x</title>{head}<item><link>{SITE}/a.html</link></item></channel></rss>"
    found = discover(Page(f"{SITE}{url}", text.encode()), NOW)
    assert found.older == (f"{SITE}{older}" if older else "")
    assert found.links == (Link(f"{SITE}/a.html"),)


def test_a_json_feed_says_where_older_articles_stand() -> None:
    text = '{"items": [{"url": "/a.html"}], "next_url": "/feed.json?page=2"}'
    assert discover(Page(f"{SITE}/feed.json", text.encode()), NOW).older == f"{SITE}/feed.json?page=2"


def test_a_date_of_tomorrow_s_zone_is_believed_and_one_of_next_week_is_not() -> None:
    soon, late = NOW + timedelta(hours=7), NOW + timedelta(days=7)
    assert dated(soon.isoformat(), late.isoformat()) == [soon, None]


SYNDICATION = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


def wished(head: str) -> Wishes:
    item = f"<item><title>Tin</title><link>{SITE}/tin-1.html</link></item>"
    return read(f'<rss version="2.0" {SYNDICATION}><channel><title>Báo</title>{head}{item}</channel></rss>').wishes


@pytest.mark.parametrize(
    ("head", "pause"),
    [
        ("", timedelta()),
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl> -5 </ttl>", timedelta()),
        ("<ttl>99999999999999999999</ttl>", timedelta()),
        ("<ttl>999999</ttl>", timedelta(days=1)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(minutes=15)),
        ("<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", timedelta(days=1)),
        ("<sy:updatePeriod>each minute</sy:updatePeriod>", timedelta()),
    ],
)
def test_how_often_a_feed_asks_to_be_read_is_known_and_bounded(head: str, pause: timedelta) -> None:
    assert wished(head) == Wishes(pause)


def test_hours_and_days_that_a_feed_skips_are_hours_of_the_week() -> None:
    night = "<skipHours><hour>0</hour><hour> 23 </hour><hour>77</hour></skipHours>"
    assert wished(night).quiet == {24 * day + hour for day in range(7) for hour in (0, 23)}
    assert wished("<skipDays><day>Sunday</day><day>Holiday</day></skipDays>").quiet == set(range(144, 168))
    assert wished("<hour>5</hour><skipHours/>").quiet == frozenset()


@given(st.text(max_size=60), st.text(max_size=60))
def test_nonsense_in_a_feeds_wishes_is_passed_over(one: str, other: str) -> None:
    found = wishes({"ttl": one, "sy_updateperiod": other, "sy_updatefrequency": one}, f"<skipDays>{other}".encode())
    assert timedelta() <= found.pause <= timedelta(days=1)
    assert found.quiet <= set(range(168))
