"""Invented articles, feeds and listings, as a site prints them."""

import random
from datetime import datetime, timedelta
from html import escape

from monitor.models import Article, Label, Match, Report, Source
from tests.loopback import Answer, Loopback

SENTENCE = "Chi bộ thôn {n} họp bàn việc góp công làm {m} mét đường bê tông và trồng thêm hoa dọc hai bên lối đi."


def campaign_body(seed: int) -> tuple[str, ...]:
    """Return paragraphs clearly about the campaign, different for each seed."""
    return (
        (
            f"Sáng nay, Đảng ủy xã số {seed} tổ chức sơ kết {seed + 2} năm học tập và làm theo tư tưởng, đạo đức, "
            "phong cách Hồ Chí Minh theo Chỉ thị số 05-CT/TW của Bộ Chính trị."
        ),
        SENTENCE.format(n=seed, m=seed * 17 + 30),
        f"Dịp này, {seed + 4} tập thể và {seed + 9} cá nhân tiêu biểu trong học tập và làm theo gương Bác được khen.",
        SENTENCE.format(n=seed + 1, m=seed * 13 + 40),
    )


def other_body(seed: int) -> tuple[str, ...]:
    """Return paragraphs about something else."""
    return (
        f"Giá cà phê nhân xô sáng nay tăng {seed + 1}.200 đồng mỗi ki-lô-gam so với phiên giao dịch hôm trước ở chợ.",
        SENTENCE.format(n=seed, m=seed * 19 + 50),
        f"Nông dân xã số {seed} dự kiến thu hoạch xong trước cuối tháng, năng suất cao hơn vụ trước gần một phần mười.",
    )


_SYLLABLES = (
    "mùa vụ ao hồ đồng ruộng lúa ngô khoai sắn chè cam bưởi vải nhãn mía dừa chợ phiên bến đò cầu cống đường tàu ga xe"
    " máy cày bừa gặt hái phơi sấy đóng gói bán mua giá cả tăng giảm nắng mưa bão lũ rét hạn mặn ngọt sông suối kênh"
    " đập nước điện trạm trường lớp thầy trò sách vở thi đỗ bệnh viện thuốc khám chữa khách phòng làng phố thôn bản"
    " nhà cửa vườn rừng cây giống gà vịt trâu bò lợn cá tôm thuyền lưới biển đảo gió cát đá quặng than thép gỗ may dệt"
).split()


def prose(seed: int) -> tuple[str, ...]:
    """Return three paragraphs about nothing in particular; no two seeds have a sentence in common."""
    dice = random.Random(seed)
    sentences = [" ".join(dice.choices(_SYLLABLES, k=dice.randint(12, 24))).capitalize() + "." for _ in range(9)]
    return tuple(" ".join(sentences[at : at + 3]) for at in (0, 3, 6))


def article_page(title: str, body: tuple[str, ...], published: datetime, canonical: str = "") -> str:
    """Return an article page with metadata, a menu and a column full of campaign words."""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in body)
    link = f'<link rel="canonical" href="{escape(canonical)}">' if canonical else ""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)} - Báo Mẫu</title>{link}'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(title)}">'
        f'<meta property="article:published_time" content="{published.isoformat(timespec="minutes")}"></head>'
        '<body><nav><a href="/">Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh</a></nav>'
        f"<main><h1>{escape(title)}</h1><article>{paragraphs}</article></main>"
        '<aside class="sidebar"><p>Đẩy mạnh học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh.</p></aside>'
        "</body></html>"
    )


def rss(items: list[tuple[str, str, datetime]]) -> str:
    """Return an RSS feed of (address, title, published)."""
    entries = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(url)}</link>"
        f"<pubDate>{published:%a, %d %b %Y %H:%M:%S %z}</pubDate></item>"
        for url, title, published in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>x</title>{entries}</channel></rss>'
    )


def sitemap(urls: list[str], changed: datetime) -> str:
    """Return a sitemap of these addresses, each last changed then."""
    return dated_sitemap([(url, changed) for url in urls])


def dated_sitemap(items: list[tuple[str, datetime]]) -> str:
    """Return a sitemap of (address, last change)."""
    entries = "".join(
        f"<url><loc>{escape(url)}</loc><lastmod>{changed.isoformat(timespec='seconds')}</lastmod></url>"
        for url, changed in items
    )
    return f'<?xml version="1.0" encoding="utf-8"?><urlset>{entries}</urlset>'


def publish(site: Loopback, count: int, now: datetime, prefix: str = "tin", first: int = 1) -> list[str]:
    """Let a site publish `count` campaign articles with a feed at /rss/home.rss; returns their addresses.

    `first` is the number of the first: the same number has the same text at any address.
    """
    items = []
    for number in range(first, first + count):
        title = f"Xã số {number} sơ kết việc học tập và làm theo Bác"
        path = f"/{prefix}-xa-so-ket-viec-hoc-bac-{100_000 + number}.html"
        published = (now - timedelta(minutes=number - first + 1)).replace(microsecond=0)
        site.routes[path] = Answer(article_page(title, campaign_body(number), published))
        items.append((site.url(path), title, published))
    site.routes["/rss/home.rss"] = Answer(rss(items), kind="application/rss+xml", validated=True)
    return [url for url, _, _ in items]


def report(number: int, now: datetime, **changes: object) -> Report:
    """Return a campaign report as the store gives it; `changes` are fields of it or its article."""
    article: dict[str, object] = {
        "url": f"https://bao.example/tin-{number}.html",
        "title": f"Xã số {number} học tập và làm theo Bác",
        "lead": f"Đảng ủy xã số {number} vừa khen {number + 4} tập thể trong học tập và làm theo gương Bác.",
        "body": campaign_body(number),
        "published": now - timedelta(minutes=number),
        "provinces": ("Lai Châu",),
        "provinces_now": ("Lai Châu",),
    }
    fields: dict[str, object] = {"story": number, "source": "Báo Mẫu", "source_province": None, "copy_of": ""}
    for name, value in changes.items():
        (fields if name in fields else article)[name] = value
    return Report(
        id=number,
        article=Article(**article),  # type: ignore[arg-type] # a test's own mapping
        match=Match(Label.CAMPAIGN, 9.0),
        seen_at=now,
        **fields,  # type: ignore[arg-type]
    )


def source(site: Loopback, path: str = "/rss/home.rss", name: str = "Báo Mẫu") -> Source:
    """Return a source that watches a path of a site."""
    return Source(name=name, url=site.url(path), province="Lai Châu")
