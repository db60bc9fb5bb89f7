"""Six invented papers in the layouts of real provincial sites, and what they print.

The layouts follow docs/sources-seen.md: an agency's site (OneCMS), a portal on NukeViet, papers of
the families B, C, D and one with metadata only. The articles stand in articles.toml, dated
relative to the time the papers open.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from pydantic import TypeAdapter

from monitor.models import VIETNAM
from monitor.vietnamese import fold

_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: where its news is listed, and what the address of an article looks like.

    `address` knows {slug}, {id} (a number), {hex} (seven digits) and {month} (202611).
    `listings` maps a path to a template; the first one goes into sources.yaml.
    """

    slug: str
    name: str
    province: str
    address: str
    listings: dict[str, str]


PAPERS = (
    Paper("dantoc", "Dân tộc và Vùng cao (mẫu)", "", "/{slug}-post{id}.html", {"/rss/home.rss": "rss.xml.j2"}),
    Paper("laichau", "Cổng thông tin Lai Châu (mẫu)", "Lai Châu", "/vi/news/xay-dung-dang/{slug}-{id}.html",
          {"/sitemap.xml": "sitemap.xml.j2"}),
    Paper("vinhlong", "Báo Vĩnh Long (mẫu)", "Vĩnh Long", "/chinh-tri/lam-theo-guong-bac/{month}/{slug}-{hex}/",
          {"/chinh-tri/lam-theo-guong-bac/": "listing.html.j2"}),
    Paper("tayninh", "Báo Tây Ninh (mẫu)", "Tây Ninh", "/{slug}-a{id}.html",
          {"/hoc-va-lam-theo-bac/": "listing.html.j2"}),
    Paper("cantho", "Báo Cần Thơ (mẫu)", "Cần Thơ", "/{slug}-a{id}.html", {"/atom.xml": "atom.xml.j2"}),
    Paper("thanhhoa", "Báo Thanh Hóa (mẫu)", "Thanh Hóa", "/{slug}-{id}.htm",
          {"/sitemap.xml": "sitemapindex.xml.j2", "/sitemap-news.xml": "newssitemap.xml.j2"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """One invented article and what should be made of it (`label`, `story`, `copy_of`, …)."""

    id: str
    paper: str
    section: str
    title: str
    lead: str
    body: tuple[str, ...]
    captions: tuple[str, ...]
    authors: tuple[str, ...]
    agency: str
    hours_ago: float
    label: str
    story: str
    copy_of: str
    documents: tuple[str, ...]
    provinces: tuple[str, ...]
    place: str = ""
    clock: bool = False
    edited_title: str = ""
    edited_body_paragraph: str = ""

    def edited(self) -> "Text":
        """Return the second version, in which the paper put a figure right."""
        return replace(self, title=self.edited_title, body=(*self.body[:-1], self.edited_body_paragraph))


@cache
def texts() -> tuple[Text, ...]:
    """Return all articles, the newest first."""
    rows = tomllib.loads(files("monitor.demo").joinpath("articles.toml").read_text(encoding="utf-8"))["article"]
    found = TypeAdapter(list[Text]).validate_python(rows)
    return tuple(sorted(found, key=lambda text: text.hours_ago))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("monitor.demo"),
        autoescape=select_autoescape(["html.j2", "xml.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def _weekday(moment: datetime) -> str:
    return _WEEKDAYS[moment.weekday()]


def path(paper: Paper, text: Text, opened: datetime) -> str:
    """Return the path of an article, the same for both of its versions."""
    digest = sha256(text.id.encode()).hexdigest()
    slug = "-".join(re.findall(r"[a-z0-9]+", fold(text.title)))[:90]
    month = (opened - timedelta(hours=text.hours_ago)).astimezone(VIETNAM).strftime("%Y%m")
    return paper.address.format(slug=slug, id=100_000 + int(digest[:5], 16) % 900_000, hex=digest[:7], month=month)


@dataclass(frozen=True, slots=True)
class _Item:
    """One line of a feed, sitemap or listing."""

    title: str
    path: str
    url: str
    published: datetime
    changed: datetime


class Press:
    """Prints a paper's pages as they are at a moment; `edit` lets the corrections come out."""

    def __init__(self, paper: Paper, root: str, opened: datetime) -> None:
        """Take the paper, its address without a trailing slash, and the time it opened."""
        self.paper, self.root, self._opened = paper, root, opened
        self._texts = {path(paper, text, opened): text for text in texts() if text.paper == paper.slug}
        self._corrected_at: datetime | None = None

    def edit(self, now: datetime) -> None:
        """Publish the second version of the articles that have one."""
        self._corrected_at = now.astimezone(VIETNAM)
        self._texts = {where: text.edited() if text.edited_title else text for where, text in self._texts.items()}

    def page(self, where: str, now: datetime) -> tuple[str, str] | None:
        """Return content type and text of a path; None when nothing stands there."""
        if template := self.paper.listings.get(where):
            kind = "text/html" if template.endswith("html.j2") else "application/xml"
            return f"{kind}; charset=utf-8", self._print(template, items=self._items(), root=self.root)
        text = self._texts.get(where)
        if text is None:
            return None
        page = self._print(
            f"{self.paper.slug}.html.j2",
            a=text,
            url=self.root + where,
            published=self._published(text),
            changed=self._changed(text),
            now=now.astimezone(VIETNAM),
            weekday=_weekday,
            others=[item for item in self._items() if item.path != where][:3],
        )
        return "text/html", page

    def _print(self, template: str, **values: object) -> str:
        return _environment().get_template(template).render(paper=self.paper, **values)

    def _published(self, text: Text) -> datetime:
        moment = self._opened - timedelta(hours=text.hours_ago)
        return moment.astimezone(VIETNAM).replace(second=0, microsecond=0)

    def _changed(self, text: Text) -> datetime | None:
        return self._corrected_at if text.edited_title else None

    def _items(self) -> list[_Item]:
        return [
            _Item(
                text.title,
                where,
                self.root + where,
                self._published(text),
                self._changed(text) or self._published(text),
            )
            for where, text in self._texts.items()
        ]
