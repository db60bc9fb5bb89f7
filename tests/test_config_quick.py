"""Reading sources.yaml quickly: what the quick reader says is what the careful one says, or it says nothing."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor import config
from monitor.config import quick
from monitor.errors import ConfigError

OURS = Path(__file__).parents[1] / "sources.yaml"
USUAL = """\
# nguồn tin
campaign:
  phrases: [xây dựng Đảng, "học Bác: làm theo"]
  documents: [05-CT/TW]
  threshold: 2.5
digest: {at: "18:00", max_age: 3d, weekly: false, archive_url: https://bao.example/luu-tru}
fetch:
  pause: 0s
  largest: 4000000   # bytes
store: {keep: 7, forget: {rejected: 90d}}
sources:
  - name: Báo Lai Châu
    url: https://baolaichau.vn/rss/home.rss?a=1&b=2#top
    every: 20m
    province: Lai Châu
    select:
      body: .detail-body
      title: 'h1.title'
  - {name: 'Báo "Mới"', url: "https://bao.example/tin?x=%20", every: 1h, tls_verify: true}
"""
SCALARS = st.sampled_from(
    "a 1 01 0 -1 +1 1_000 0x1f 0o7 1e5 1.5 .5 .inf .nan .NaN true True TRUE yes no on off null Null ~ = << * *a &a !x"
    " !!str 18:00 1:30 1:2:3 2026-11-21 05-CT/TW 3d 0s 00s 90m '' ' \" 'a' \"a\" 'it''s' \"\\u00e1\" \"\\x41\" | > |-"
    " a:b a# #a a?b ?a -a [a] {a} [] {} [a, {a} ,a a,b http://x/?q=1#f báo ½ ² １ .a ..a %a @a `a".split(" ")
)
SCALARS |= st.text(max_size=8)


def lines(texts: list[tuple[str, str]]) -> str:
    """Return a mapping of keys to values and to lists, in the order and with the ends they are given."""
    return "\n".join(
        f"k{n}: {value}"
        if shape == "value"
        else f"k{n}:\n  - {value}\n  - {{b: {value}}}"
        if shape == "list"
        else value
        for n, (shape, value) in enumerate(texts)
    )


FILES = st.lists(st.tuples(st.sampled_from(["value", "list", "line"]), SCALARS), min_size=1, max_size=3).map(lines)


def plain(value: object) -> object:
    """Return what the careful reader gives, without its marks, and with each type beside its value."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    kind = next((kind for kind in (bool, int, float, str) if isinstance(value, kind)), type(value))
    return kind, value


def careful(text: str) -> object:
    return plain(YAML().load(text))


@given(FILES)
@example("a: |\n  b\n")
@example("a: b\n  c\n\n  d\n")
@example("a: 1\na: 2\n")
@example("a: b\r\nc: d\r\n")
@example("a: {b: 1, c}")
@example("a: b # c\n...\n")
def test_what_is_read_quickly_is_what_the_careful_reader_reads(text: str) -> None:
    found = quick.mapping(text)
    if found is not None:
        assert plain(found) == careful(text)


@given(st.data())
def test_a_file_with_one_letter_changed_is_read_as_by_the_careful_reader_or_not_at_all(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(USUAL) - 1))
    letter = data.draw(st.sampled_from("\t\n :-'\"#&*!|>{}[],%@`~=?.0eyNáx\0\x85\ufeff\u2028"))
    length = data.draw(st.integers(0, 2))
    text = USUAL[:at] + letter + USUAL[at + length :]
    found = quick.mapping(text)
    if found is not None:
        assert plain(found) == careful(text)


def test_usual_files_are_read_quickly() -> None:
    for text in (USUAL, OURS.read_text(encoding="utf-8")):
        found = quick.mapping(text)
        assert found is not None
        assert plain(found) == careful(text)


@pytest.mark.parametrize(
    "text",
    ["", "- a", "a: *b", "a: &b c", "a: !!int 1", "<<: {a: 1}", "a:", "a: ~", "a: 2026-11-21", "a: 1\na: 2", "a: 010",
     "[" * 100_000, "--- a: b", "%YAML 1.1\n---\na: on", "a: yes", "on: a", "a: b\n---\nc: d", "a: |\n b", "a: \x00"],
)  # fmt: skip
def test_what_two_readers_may_take_differently_is_left_to_the_careful_one(text: str) -> None:
    assert quick.mapping(text) is None


def test_a_mistake_is_told_with_its_line_by_the_careful_reader(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(USUAL.replace("province: Lai Châu", "provinc: Lai Châu"), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        config.load(path)
    assert refused.value.mistakes[0].startswith("sources.yaml:15: sources[1].provinc: unknown key; did you mean")
