from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor import urls
from tests.judge import SEARCH

PLAIN = "https://baobanmuong.vn/xa-hoi/lop-hoc-moi-o-ban-nam-hong-a1234.html"
FOLDER = "https://baobanmuong.vn/xa-hoi/202610/lop-hoc-moi-o-ban-nam-hong-1a2b3c4/"

# the kinds of variant met on real sites: the same article each time
VARIANTS = {
    "http": PLAIN.replace("https", "http"),
    "www": PLAIN.replace("//", "//www."),
    "mobile host": PLAIN.replace("//", "//m."),
    "amp host": PLAIN.replace("//", "//amp."),
    "utm": f"{PLAIN}?utm_source=zalo&utm_medium=zalo&utm_campaign=zalo",
    "zarsrc": f"{PLAIN}?zarsrc=410",
    "gidzl": f"{PLAIN}?gidzl=Qx7_hNq",
    "fbclid": f"{PLAIN}?fbclid=IwAR0bGx",
    "gclid": f"{PLAIN}?gclid=EAIaIQob",
    "ref": f"{PLAIN}?ref=home",
    "google picks": f"{PLAIN}?utm_source=google&utm_medium=editorspicks#picks",
    "trailing slash": f"{PLAIN}/",
    "fragment": f"{PLAIN}#binhluan",
    "addthis": f"{PLAIN}#.Y2ZkQnZBw2w",
    "/amp": f"{PLAIN}/amp",
    "/amp/": f"{PLAIN}/amp/",
    ".amp": f"{PLAIN}.amp",
    "?amp=1": f"{PLAIN}?amp=1",
    "?amp": f"{PLAIN}?amp",
    "?outputType=amp": f"{PLAIN}?outputType=amp",
    "?print=1": f"{PLAIN}?print=1",
    "/amp before": PLAIN.replace("/xa-hoi/", "/amp/xa-hoi/"),
    "/print": f"{PLAIN}/print",
    "/in-bai": f"{PLAIN}/in-bai",
    "?mobile=1": f"{PLAIN}?mobile=1",
    "?device": f"{PLAIN}?device=mobile",
    ":443": PLAIN.replace(".vn/", ".vn:443/"),
    "http :80": PLAIN.replace("https", "http").replace(".vn/", ".vn:80/"),
    "HOST": PLAIN.replace("https://baobanmuong.vn", "HTTPS://BaoBanMuong.VN"),
    "//": PLAIN.replace("/xa-hoi/", "//xa-hoi//"),
    "space around": f"  {PLAIN}\n",
    "tracking behind &amp;": f"{PLAIN}?utm_source=a&amp;utm_medium=b&amp;fbclid=c",
    "mobi host": PLAIN.replace("//", "//mobi."),
    "www.m host": PLAIN.replace("//", "//www.m."),
    "wap host": PLAIN.replace("//", "//wap."),
    "dot behind the host": PLAIN.replace(".vn/", ".vn./"),
    ".amp.html": PLAIN.replace(".html", ".amp.html"),
    "/ban-in": f"{PLAIN}/ban-in",
    "?view=print": f"{PLAIN}?view=print",
    "?type=print": f"{PLAIN}?type=print",
    "?mode=amp": f"{PLAIN}?mode=amp",
    "?format=amp": f"{PLAIN}?format=amp",
    "?tmpl=component&print=1": f"{PLAIN}?tmpl=component&print=1",
    "?noamp=mobile": f"{PLAIN}?noamp=mobile",
    "?is_mobile=1": f"{PLAIN}?is_mobile=1",
    "?share=facebook": f"{PLAIN}?share=facebook",
    "braid": f"{PLAIN}?gbraid=0AAA&wbraid=Cj8",
    "session": f"{PLAIN};jsessionid=0A1B?PHPSESSID=77",
    "twice the same": f"{PLAIN}?utm_source=a&utm_source=a",
    "all at once": PLAIN.replace("https://", "http://www.") + "/amp/?utm_source=x&print=1#top",
}
TRACKING = ["utm_source=zalo", "utm_campaign=x%20y", "zarsrc=30", "gidzl=a_b", "fbclid=Iw1", "gclid=E", "ref=home",
            "source=zalo", "mc_cid=1", "_ga=2.1"]  # fmt: skip
