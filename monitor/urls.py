"""One spelling for each address: `clean` to fetch and link, `key` to tell whether it was seen."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

# added by newsletters, social networks and search engines, never an article's id
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|zarsrc|gidzl|zalo\w*|mc_[ce]id|_ga|"
    r"spm|cmpid|ocid|refsrc|ref_src|ref_url|share|shared|fb_\w+|at_\w+)$",
    re.IGNORECASE,
)
_PLACE_OF_CLICK = re.compile(r"^(?:ref|source|from|src|via)$", re.IGNORECASE)  # only with a word
_OTHER_VIEW = re.compile(r"^(?:amp|print|mobile|device|outputtype|view)$", re.IGNORECASE)
_MIRROR_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_OTHER_VIEW_PATH = re.compile(r"^/(?:amp|print|in-bai|mobile)(?=/.)|(?:/amp/?|\.amp|/print/?|/in-bai/?)$")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_AMP_CACHE = re.compile(r"\.cdn\.ampproject\.org$")
_GOOGLE = re.compile(r"(?:^|\.)google\.[a-z.]{2,6}$")
_DEFAULT_PORT = {"http": 80, "https": 443}


def _query(text: str) -> list[tuple[str, str]]:
    """Return the parameters that belong to the address, in their order."""
    pairs = parse_qsl(text, keep_blank_values=True)
    return [
        (name, value)
        for name, value in pairs
        if not _TRACKING.match(name) and not (_PLACE_OF_CLICK.match(name) and not any(c.isdigit() for c in value))
    ]


def _host(address: str) -> str:
    """Return host and port in lower case, without the scheme's usual port; ValueError if bad."""
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return host if port in (None, _DEFAULT_PORT.get(parts.scheme)) else f"{host}:{port}"


def _unwrapped(address: str) -> str:
    """Return the address inside one of a search engine or social network, others as they are."""
    parts = urlsplit(address)
    name, path = parts.hostname or "", parts.path
    if _AMP_CACHE.search(name) or (_GOOGLE.search(name) and path.startswith("/amp/")):
        inside = re.sub(r"^/(?:amp|c|v|i)/", "", path)
        return re.sub(r"^s/", "https://", inside) if inside.startswith("s/") else f"http://{inside}"
    wraps = (_GOOGLE.search(name) and path == "/url") or path == "/l.php"
    targets = [value for key, value in parse_qsl(parts.query) if key in {"u", "url", "q"}] if wraps else []
    return next((value for value in targets if value.startswith(("http://", "https://"))), address)


def clean(address: str, base: str = "") -> str:
    """Return an absolute http(s) address without fragment and tracking parameters.

    `base` is the page on which a relative `address` stood. The result is "" when it is no web
    address (mailto:, javascript:, a broken port, a user name in it). Cleaning twice changes
    nothing.
    """
    address = address.strip()
    while "&amp;" in address:  # escaped once too often; other entities may be parameters' names
        address = address.replace("&amp;", "&")
    try:
        joined = _unwrapped(urljoin(base, address) if base and address else address)
        parts = urlsplit(joined)
        host = _host(joined)
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORT or not host or "@" in parts.netloc or re.search(r"[\s<>\"']", host):
        return ""
    path = re.sub(r"/{2,}", "/", parts.path) or "/"
    path = _ESCAPE.sub(_one_escape, quote(path, safe="/%:@!$&'()*+,;=~"))
    return urlunsplit((parts.scheme, host, path, urlencode(_query(parts.query)), ""))


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
    pairs = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _OTHER_VIEW.match(pair[0]))
    return f"{host}{path}" + (f"?{urlencode(pairs)}" if pairs else "")


def host(address: str) -> str:
    """Return host and port of a cleaned address: the unit of politeness."""
    return urlsplit(address).netloc


def site(address: str) -> str:
    """Return the host without its mirror prefix: two pages of one site share it."""
    return _MIRROR_HOST.sub("", urlsplit(address).netloc)
