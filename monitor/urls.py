"""One spelling for each address: `clean` to fetch and link, `key` to tell whether it was seen."""

import re
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

# added by newsletters, social networks and search engines, never an article's id
_TRACKING = re.compile(
    r"^(?:utm_\w+|(?:fb|g|d|y|tt|tw)clid|msclkid|[gw]braid|igshid|igsh|li_fat_id|zarsrc|gidzl|zalo\w*|mc_[ce]id|_ga|_gl|"
    r"_hs(?:enc|mi)|mkt_tok|__twitter_impression|_x_tr_\w+|spm|cmpid|ocid|refsrc|ref_src|ref_url|fb_\w+|at_\w+|inheritredirect|\w*_redirect|"
    r"phpsessid|jsessionid|aspsessionid\w*)$",
    re.IGNORECASE,
)
_PLACE_OF_CLICK = re.compile(r"^(?:ref|source|from|src|via|share|shared)$", re.IGNORECASE)  # only with a word
_OTHER_VIEW = re.compile(r"^(?:amp|print|in|mobile|device|is_?mobile|outputtype|noamp)$", re.IGNORECASE)
_SWITCH = re.compile(r"[01]?|[a-z_]+", re.IGNORECASE)  # what such a parameter is set to; 4711 is an id
_FORM = re.compile(r"^(?:view|mode|type|format|layout|tmpl|display|ver|version|output)$", re.IGNORECASE)
_FORMS = re.compile(r"(?:print|amp|mobile|desktop|pc|m|component|in|inbai|in-bai|wap)$", re.IGNORECASE)
_MIRROR_HOST = re.compile(r"^(?:(?:www\d?|m|mobile|mobi|amp|wap|3g|touch)\.(?=[^.]+\.))+")
_OTHER_VIEW_PATH = re.compile(
    r"^/(?:amp|print|in-bai|ban-in|mobile)(?=/.)|(?:/amp/?|\.amp|/print/?|/in-bai/?|/ban-in/?)$|\.amp(?=\.html?$)"
)
_SESSION = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]?(?:%[89A-F][0-9A-F])+")  # a mark may follow its bare letter
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_ID_AT_END = re.compile(r"(?:[-_/](?:post|a|i|id|tag)?\d{3,}|[-_][0-9a-f]{7,}|-\d{17})(?:/|\.\w{2,5})?$", re.IGNORECASE)
_DATED = re.compile(r"/(?:19|20)\d{2}(?:/?[01]\d){1,2}/")
_NOT_ARTICLE = re.compile(
    r"/(?:tags?|tu-khoa|keywords?|tim-kiem|search|rss|feed|lien-he|contact|gioi-thieu|about(?:-us)?|login|dang-nhap|dang-ky|"
    r"register|logout|account|tai-khoan|thong-tin-tai-khoan|users?|video|videos|podcasts?|emagazine-list|authors?|tac-gia|"
    r"phong-vien|page|trang|archives?|sitemap|so-do-(?:trang|site)|topics?|chu-de|"
    r"region|itemlist|quang-cao|ads?|adclick|banners?|static|dieu-khoan-(?:su-dung|dich-vu|chung)[\w-]*|chinh-sach-(?:bao-mat|rieng-tu)|privacy(?:-policy)?|"
    r"wp-(?:admin|content|login\.php|json)|cdn-cgi|van-ban|vbpl|laws|share|print|album|gallery|thu-vien-(?:anh|video)|"
    r"comments?|binh-luan|hoi-dap|faqs?)(?:/|$|\.\w{2,5}$)|"
    # under a section's folder some sites keep its articles, with numbers
    r"/(?:chuyen-muc|danh-muc|category|categories)(?:/[^/]*)?/?$|"
    r"/(?:chuyen-muc|danh-muc|category|categories)/(?=[^/]+/)(?!.*\d{3}[^/]*/?$)|"
    r"/van-?ban[\w-]*(?:/(?=.)|\.aspx$)|-tag\d+\.|-(?:p)?tag\.html|(?:^|[-/])(?:trang|page)-?\d{1,4}(?:\.\w+)?/?$|-p\d{1,3}(?:\.html?)?/?$|"
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|pptx?|mp[34]|zip|rar|css|js|xml|rss|json)/?$",
    re.IGNORECASE,
)
_VIEWED = re.compile(r"(?:itemid|id|articleid|newsid|mabb)=\w{3,}", re.IGNORECASE)
_AMP_CACHE = re.compile(r"\.(?:cdn\.ampproject\.org|ampproject\.net|bing-amp\.com)$")
_TRANSLATED = ".translate.goog"  # bao-a.vn is shown at bao--a-vn.translate.goog
_REDIRECTS = {  # the host that leads on, and the parameter that says where
    "l.facebook.com": "u", "lm.facebook.com": "u", "www.facebook.com": "u", "l.messenger.com": "u",
    "l.instagram.com": "u", "zalo.me": "u", "sp.zalo.me": "u", "link.zalo.me": "url", "www.youtube.com": "q",
    "duckduckgo.com": "uddg", "slack-redir.net": "url", "t.umblr.com": "z", "away.vk.com": "to", "vk.com": "to",
    "getpocket.com": "url",
}  # fmt: skip
_SAFE_LINKS = ".safelinks.protection.outlook.com"
_GOOGLE = re.compile(r"(?:^|\.)google\.[a-z.]{2,6}$")
_LONGEST = 2047  # letters of an address (sitemaps.org); a database cannot index much more
_WRAPPED = 3  # times that an address may lie within another
_DEFAULT_PORT = {"http": 80, "https": 443}


