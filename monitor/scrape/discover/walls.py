"""What stands where a listing should be: a challenge, a login, an error, a page made by script.

Each has a name, so that an operator knows what happened and what to do about it.
"""

import re
from itertools import islice

from lxml.html import HtmlElement

from monitor import urls
from monitor.scrape.repair import plain
from monitor.vietnamese import clean, fold

_CHALLENGE = re.compile(
    r"document\.cookie\s*=|__cf_chl|cf-browser-verification|challenge-platform|just a moment\.\.\.|checking your "
    r"browser|slowAES|toNumbers\(|_incapsula_|ddos-guard|g-recaptcha|h-captcha|location\.reload|"
    r"enable javascript|bật javascript",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\b(?:404|403|500|502|503)\b|not found|khong tim thay|khong ton tai|forbidden|access denied|tu choi truy cap|"
    r"internal server error|bao tri|maintenance|suspended|tam ngung|tam dung|het han|da bi khoa|server error|"
    r"\bloi (?:may chu|he thong|ket noi|trang)|^loi$",
)
_CERTAINLY_ERROR = re.compile(
    r"^(?:loi )?404\b|404 not found|page not found|khong tim thay (?:trang|noi dung)|trang (?:nay )?khong ton tai"
)
_SENT_ON = re.compile(r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\()\s*[\"']([^\"']+)")
_APPS = frozenset(("app", "root", "__next", "__nuxt", "app-root"))


def error_page(root: HtmlElement) -> str:
    """Return the title of a page that says of itself that it does not exist, "" for others."""
    title = _first(root, "title")
    return title if _CERTAINLY_ERROR.search(fold(title)) else ""


def wall(root: HtmlElement, url: str) -> str:
    """Return what a page without article links is, and what to do; "" when nothing is known of it."""
    text, scripts = _seen(root), _scripts(root)
    little = len(text) < 400
    if onward := leads_on(root, url):
        return f"it only leads on to {onward}; name that address"
    if little and _CHALLENGE.search(f"{text} {scripts}"):
        return "a JavaScript or cookie challenge stands before it: the site wants a browser"
    if len(text) < 3000 and any((one.get("type") or "").lower() == "password" for one in root.iter("input")):
        return "it is a login page"
    said = (_first(root, "title"), _first(root, "h1", "h2"))
    if error := next((one for one in said if _ERROR.search(fold(one))), ""):
        return f"it is an error page, though answered with status 200 (“{error}”)"
    if next(root.iter("frame"), None) is not None:
        return "it is a frameset; name the address of the frame with the news"
    if scripts and (little or any(one.get("id") in _APPS or one.tag in _APPS for one in root.iter("div", "app-root"))):
        return "its list is made by script; look for a feed or sitemap with `monitor sources add`"
    return ""


def leads_on(root: HtmlElement, url: str) -> str:
    """Return where a page sends its visitor at once, by a refresh or two lines of script; "" if nowhere."""
    for meta in root.iter("meta"):
        delay, _, target = (meta.get("content") or "").partition(";")
        if (meta.get("http-equiv") or "").lower() != "refresh" or not delay.strip().isdecimal() or int(delay) > 5:
            continue
        address = urls.clean(re.sub(r"^\s*url\s*=\s*", "", target, flags=re.IGNORECASE).strip("'\" "), url)
        if address and urls.key(address) != urls.key(url):
            return address
    found = _SENT_ON.search(_scripts(root)) if len(_seen(root)) < 100 else None
    address = urls.clean(found[1], url) if found else ""
    return address if urls.key(address) != urls.key(url) else ""


def _seen(root: HtmlElement) -> str:
    """Return the beginning of the text that a visitor sees."""
    unseen = {"script", "style", "noscript", "title", "template"}
    strings = (part for one in root.iter() if one.tag not in unseen for part in (one.text, one.tail) if part)
    return clean(" ".join(islice(strings, 800)))


def _scripts(root: HtmlElement) -> str:
    """Return the beginning of a page's scripts: their text and their addresses."""
    parts = [f"{one.get('src') or ''} {one.text or ''}"[:8000] for one in islice(root.iter("script", "noscript"), 40)]
    return " ".join(parts).strip()


def _first(root: HtmlElement, *tags: str) -> str:
    found = next(root.iter(*tags), None)
    return clean(plain(" ".join(islice(found.itertext(), 20))))[:100] if found is not None else ""
