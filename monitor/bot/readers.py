"""What every reader may ask: a day's digest, a word, a province, the sources."""

from collections.abc import Iterator, Sequence

from monitor import provinces
from monitor.bot import reading, turning
from monitor.bot.asking import Asking
from monitor.digest import words
from monitor.digest.edition import linkable
from monitor.digest.pieces import headline, linked, text
from monitor.drafting import linkable_hosts
from monitor.edges.store import Delivery
from monitor.models import Answer, Choice, Copies, Edition, Headline, Health, Reply, Report, State
from monitor.publish import parts_of
from monitor.vietnamese import comparable, fold, sort_key

_SIZE, _MOST = 5, 50  # findings on a page, and in all
_LONGEST = 200  # letters of what is looked for; Telegram sends up to 4096
_SOURCES = 20  # on a page
_SIGNS = {State.ON_TOPIC: "✅", State.OFF_TOPIC: "▫️", State.SILENT: "💤", State.UNREADABLE: "⚠️"}


def today(asking: Asking, _: str) -> list[Reply]:
    """Show today's digest; before its hour the newest one."""
    if edition := asking.store.editions.get(asking.today):
        return _edition(asking, edition)
    at = f"{asking.app.config.digest.at:%H:%M}"
    last = asking.store.editions.last(asking.today)
    newest = asking.store.editions.get(last) if last else None
    if newest is None:
        return [Answer(f"Chưa có bản điểm báo nào. Bản hằng ngày ra lúc {at}, mời bạn quay lại sau.")]
    coming = f"Hôm nay chưa có bản điểm báo; bản hằng ngày ra lúc {at}."
    return [Answer(f"{coming} Mời bạn xem bản gần nhất, ngày {newest.date:%d/%m/%Y}."), *_edition(asking, newest)]


def meant(asking: Asking, typed: str) -> list[Reply]:
    """Answer words that stand behind no command: the digest of a day, the news of a province, or what is found."""
    matter = reading.matter(typed)
    if reading.day(matter, asking.today):
        return on_day(asking, matter)
    return province(asking, matter) if provinces.meant(matter) else search(asking, typed)


def on_day(asking: Asking, typed: str) -> list[Reply]:
    """Show the digest of a day."""
    day = reading.day(typed, asking.today)
    if day is None:
        said = f"“{text(typed, 40)}” không phải là ngày. " if typed else ""
        return [Answer(f"{said}Xin ghi ngày sau lệnh, ví dụ: /ngay 20/11/2026 hoặc /ngay 20/11")]
    if day == asking.today:
        return today(asking, "")
    if day > asking.today:
        return [Answer(f"Ngày {day:%d/%m/%Y} chưa đến.")]
    edition = asking.store.editions.get(day)
    if edition is None:
        last = asking.store.editions.last(asking.today)
        newest = f" Bản gần nhất là của ngày {last:%d/%m/%Y}: /homnay" if last else ""
        return [Answer(f"Không có bản điểm báo ngày {day:%d/%m/%Y}.{newest}")]
    return _edition(asking, edition)


def _edition(asking: Asking, edition: Edition) -> list[Reply]:
    """Return an edition as it stands in the channel, corrections and all; as text where it was never posted."""
    sent = asking.store.outbox.of(edition.date)
    told = [Answer(part.html) for part in parts_of(asking.app, asking.store, edition)]
    numbers = tuple(one.message_id for one in sent if one.state is Delivery.SENT and one.message_id is not None)
    if not sent or len(numbers) < len(sent):
        return list(told)
    return [Copies(asking.store.chats.get(sent[0].channel).address, numbers, tuple(told))]


def search(asking: Asking, typed: str, page: int = 1) -> list[Reply]:
    """Look for words in everything stored, with or without marks."""
    if not fold(typed):
        return [Answer("Xin ghi từ cần tìm sau lệnh, ví dụ: /tim đạo đức")]
    if len(typed) > _LONGEST:
        return [Answer("Câu tìm dài quá. Xin ghi vài từ thôi, ví dụ: /tim dân vận khéo")]
    found = asking.store.articles.search(typed, _MOST + 1)
    if not found:
        return [
            Answer(
                f"Không tìm thấy bài nào có “{text(typed, 60)}”. Xin thử ít từ hơn; gõ có dấu hay không dấu đều được."
                " Cách dùng: /trogiup"
            )
        ]
    shown, page, pages = turning.leaf(found[:_MOST], page, _SIZE)
    number = f"hơn {_MOST}" if len(found) > _MOST else str(len(found))
    lines = [f"🔎 <b>“{text(typed, 60)}”</b>: {number} bài{_turned(page, pages)}", ""]
    hosts = set(linkable_hosts(asking.app, asking.store))
    lines += [_report(asking, report, links=linkable(report.article.url, hosts)) for report in shown]
    kept = next((query for query in (comparable(typed), fold(typed)) if turning.fits("tim", query)), None)
    if kept is None and pages > 1:
        lines.append("Câu tìm dài nên chỉ hiện trang đầu; xin ghi ít từ hơn để xem tiếp.")
    return [Answer("\n".join(lines), turning.buttons("tim", kept, page, pages) if kept else ())]