def _query(text: str) -> list[str]:
    """Return the parameters that belong to the address, as written, in their order."""
    return [_escaped(part).replace("%20", "+") for part in text.split("&") if part and not _is_tracking(part)]


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return bool(_TRACKING.match(name)) or (bool(_PLACE_OF_CLICK.match(name)) and not any(c.isdigit() for c in value))


def _is_other_view(parameter: str) -> bool:
    """Tell whether a parameter only asks for another view: print=1, but view=4711 may be an id."""
    name, _, value = parameter.partition("=")
    if _OTHER_VIEW.match(name):
        return bool(_SWITCH.fullmatch(value))
    return bool(_FORM.match(name)) and (bool(_FORMS.match(value)) or (name.lower() == "view" and not value.isdigit()))


def _escaped(text: str) -> str:
    """Return a path or parameter with one spelling of its percent escapes and Vietnamese letters."""
    return _LETTERS.sub(_one_spelling, _ESCAPE.sub(_one_escape, quote(text, safe="/%:@!$&'()*+,;=~?")))


def _one_spelling(found: re.Match[str]) -> str:
    """Return letters outside ASCII composed (NFC); bytes that are no UTF-8 stay."""
    try:
        return quote(unicodedata.normalize("NFC", unquote(found[0], errors="strict")))
    except UnicodeDecodeError:
        return found[0]


def _host(address: str) -> str:
    """Return host and port in lower case, without the scheme's usual port; ValueError if bad."""
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host if host.isascii() else host.encode("idna").decode()
    port = parts.port
    return host if port in (None, _DEFAULT_PORT.get(parts.scheme)) else f"{host}:{port}"


def _unwrapped(address: str) -> str:
    """Return the address inside one of a search engine or social network, others as they are."""
    parts = urlsplit(address)
    name, path = parts.hostname or "", parts.path
    if _AMP_CACHE.search(name) or (_GOOGLE.search(name) and path.startswith("/amp/")):
        inside = re.sub(r"^/(?:amp|c|v|i)/", "", path)
        return re.sub(r"^s/", "https://", inside) if inside.startswith("s/") else f"http://{inside}"
    if name.endswith(_TRANSLATED):
        own = name.removesuffix(_TRANSLATED).replace("--", "\0").replace("-", ".").replace("\0", "-")
        return urlunsplit((parts.scheme, own, path, parts.query, ""))
    wanted = {"u", "url", "q"} if (_GOOGLE.search(name) and path == "/url") or path == "/l.php" else set()
    wanted |= {"url"} if name.endswith(_SAFE_LINKS) else {_REDIRECTS.get(name, "")}
    targets = [value for key, value in parse_qsl(parts.query) if key in wanted]
    return next((value for value in targets if value.startswith(("http://", "https://"))), address)


