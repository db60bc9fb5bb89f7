"""The pieces of a message as Telegram's markup; every text of the outside is cleaned, cut and escaped here."""

from html import escape

from monitor.digest import words
from monitor.models import Review, Story
from monitor.vietnamese import clean

_LONGEST_TITLE, _LONGEST_LINK = 250, 1500
_LATE = 5  # late stories in a message; the archive has them all


def text(said: str, longest: int = _LONGEST_TITLE) -> str:
    """Return any text of the outside as text of a message: cleaned, cut, then escaped."""
    said = clean(said)
    return escape(said if len(said) <= longest else said[: longest - 1].rstrip() + "…", quote=False)


def link(address: str, markup: str) -> str:
    """Return markup as a link."""
    return f'<a href="{escape(address)}">{markup}</a>'


def linked(address: str, markup: str) -> str:
    """Return markup as a link, unless the address is too long for one."""
    return link(address, markup) if len(address) <= _LONGEST_LINK else markup


def headline(story: Story, longest: int = _LONGEST_TITLE) -> str:
    """Return a story's headline, as link where its address may be one."""
    origin, title = story.articles[0], text(story.title, longest)
    return linked(origin.url, title) if origin.linked else title


def _place(story: Story) -> str:
    return f"{', '.join(story.provinces) or words.NATIONWIDE} · "


def full(story: Story, *, where: bool = False) -> str:
    """Return a story with its line and everyone who told it; with `where`, its provinces first."""
    line = f"\n{text(story.summary)}" if story.summary else ""
    said = (_place(story) if where else "") + words.origin(story)
    return f"▪️ {headline(story)}{line}\n<i>{text(said, 300)}</i>\n"


def brief(story: Story, page: str, *, where: bool = False) -> str:
    """Return a story on one line: headline, who told it, how many more (a link to `page`, unless that is "")."""
    others = words.others(story)
    more = f"+{others} nguồn" if others else ""
    told = link(f"{page}#tin-{story.id}", more) if more and page else more
    said = text((_place(story) if where else "") + words.teller(story), 150)
    return f"▪️ {headline(story)} — {said} {told}".rstrip()


def late(stories: tuple[Story, ...]) -> str:
    """Return the stories found late, a line each; of many, the newest and how many more there are."""
    lines = [f"<b>🕓 {words.LATE}</b> · {len(stories)} tin"]
    lines += [f"▫️ {headline(one)} <i>({text(words.late_origin(one), 200)})</i>" for one in stories[:_LATE]]
    if len(stories) > _LATE:
        lines.append(f"… và {len(stories) - _LATE} tin khác trong kho lưu trữ.")
    return "\n".join(lines) + "\n"


def look_back(review: Review) -> str:
    """Return a look back: its sentences and what most papers carried."""
    lines = [f"<b>📊 {text(words.review_title(review))}</b>", *map(text, words.review_lines(review))]
    if review.republished:
        lines.append(f"{words.REPUBLISHED}:")
    lines += [f"▫️ {headline(story)} ({papers} báo)" for _, story, papers in review.republished[:3]]
    return "\n".join(lines) + "\n"