def _turned(page: int, pages: int) -> str:
    return f" (trang {page}/{pages})" if pages > 1 else ""


def _report(asking: Asking, report: Report, *, links: bool) -> str:
    said = linked(report.article.url, text(report.article.title)) if links else text(report.article.title)
    return f"▪️ {said}\n<i>{text(report.source, 100)} · {asking.local(report.dated):%d/%m/%Y}</i>\n"


def province(asking: Asking, typed: str, page: int = 1) -> list[Reply]:
    """Show what was told of a province, whichever way it is written; without one, the provinces to choose from."""
    if not typed:
        return [Answer("Bạn muốn xem tin của địa phương nào?", _places(sorted(provinces.current(), key=sort_key)))]
    name = provinces.meant(typed)
    if not name:
        close = provinces.like(typed)
        ask = " Có phải bạn muốn tìm:" if close else " Danh sách địa phương: /tinh"
        return [Answer(f"Không có tỉnh, thành phố nào tên là “{text(typed, 40)}”.{ask}", _places(close))]
    merged = f"{old} nay thuộc {name}.\n" if (old := provinces.former(typed)) else ""
    found = asking.store.shelf.headlines(name, _MOST)
    if not found:
        return [Answer(f"{merged}📍 <b>{name}</b>: chưa có tin nào.")]
    shown, page, pages = turning.leaf(found, page, _SIZE)
    lines = [f"{merged}📍 <b>{name}</b>: tin mới nhất{_turned(page, pages)}", "", *_headlines(asking, shown)]
    slug = provinces.current()[name].slug
    return [Answer("\n".join(lines), turning.buttons("tinh", slug, page, pages))]


def _places(names: Sequence[str]) -> tuple[tuple[Choice, ...], ...]:
    """Return a button for each province, two in a row."""
    choices = [Choice(name, turning.data("tinh", 1, provinces.current()[name].slug)) for name in names]
    return tuple(tuple(choices[n : n + 2]) for n in range(0, len(choices), 2))


def _headlines(asking: Asking, found: Sequence[Headline]) -> Iterator[str]:
    """Return told stories with their link, day and paper, read from the editions that told them."""
    editions = {day: asking.store.editions.get(day) for day in {one.date for one in found}}
    for one in found:
        edition = editions[one.date]
        story = next(story for story in edition.told if story.id == one.story) if edition else None
        if story:
            more = f" +{words.others(story)} nguồn" if words.others(story) else ""
            yield f"▪️ {headline(story)}\n<i>{text(words.teller(story), 150)}{more} · {one.date:%d/%m/%Y}</i>\n"


def sources(asking: Asking, _: str, page: int = 1) -> list[Reply]:
    """Show which papers are read, and how each stands."""
    watched = {source.name: source for source in asking.app.sources}
    known = [one for one in asking.store.standing.health(asking.now) if one.source in watched]
    fares = sorted(known, key=lambda one: sort_key(one.source))
    if not fares:
        return [Answer("Chưa đọc nguồn nào.")]
    shown, page, pages = turning.leaf(fares, page, _SOURCES)
    lines = [f"📡 <b>{len(fares)} nguồn</b>{_turned(page, pages)}", ""]
    lines += [_source(asking, one, watched[one.source].province) for one in shown]
    return [Answer("\n".join(lines), turning.buttons("nguon", "", page, pages))]


def _source(asking: Asking, one: Health, where: str | None) -> str:
    place = f" ({where})" if where and where not in one.source else ""
    if one.paused_at:
        return f"⏸ {text(one.source, 100)}{place}: tạm dừng theo dõi"
    if one.state is None:
        return f"▫️ {text(one.source, 100)}{place}: chưa đọc lượt nào"
    read = f", đọc lúc {asking.local(one.last_good_at):%H:%M %d/%m}" if one.last_good_at else ""
    return f"{_SIGNS[one.state]} {text(one.source, 100)}{place}: {words.state(one.state)}{read}"
