"""What other papers do to a text, at chosen strengths; and the labelled reports with their stories."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from monitor import provinces
from monitor.campaign import builtin
from monitor.models import Article, Label, Match, Report

CORPUS = Path(__file__).parent / "corpus"
PHRASES = tuple(phrase.pattern for phrase in builtin().phrases)
CAPTIONS = (
    "Các đại biểu tham quan gian trưng bày sản phẩm của hội viên bên lề hội nghị. Ảnh: Thu Hoài",
    "Quang cảnh buổi lễ tại hội trường trung tâm",
    "Ông Lường Văn Pâng (bên trái) nhận giấy khen từ lãnh đạo địa phương",
    "Đường hoa do bà con trong bản tự tay trồng và chăm sóc hằng ngày (Ảnh: CTV)",
    "Học sinh vùng cao nhận sách vở, áo ấm trước năm học mới",
)
_WORDS = (
    "ngày càng được nhiều bà con ủng hộ, cùng nhau thực hiện thường xuyên qua từng việc làm nhỏ tại cơ sở nhằm "
    "giúp đỡ các gia đình còn khó khăn vươn lên ổn định cuộc sống lâu dài"
).split()


def captions(body: tuple[str, ...], count: int, dice: Random) -> tuple[str, ...]:
    """Insert captions of pictures between the paragraphs."""
    mixed = list(body)
    for caption in dice.sample(CAPTIONS, count):
        mixed.insert(dice.randint(0, len(mixed)), caption)
    return tuple(mixed)


def cut(body: tuple[str, ...], share: float, _dice: Random) -> tuple[str, ...]:
    """Cut the tail, a share of the words."""
    left, kept = round(sum(len(paragraph.split()) for paragraph in body) * (1 - share)), []
    for paragraph in body:
        words = paragraph.split()[:left]
        left -= len(words)
        kept += [" ".join(words)] if words else []
    return tuple(kept)


def reworded(body: tuple[str, ...], share: float, dice: Random) -> tuple[str, ...]:
    """Replace a share of the words, wherever they stand."""
    return tuple(
        " ".join(dice.choice(_WORDS) if dice.random() < share else word for word in paragraph.split())
        for paragraph in body
    )


def reordered(body: tuple[str, ...], _strength: float, dice: Random) -> tuple[str, ...]:
    """Put the paragraphs into another order."""
    return tuple(dice.sample(body, len(body)))


def respelt(body: tuple[str, ...], _strength: float, _dice: Random) -> tuple[str, ...]:
    """Use other quotes, tone marks, dashes, abbreviations and capitals."""
    changes = (
        ('"', "“"), ("ủy", "uỷ"), ("hóa", "hoá"), ("-", "–"), ("kỷ", "kỉ"), ("lý", "lí"), ("Đ", "Ð"),
        (" xã ", " Xã "), ("TP.", "thành phố "), ("đồng chí", "đ/c"),
    )  # fmt: skip
    for old, new in changes:
        body = tuple(paragraph.replace(old, new) for paragraph in body)
    return body


def signed(body: tuple[str, ...], _strength: float, _dice: Random) -> tuple[str, ...]:
    """Add a paper's mark, an agency's signature and a byline."""
    return (f"(BĐM) - {body[0]}", *body[1:], "Theo TTXVN", "Minh Hòa")


CHANGES: dict[str, tuple[Callable[..., tuple[str, ...]], float]] = {
    "captions 3": (captions, 3), "captions 5": (captions, 5), "cut 15 %": (cut, 0.15), "cut 30 %": (cut, 0.3),
    "cut 50 %": (cut, 0.5), "words 5 %": (reworded, 0.05), "words 10 %": (reworded, 0.1),
    "words 15 %": (reworded, 0.15), "order": (reordered, 0), "spelling": (respelt, 0), "marks": (signed, 0),
}  # fmt: skip
TOGETHER = (("cut 30 %", "captions 3", "spelling"), ("cut 50 %", "words 10 %"), ("order", "words 10 %", "marks"))


def republished(report: Report, changes: Iterable[str], seed: int = 0) -> Report:
    """Return a report as another paper prints it a few hours later, under its own headline."""
    dice = Random(f"{report.id} {seed}")
    body = (report.article.lead, *report.article.body) if report.article.lead else report.article.body
    for name in changes:
        change, strength = CHANGES[name]
        body = change(body, strength, dice)
    later = report.dated + timedelta(hours=dice.randint(1, 30))
    article = replace(
        report.article, url=f"https://bao-khac-{seed}.example/{report.id}.html", title="Chuyện đẹp ở cơ sở", lead="",
        body=body, published=later, authors=("Minh Hòa",),
    )  # fmt: skip
    return replace(report, id=report.id + 100_000, source=f"Báo Khác {seed}", article=article, seen_at=later)


@dataclass(frozen=True, slots=True)
class Told:
    """A report and what a careful reader made of it: its story, and the id of the text it republishes or its own."""

    id: str
    report: Report
    story: str
    root: str


def _told(number: int, row: dict[str, str], body: tuple[str, ...]) -> Told:
    names = provinces.about(row["title"], row["lead"], body)
    article = Article(
        url=row["url"], title=row["title"], lead=row["lead"], body=body, agency=row["agency"],
        published=datetime.fromisoformat(row["published"]), provinces=names,
        provinces_now=tuple(dict.fromkeys(map(provinces.now, names))),
    )  # fmt: skip
    match = Match(Label(row["label"]), 3.0)
    report = Report(number, 0, row["site"], row["province"] or None, article, match, article.published)  # type: ignore[arg-type]
    return Told(row["id"], report, row["story"], row["copy_of"] or row["id"])


def labelled(name: str = "articles.jsonl") -> list[Told]:
    """Return the labelled articles of a file of tests/corpus, numbered from 1, or from 2001 those of another."""
    rows = [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]
    return [
        _told(number, row | {"province": row["site_province"]}, tuple(row["body"]))
        for number, row in enumerate(rows, start=1 if name == "articles.jsonl" else 2001)
    ]


def events(name: str = "events.txt") -> list[Told]:
    """Return the invented reports of a file of tests/corpus, numbered from 1001."""
    blocks = (CORPUS / name).read_text(encoding="utf-8").strip().split("\n\n")
    found = []
    for number, block in enumerate(blocks[1:], start=1001):
        head, title, lead, *body = block.splitlines()
        name, site, province, published, story, agency = (part.strip() for part in head.split("|"))
        row = {
            "id": name, "url": f"https://{name}.example/tin-{name}.html", "site": site, "province": province,
            "published": published, "story": story, "agency": agency, "title": title, "lead": lead,
            "label": "campaign", "copy_of": "",
        }  # fmt: skip
        found.append(_told(number, row, tuple(body)))
    return found