VIEWS = ["amp=1", "print=1", "mobile=1", "device=pc", "outputType=amp"]
HOSTS = ["https://", "http://", "https://www.", "http://m.", "https://amp.", "https://mobile.", "HTTPS://WWW."]

ids = st.integers(min_value=1, max_value=10**9)
slugs = st.lists(st.text(st.sampled_from("abcdeghiklmnoprstuvxy"), min_size=1, max_size=6), min_size=2, max_size=8)
rough = st.text(st.sampled_from("htps:/.wbaovn-?&=;%#@()[]<>\"' áĐ\u00a0\n12aF"), max_size=40)
addresses = rough | rough.map(lambda rest: "https://bao.vn/" + rest)


def key(address: str) -> str:
    return urls.key(urls.clean(address))


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_every_spelling_of_an_address_has_one_key(variant: str) -> None:
    assert key(variant) == key(PLAIN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FOLDER, FOLDER.rstrip("/")),
        (FOLDER, f"{FOLDER}amp/"),
        ("https://bao.vn/tin.aspx?b=2&a=1", "https://bao.vn/tin.aspx?a=1&b=2"),
        ("https://bao.vn/tin.aspx?a=1&b=2", "https://bao.vn/tin.aspx?a=1&amp;b=2"),
        ("https://bao.vn/tin-tức-1.html", "https://bao.vn/tin-t%E1%BB%A9c-1.html"),
        ("https://bao.vn/tin-t%e1%bb%a9c-1.html", "https://bao.vn/tin-t%E1%BB%A9c-1.html"),
        ("https://bao.vn/chợ phiên-1.html", "https://bao.vn/ch%E1%BB%A3%20phi%C3%AAn-1.html"),
        ("https://bao.vn/?q=chợ phiên", "https://bao.vn/?q=ch%E1%BB%A3+phi%C3%AAn"),
        ("https://bao.vn/chợ-1.html", "https://bao.vn/cho\u031b\u0323-1.html"),
        ("https://bao.vn/chợ-1.html", "https://bao.vn/cho%CC%9B%CC%A3-1.html"),
        ("https://báo.vn/a-1.html", "https://xn--bo-mia.vn/a-1.html"),
        ("https://bao.vn/%FF%FEa", "https://bao.vn/%ff%fea"),
        ("https://bao.vn", "https://bao.vn/"),
    ],
)
def test_order_of_parameters_escapes_and_slashes_do_not_part_an_address(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_an_escaped_hyphen_is_a_hyphen() -> None:
    assert key(PLAIN.replace("lop-hoc", "lop%2Dhoc")) == key(PLAIN)


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://www.google.com/amp/s/" + PLAIN.removeprefix("https://"),
        "https://baobanmuong-vn.cdn.ampproject.org/c/s/" + PLAIN.removeprefix("https://"),
        "https://l.facebook.com/l.php?u=" + quote(PLAIN, safe="") + "&h=AT0",
        "https://www.google.com.vn/url?sa=t&url=" + quote(PLAIN, safe="") + "&usg=AOv",
        "https://www.bing-amp.com/c/s/" + PLAIN.removeprefix("https://"),
        "https://baobanmuong-vn.translate.goog/xa-hoi/lop-hoc-moi-o-ban-nam-hong-a1234.html?_x_tr_sl=vi&_x_tr_tl=en",
        "https://l.instagram.com/?u=" + quote(PLAIN, safe=""),
        "https://link.zalo.me/?url=" + quote(PLAIN, safe=""),
        "https://eur03.safelinks.protection.outlook.com/?url=" + quote(PLAIN, safe="") + "&data=05",
        "https://l.facebook.com/l.php?u="
        + quote("https://www.google.com/amp/s/" + PLAIN.removeprefix("https://"), safe=""),
    ],
    ids=[
        "google.com/amp",
        "cdn.ampproject.org",
        "facebook l.php",
        "google /url",
        "bing",
        "translate.goog",
        "instagram",
        "zalo",
        "outlook",
        "one in another",
    ],
)
def test_an_address_wrapped_by_google_or_facebook_is_the_address(wrapped: str) -> None:
    assert key(wrapped) == key(PLAIN)


