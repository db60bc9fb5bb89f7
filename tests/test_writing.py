"""A source written into sources.yaml: the rest of the file stays, letter by letter."""

from pathlib import Path

import pytest

from monitor.config import load
from monitor.config.writing import add_source, with_entry
from monitor.errors import ConfigError

ENTRY = {"name": "Báo Mới: bản #2", "province": "Lai Châu", "url": "https://moi.example/rss", "note": "a # b: 'c'"}
HEAD = '# của tôi\ncampaign: {phrases: ["chuyển đổi số"]}   # thêm\n'
ONE = "sources:\n  - name: Báo Mẫu\n    url: https://bao.example/rss"
FILES = {
    "indented": HEAD + "sources:\n  # báo\n  - name: 'Báo Mẫu'   # mẫu\n    url: https://bao.example/rss\n",
    "flush left": "sources:\n- name: Báo Mẫu\n  url: https://bao.example/rss\n  select: {title: h1, body: '#abody'}\n",
    "deep": "sources:\n      -   name: Báo Mẫu\n          url: https://bao.example/rss\n",
    "keys behind": f"{ONE}\n\n# sau\ndigest:\n  at: '7:30' # sớm\n",
    "comment behind": f"{ONE}\n    # every: 1h\n# hết\n",
    "note of lines": f"{ONE}\n    note: |\n      một\n      hai\n\n",
    "folded note": f"{ONE}\n    note: một\n      hai ba\n",
    "no last newline": ONE,
    "selectors last": f"{ONE}\n    select:\n      body: '#abody'\n",
}


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "sources.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("case", FILES)
def test_an_entry_comes_behind_the_last_one_and_nothing_else_changes(tmp_path: Path, case: str) -> None:
    path = write(tmp_path, FILES[case])
    config = add_source(path, ENTRY)
    after = path.read_text(encoding="utf-8")
    assert [entry.name for entry in config.sources] == ["Báo Mẫu", "Báo Mới: bản #2"]
    assert config.sources[1].note == "a # b: 'c'"
    assert load(path) == config
    old, new = FILES[case].splitlines(), after.splitlines()
    added = [
        line for line in new if "moi.example" in line or "Báo Mới" in line or "province:" in line or "a # b" in line
    ]
    assert [line for line in new if line not in added] == old
    assert len(added) == len(ENTRY)
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yaml"]


def test_entries_parted_by_blank_lines_stay_so() -> None:
    two = "sources:\n  - name: A\n    url: https://a.example/\n\n  # hai\n  - name: B\n    url: https://b.example/\n"
    assert with_entry(two, {"name": "C", "url": "https://c.example/"}) == (
        f"{two}\n  - name: C\n    url: https://c.example/\n"
    )


def test_windows_line_ends_and_a_byte_order_mark_stay(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + FILES["indented"].replace("\n", "\r\n").encode()
    path = write(tmp_path, content)
    path.chmod(0o640)
    add_source(path, ENTRY)
    after = path.read_bytes()
    assert after.startswith(content)
    assert after.count(b"\n") == after.count(b"\r\n") == content.count(b"\n") + len(ENTRY)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_list_that_is_not_there_is_begun(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    with pytest.raises(ConfigError, match=r"unknown province"):
        add_source(path, ENTRY | {"province": "Lai Chau X"})
    assert not list(tmp_path.iterdir())
    add_source(path, ENTRY)
    second = {"name": "Báo Hai", "url": "https://hai.example/"}
    assert [entry.name for entry in add_source(path, second).sources] == ["Báo Mới: bản #2", "Báo Hai"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    real = write(tmp_path, FILES["indented"])
    link = tmp_path / "link.yaml"
    link.symlink_to(real)
    add_source(link, ENTRY)
    assert link.is_symlink()
    assert len(load(real).sources) == 2


def test_a_list_in_brackets_grows_too(tmp_path: Path) -> None:
    path = write(tmp_path, "# của tôi\nsources: [{name: Báo Mẫu, url: 'https://bao.example/rss'}]\n")
    assert len(add_source(path, ENTRY).sources) == 2
    assert path.read_text(encoding="utf-8").startswith("# của tôi\n")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "Báo Mẫu", "url": "https://khac.example/"}, "sources[2].name: stands already on line 5"),
        ({"name": "Khác", "url": "https://bao.example/rss"}, "sources[2].url: stands already on line 6"),
        ({"name": "Khác", "url": "https://khac.example/", "province": "Lai Chau X"}, "unknown province"),
        ({"name": "Khác", "url": "https://khac.example/", "every": "1 giờ"}, "a length of time is written"),
    ],
)
def test_an_entry_that_would_be_wrong_leaves_the_file_as_it_was(
    tmp_path: Path, entry: dict[str, str], said: str
) -> None:
    path = write(tmp_path, FILES["indented"])
    with pytest.raises(ConfigError, match=said.replace("[", r"\[").replace("]", r"\]")) as told:
        add_source(path, entry)
    assert str(told.value).startswith("sources.yaml:")
    assert path.read_text(encoding="utf-8") == FILES["indented"]
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yaml"]
