"""Why an article stands in its story, in a sentence that a reader understands."""

from monitor.dedup import events, texts
from monitor.models import Report
from monitor.vietnamese import grouped

_SHOWN = 3  # names, figures; more convince nobody


def of_copy(copy: Report, origin: Report) -> str:
    """Return why a report is a copy: "Đăng lại bài của Báo Lai Châu: 94% câu chữ trùng nhau"."""
    if texts.text_hash(copy.article) == texts.text_hash(origin.article):
        return f"Đăng lại bài của {origin.source}: nguyên văn"
    share = texts.likeness(copy.article, origin.article).shorter
    return f"Đăng lại bài của {origin.source}: {share:.0%} câu chữ trùng nhau"


def of_report(near: Report, link: events.Affinity) -> str:
    """Return why two reports tell one event: "Cùng sự kiện với bài của Báo A vì cùng ngày 14/10, …"."""
    if link.told_on:
        share = f"{link.told_on:.0%}"
        return f"Viết tiếp bài của {near.source}: {share} câu chữ trùng nhau"
    said = []
    if link.days:
        said.append(f"cùng ngày {', '.join(link.days[:_SHOWN])}")
    if link.places:
        said.append(f"cùng ở {', '.join(link.places[:_SHOWN])}")
    if link.names:
        said.append(f"cùng nhắc {', '.join(_printed(name) for name in link.names[:_SHOWN])}")
    if link.quotes:
        said.append(f"cùng dẫn “{link.quotes[0]}”")
    if link.figures:
        said.append(f"cùng nêu {', '.join(_figure(number) for number in link.figures[:_SHOWN])}")
    said = said or ["lời kể rất giống nhau"]
    return f"Cùng sự kiện với bài của {near.source} vì {'; '.join(said)}"


def _printed(name: str) -> str:
    """Return a name with its capitals again; a unit with a number keeps only the first."""
    return name.capitalize() if any(c.isdigit() for c in name) else name.title()


def _figure(number: str) -> str:
    """Return a figure as Vietnamese papers print it: 4.300 and 18,6."""
    whole, comma, rest = number.rstrip("%").partition(",")
    return f"{grouped(int(whole))}{comma}{rest}{'%' if number.endswith('%') else ''}"