@SEARCH
@given(
    slugs, ids, st.sampled_from(HOSTS), st.lists(st.sampled_from(TRACKING), max_size=3), st.sampled_from(["", *VIEWS]),
    st.sampled_from(["", "/", "/amp", "/print", "/in-bai"]), st.sampled_from(["", "#top", "#.Yx1"]),
)  # fmt: skip
@example(["tin"], 1, "https://", ["utm_source=zalo"], "amp=1", "", "")
def test_mirror_view_and_tracking_never_change_the_key(
    slug: list[str], number: int, host: str, tracking: list[str], view: str, ending: str, fragment: str
) -> None:
    rest = f"bao.vn/{'-'.join(slug)}-{number}.html"
    query = "&".join([*tracking, *filter(None, [view])])
    variant = f"{host}{rest}{ending}{'?' if query else ''}{query}{fragment}"
    assert key(variant) == key(f"https://{rest}")


@SEARCH
@given(
    ids, ids, st.sampled_from(HOSTS),
    st.sampled_from(["/tin-{}.html", "/tin/{}", "/tin-post{}.vnp", "/a.aspx?ItemID={}", "/a?eid={}", "/a?sid={}",
                     "/a?articleId={}", "/a?id={}&utm_source=x", "/a?ref={}", "/index.php?view=article&id={}",
                     "/in.aspx?print=9{}", "/a?type={}", "/a?mode={}", "/a?share={}", "/a?ver={}", "/xem/{}/print",
                     "/a?cid={}", "/a?newsid={}", "/a?MaBB={}", "/a?p={}", "/a?s={}", "/a?page={}"]),
)  # fmt: skip
def test_different_ids_never_share_a_key(one: int, other: int, host: str, shape: str) -> None:
    left, right = key("https://bao.vn" + shape.format(one)), key(f"{host}bao.vn{shape.format(other)}")
    assert (left == right) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://bao.vn/a-1.html", "https://bao.com.vn/a-1.html"),
        ("https://bao.vn/a-1.html", "https://tin.bao.vn/a-1.html"),
        ("https://bao.vn/a-1.html", "https://bao.vn/b-1.html"),
        ("https://bao.vn/a-1.html", "https://bao.vn/a-1.htm"),
        ("https://bao.vn:8080/a", "https://bao.vn/a"),
        ("https://m.vn/a", "https://vn/a"),
        ("https://bao.vn/camp", "https://bao.vn/c"),
        ("https://bao.vn/tin-blueprint", "https://bao.vn/tin-blue"),
        ("https://bao.vn/Pages/tin.aspx?ItemID=7&Cat=2", "https://bao.vn/Pages/tin.aspx?ItemID=7&Cat=3"),
    ],
)
def test_different_addresses_stay_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


@SEARCH
@given(addresses)
@example("https://bao.vn/a&amp;lt;b")
def test_cleaning_twice_changes_nothing(address: str) -> None:
    assert urls.clean(urls.clean(address)) == urls.clean(address)


@SEARCH
@given(addresses)
def test_a_clean_address_is_plain_ascii_on_the_web_without_fragment(address: str) -> None:
    cleaned = urls.clean(address)
    assert not cleaned or (cleaned.startswith(("http://", "https://")) and "#" not in cleaned)
    assert not set(cleaned.partition("://")[2].partition("/")[2]) & set(" \n\"<>'áĐ") - {"'"}


@pytest.mark.parametrize(
    "query", ["ItemID=5&section=2", "id=5&region=3", "id=5&copy=1", "id=5&param=7", "id=5&notify=1", "id=5&times=2"]
)
def test_a_parameter_that_begins_like_an_html_entity_stays_as_it_is(query: str) -> None:
    assert urls.clean(f"https://bao.vn/tin.aspx?{query}") == f"https://bao.vn/tin.aspx?{query}"