def clean(address: str, base: str = "") -> str:
    """Return an absolute http(s) address without fragment and tracking parameters.

    `base` is the page on which a relative `address` stood. The result is "" when it is no web
    address (mailto:, javascript:, a broken port, a user name in it, more than 2,047 letters).
    Cleaning twice changes nothing.
    """
    address = address.strip()
    while "&amp;" in address:  # escaped once too often; other entities may be parameters' names
        address = address.replace("&amp;", "&")
    try:
        joined = urljoin(base, address) if base and address else address
        for _ in range(_WRAPPED):
            joined = _unwrapped(joined)
        parts = urlsplit(joined)
        host = _host(joined)
        path = _escaped(re.sub(r"/{2,}", "/", _SESSION.sub("", parts.path)) or "/")
        query = "&".join(_query(parts.query))
    except ValueError:  # also of letters that no address can hold
        return ""
    if parts.scheme not in _DEFAULT_PORT or not host or "@" in parts.netloc or re.search(r"[\s<>\"']", host):
        return ""
    cleaned = urlunsplit((parts.scheme, host, path, query, ""))
    return cleaned if len(cleaned) <= _LONGEST else ""


def _one_escape(found: re.Match[str]) -> str:
    """Return a percent escape in capitals, or the letter itself where it needs none (RFC 3986)."""
    letter = chr(int(found[0][1:], 16))
    return letter if letter.isascii() and (letter.isalnum() or letter in "-._~") else found[0].upper()


def key(address: str) -> str:
    """Return what two spellings of one address share: neither scheme nor mirror host nor view.

    `address` is a cleaned one. "http://m.bao.vn/a.html?print=1" and "https://bao.vn/a.html"
    have one key; parameters are sorted, ids in them stay.
    """
    parts = urlsplit(address)
    host = _MIRROR_HOST.sub("", parts.netloc)
    path = _OTHER_VIEW_PATH.sub("", parts.path).rstrip("/")
    parameters = sorted({part for part in parts.query.split("&") if part and not _is_other_view(part)})
    return f"{host}{path}" + (f"?{'&'.join(parameters)}" if parameters else "")


def host(address: str) -> str:
    """Return host and port of a cleaned address: the unit of politeness."""
    return urlsplit(address).netloc


def site(address: str) -> str:
    """Return the host without its mirror prefix: two pages of one site share it."""
    return _MIRROR_HOST.sub("", urlsplit(address).netloc)


def is_article(address: str) -> bool:
    """Tell whether an address has the shape of an article's: a long slug, an id, a dated folder."""
    if is_other(address):
        return False
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    words = len(slug(address))
    dated = bool(_DATED.search(path + "/"))
    numbered = bool(_ID_AT_END.search(path)) or bool(_VIEWED.search(parts.query))
    return words >= 7 or (words >= 4 and (numbered or dated)) or (numbered and path.endswith(".aspx"))


def is_other(address: str) -> bool:
    """Tell whether an address certainly names no article: the site's front, a tag, a search, a file."""
    path = urlsplit(address).path.rstrip("/")
    front = not path and not urlsplit(address).query
    return front or bool(_NOT_ARTICLE.search(path + ("/" if "." not in path[-6:] else "")))


def slug(address: str) -> list[str]:
    """Return the words of an address's last part, without its ending: ["lop", "hoc", "moi", "a1234"]."""
    last = re.sub(r"\.\w{2,5}$", "", urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1])
    return [word for word in re.split(r"[-_]", last) if word]


def same_article(one: str, other: str) -> bool:
    """Tell whether two article addresses of a site may name one article: an id or most words shared."""
    tokens, others = (set(re.findall(r"[a-z0-9]+", urlsplit(key(url)).path.lower())) for url in (one, other))
    shared = tokens & others
    return any(len(token) > 3 and token.isdigit() for token in shared) or len(shared) * 2 > len(tokens | others)
