"""What stands where a listing should be: a challenge, a login, an error, a page made by script.

Each has a name, so that an operator knows what happened and what to do about it.
"""

import re

from bs4 import BeautifulSoup, Tag

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
_APPS = "#app, #root, #__next, #__nuxt, app-root, [data-reactroot], [ng-app], [ng-version]"


def error_page(soup: BeautifulSoup) -> str:
    """Return the title of a page that says of itself that it does not exist, "" for others."""
    title = _title(soup)
    return title if _CERTAINLY_ERROR.search(fold(title)) else ""


def wall(soup: BeautifulSoup, url: str) -> str:
    """Return what a page without article links is, and what to do; "" when nothing is known of it."""
    text, scripts = clean(soup.get_text(" ")), " ".join(one.get_text() for one in soup.find_all("script"))
    little = len(text) < 400
    if onward := leads_on(soup, url):
        return f"it only leads on to {onward}; name that address"
    if little and _CHALLENGE.search(f"{scripts[:20_000]} {soup}"[:60_000]):
        return "a JavaScript or cookie challenge stands before it: the site wants a browser"
    if soup.select_one('input[type="password" i]') and len(text) < 3000:
        return "it is a login page"
    heading = soup.find(["h1", "h2"])
    said = (_title(soup), clean(heading.get_text(" "))[:100] if isinstance(heading, Tag) else "")
    if error := next((one for one in said if _ERROR.search(fold(one))), ""):
        return f"it is an error page, though answered with status 200 (“{error}”)"
    if soup.find("frame"):
        return "it is a frameset; name the address of the frame with the news"
    scripted = bool(scripts.strip()) or soup.select_one("script[src]") is not None
    if scripted and (little or soup.select_one(_APPS)):
        return "its list is made by script; look for a feed or sitemap with `monitor sources add`"
    return ""


def leads_on(soup: BeautifulSoup, url: str) -> str:
    """Return where a page sends its visitor at once, by a refresh or two lines of script; "" if nowhere."""
    for meta in soup.find_all("meta", attrs={"http-equiv": re.compile("^refresh$", re.IGNORECASE)}):
        delay, _, target = str(meta.get("content") or "").partition(";")
        address = urls.clean(re.sub(r"^\s*url\s*=\s*", "", target, flags=re.IGNORECASE).strip("'\" "), url)
        if address and delay.strip().isdecimal() and int(delay) <= 5 and urls.key(address) != urls.key(url):
            return address
    if len(clean(soup.get_text(" "))) < 100 and (found := _SENT_ON.search(str(soup)[:5000])):
        address = urls.clean(found[1], url)
        return address if urls.key(address) != urls.key(url) else ""
    return ""


def _title(soup: BeautifulSoup) -> str:
    return clean(plain(soup.title.get_text(" ")))[:100] if soup.title else ""