@pytest.mark.parametrize(
    "address",
    [
        "", " ", "#", "mailto:toasoan@bao.vn", "javascript:void(0)", "tel:+84123", "ftp://bao.vn/a", "data:text/html,x",
        "https://", "https:///a", "https://bao.vn:port/a", "https://bao.vn:99999/a", "https://nguoi:khau@bao.vn/a",
        "https://[::1/a", "/tin-1.html", "tin-1.html", "https://bao vn/a",
    ],
)  # fmt: skip
def test_what_is_no_web_address_cleans_to_nothing(address: str) -> None:
    assert urls.clean(address) == ""


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/tin-1.html", "https://bao.vn/tin-1.html"),
        ("tin-1.html", "https://bao.vn/xa-hoi/tin-1.html"),
        ("../tin-1.html", "https://bao.vn/tin-1.html"),
        ("//m.bao.vn/tin-1.html", "https://m.bao.vn/tin-1.html"),
        ("?trang=2", "https://bao.vn/xa-hoi/?trang=2"),
        ("http://khac.vn/a", "http://khac.vn/a"),
        ("javascript:void(0)", ""),
        ("mailto:a@bao.vn", ""),
    ],
)
def test_a_relative_address_is_read_from_its_page(href: str, address: str) -> None:
    assert urls.clean(href, "https://bao.vn/xa-hoi/") == address


def test_a_clean_address_loses_tracking_and_fragment_and_keeps_its_view_and_ids() -> None:
    address = "HTTP://WWW.Bao.VN:80/Tin//a.aspx?ItemID=9&utm_source=z&print=1&ref=2#x"
    assert urls.clean(address) == "http://www.bao.vn/Tin/a.aspx?ItemID=9&print=1&ref=2"


def test_politeness_is_counted_by_host_and_port_and_a_site_by_its_own_name() -> None:
    assert urls.host("https://m.bao.vn:8080/a") == "m.bao.vn:8080"
    assert urls.site("https://m.bao.vn/a") == urls.site("https://www.bao.vn/b") == "bao.vn"
    assert urls.site("https://tin.bao.vn/a") == "tin.bao.vn"


@pytest.mark.parametrize(
    "path",
    ["/lop-hoc-moi-o-ban-nam-hong-postid12345.bbg", "/xa-hoi/hoc-bac-moi-ngay-20261119083012345.htm",
     "/Tin.aspx?ItemID=877", "/dieu-khoan-moi-cua-luat-dat-dai-co-hieu-luc-post1234.html",
     "/2026/11/19/hoc-bac-moi-ngay/", "/chinh-tri/202611/hoc-bac-moi-ngay-1a2b3c4/",
     "/hoc-bac-moi-ngay-a987.html"],
)  # fmt: skip
def test_an_article_has_a_long_slug_an_id_or_a_dated_folder(path: str) -> None:
    assert urls.is_article(f"https://bao.example{path}")
    assert not urls.is_other(f"https://bao.example{path}")


@pytest.mark.parametrize(
    "path",
    ["/", "/tu-khoa/lop-hoc-moi-o-ban-nam-hong-12345", "/hoc-tap-va-lam-theo-loi-bac-trang-12.html", "/xa-hoi-p2",
     "/xa-hoi/page-3/", "/dieu-khoan-su-dung-va-chinh-sach-thanh-toan-123.html",
     "/static/ve-chung-toi-va-toa-soan-bao-1234.html",
     "/itemlist/category/12-hoc-tap-lam-theo-bac", "/laws/detail/quyet-dinh-so-17-ve-quy-che-lam-viec-1234/",
     "/anh/lop-hoc-moi-o-ban-nam-hong-12345.webp", "/quang-cao/bang-gia-quang-cao-bao-in-nam-2026.html"],
)  # fmt: skip
def test_further_pages_of_lists_rules_documents_and_files_are_no_articles(path: str) -> None:
    assert urls.is_other(f"https://bao.example{path}")
    assert not urls.is_article(f"https://bao.example{path}")
