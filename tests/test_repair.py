import gzip
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.errors import UnreadableError
from monitor.scrape.repair import decode, decompress, plain
from tests.judge import SEARCH

TEXT = "Bà con bản Nậm Hồng gặt lúa nước: được mùa, đủ gạo, ấm bụng. ĐƯỜNG MỚI ĐÃ MỞ!"
VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĐÊÔƠƯ .,"
syllables = st.lists(
    st.builds(
        lambda letter, tone: unicodedata.normalize("NFC", letter + tone) if letter.isalpha() else letter,
        st.sampled_from(VIETNAMESE),
        st.sampled_from(["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]),
    ),
    max_size=40,
).map("".join)


def windows_1258(text: str) -> bytes:
    """Write text as windows-1258 does: the letter with its own mark, the tone behind it."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    apart = []
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        apart.append(unicodedata.normalize("NFC", "".join(m for m in marks if m not in tones)))
        apart += [m for m in marks if m in tones]
    return "".join(apart).encode("cp1258")


@SEARCH
@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(["", "text/html; charset=windows-1252", "text/html; charset=utf-16"]),
)
def test_what_is_utf_8_is_read_as_utf_8_whatever_is_declared(text: str, content_type: str) -> None:
    assert decode(text.encode(), content_type) == text.removeprefix("\ufeff")


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-1", "windows-1258", "utf-16", "x-user-defined"])
def test_a_false_charset_in_the_page_does_not_spoil_it(declared: str) -> None:
    html = f'<html><head><meta charset="{declared}"></head><body>{TEXT}</body></html>'
    assert decode(html.encode()) == html


@SEARCH
@given(syllables.filter(lambda text: not text.isascii()))
def test_windows_1258_comes_out_composed(text: str) -> None:
    written = windows_1258(text)
    assume("\ufffd" in written.decode(errors="replace"))  # the rare text that is UTF-8 as well stays UTF-8
    assert decode(written, "text/html; charset=windows-1258") == text


@pytest.mark.parametrize(
    "head", ['<meta charset="windows-1258">', "<meta http-equiv=x content='text/html; charset=windows-1258'>",
             '<?xml version="1.0" encoding="windows-1258"?>', "<meta charset = CP1258 >"],
)  # fmt: skip
def test_a_charset_declared_in_the_page_is_found(head: str) -> None:
    assert decode(windows_1258(f"{head}{TEXT}")) == f"{head}{TEXT}"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_first_bytes(codec: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(codec, b"")
    assert decode(mark + TEXT.encode(codec)).removeprefix("\ufeff") == TEXT


def test_pages_come_out_without_byte_order_mark() -> None:
    assert decode(b"\xef\xbb\xbf" + TEXT.encode()) == TEXT


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ""),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_picture_or_a_document_is_no_page(content: bytes, content_type: str) -> None:
    with pytest.raises(UnreadableError, match="not a web page"):
        decode(content, content_type)


@SEARCH
@given(st.binary(max_size=80), st.sampled_from(["", "charset=windows-1252", "charset=utf-7", "charset=idna"]))
def test_any_bytes_without_nulls_give_text(content: bytes, content_type: str) -> None:
    text = decode(content.replace(b"\x00", b" "), content_type)
    assert text.encode().decode() == text


@pytest.mark.parametrize(
    "charset", ["utf-7", "punycode", "idna", "zlib", "rot13", "unicode_escape", "undefined", "mbcs"]
)
def test_only_charsets_of_the_web_are_believed(charset: str) -> None:
    assert decode(b"<b>n\xe0o +ADw-script+AD4- \\u0041</b>", f"text/html; charset={charset}") == (
        "<b>n\ufffdo +ADw-script+AD4- \\u0041</b>"
    )


def test_one_broken_byte_leaves_the_rest_of_a_page_readable() -> None:
    assert decode(TEXT.encode() + b"\xc3") == TEXT + "\ufffd"


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        ("Chi&#7871;n d&#x1ECB;ch", "Chiến dịch"),
        ("M&ugrave;a v&agrave;ng", "Mùa vàng"),
        ("Ch&amp;#7907; phi&amp;ecirc;n", "Chợ phiên"),
        ("Gạo &amp; muối", "Gạo & muối"),
        ("Gạo & muối", "Gạo & muối"),
        ("A&B; C", "A&B; C"),
        ("hỏi?a=1&b=2", "hỏi?a=1&b=2"),
        ("", ""),
    ],
)
def test_letters_escaped_twice_become_letters(escaped: str, text: str) -> None:
    assert plain(escaped) == text


@SEARCH
@given(st.text(st.sampled_from("abcĐêố .,!?-05"), max_size=40))
def test_text_without_escapes_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@SEARCH
@given(st.binary(max_size=200))
def test_a_gzip_file_gives_its_content_and_other_bytes_stay(content: bytes) -> None:
    assert decompress(gzip.compress(content)) == content
    assert content.startswith(b"\x1f\x8b") or decompress(content) == content


@pytest.mark.parametrize("cut", [4, 12, -1, -8])
def test_a_gzip_file_cut_short_is_unreadable(cut: int) -> None:
    with pytest.raises(UnreadableError, match=r"cut short|broken"):
        decompress(gzip.compress(TEXT.encode() * 20)[:cut])


def test_a_gzip_file_with_a_broken_middle_is_unreadable() -> None:
    content = bytearray(gzip.compress(TEXT.encode() * 20))
    content[14:30] = b"\xff" * 16
    with pytest.raises(UnreadableError):
        decompress(bytes(content))


def test_a_small_file_that_would_grow_beyond_bounds_is_unreadable() -> None:
    bomb = gzip.compress(b"0" * 21_000_000)
    assert len(bomb) < 50_000
    with pytest.raises(UnreadableError, match="20 MB"):
        decompress(bomb)
