"""sources.yaml: every mistake at once, with its line and what to write instead; never a traceback."""

from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor.config import load, load_settings
from monitor.errors import ConfigError

GOOD = "sources:\n  - name: Báo Mẫu\n    url: https://bao.example/rss\n"


def mistakes(folder: Path, text: str | bytes) -> list[str]:
    path = folder / "sources.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value.mistakes


def test_the_shortest_file_has_sound_defaults(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(GOOD)
    config = load(tmp_path / "sources.yaml")
    assert config.digest.at == time(18)
    assert config.digest.timezone.key == "Asia/Ho_Chi_Minh"
    assert config.fetch.pause == timedelta(seconds=5)
    assert config.source_list()[0].province is None


def test_an_operators_writing_is_understood(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(
        "campaign: {phrases: [chuyển đổi số], replace: true}\n"
        "digest: {at: 7:30, timezone: Asia/Bangkok, max_age: 36h}\n"
        "sources:\n  - {name: Báo Mẫu, url: 'HTTPS://WWW.Bao.example/tin?utm_source=x', province: Đăk Nông,\n"
        "     every: 2h, select: {body: '#abody p, .noi-dung'}}\n"
    )
    config = load(tmp_path / "sources.yaml")
    source = config.source_list()[0]
    assert (source.province, source.every) == ("Lâm Đồng", timedelta(hours=2))
    assert source.url == "https://www.bao.example/tin"
    assert source.select.body == "#abody p, .noi-dung"
    assert config.digest.at == time(7, 30)
    assert [phrase.name for phrase in config.words().phrases] == ["chuyển đổi số"]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "sources.yaml: the file is empty"),
        ("# only a remark\n", "sources.yaml: the file is empty"),
        ("- a\n- b\n", "sources.yaml:1: not a mapping"),
        ("sources: [\n", "sources.yaml:2: not YAML"),
        ("sources:\n\t- a\n", "sources.yaml:2: not YAML: found character '\\t' that cannot start any token; a Tab"),
        ('sources:\n  - name: "A\n    url: x\n', "sources.yaml:2: not YAML: found unexpected end of stream; the quote"),
        ("sources:\n  - name: A: B\n", "sources.yaml:2: not YAML: mapping values are not allowed here"),
        ("sources:\n  - name: @A\n", "sources.yaml:2: not YAML: found character '@' that cannot start any"),
        (GOOD + "    select:\n      body: #abody\n", "sources.yaml:5: sources[1].select.body: nothing is written here"),
        (GOOD + "    province:\n", "sources.yaml:4: sources[1].province: nothing is written here"),
        (GOOD + "    select: {body: “#abody”}\n", "sources.yaml:4: sources[1].select.body: not a CSS selector: '“#a"),
        (GOOD + "campaign: {threshold: cao}\n", "sources.yaml:4: campaign.threshold: here belongs a number"),
        (GOOD + "digest:\n  - at: x\n", "sources.yaml:4: digest: here belong keys with values, without '- '"),
        ("sources:\n  - https://bao.example\n", "sources.yaml:2: sources[1]: here belong keys with values, not"),
        (GOOD.replace("bao.example", "báo mẫu"), "sources.yaml:3: sources[1].url: not a web address: 'https://báo"),
        (GOOD + "sources: []\n", 'sources.yaml:4: found duplicate key "sources"'),
        ("a: &x 1\nb: *x\n", "sources.yaml:2: aliases (*name) are not supported; a value"),
        ("digest: {}\n", "sources.yaml:1: sources: this key is missing"),
        ("sources: []\n", "sources.yaml:1: sources: the list is empty; it needs"),
        ("sources: none\n", "sources.yaml:1: sources: here belongs a list"),
        (GOOD + "fetch: fast\n", "sources.yaml:4: fetch: here belong keys with values"),
        (GOOD + "fetch:\n  pauze: 5s\n", "sources.yaml:5: fetch.pauze: unknown key; did you mean 'pause'?"),
        (GOOD + "fetch:\n  xyz: 5s\n", "sources.yaml:5: fetch.xyz: unknown key; known here: pause, timeout"),
        (GOOD + "fetch: {pause: 5}\n", 'sources.yaml:4: fetch.pause: a length of time is written "5s"'),
        (GOOD + "digest: {at: '25:00'}\n", 'sources.yaml:4: digest.at: a time of day is written "18:00"'),
        (GOOD + "digest: {timezone: Saigon}\n", "sources.yaml:4: digest.timezone: unknown time zone 'Saigon'"),
        (GOOD + "    province: Lai Chua\n", "sources.yaml:4: sources[1].province: unknown province 'Lai Chua'; did"),
        (GOOD + "    select: {body: '##'}\n", "sources.yaml:4: sources[1].select.body: not a CSS selector"),
        (GOOD + "    every: 5s\n", "sources.yaml:4: sources[1].every: write a length of time from 1m to 7d"),
        (GOOD.replace("    url", "\u00a0   url"), "sources.yaml:3: \u00a0   url: a space of another kind"),
        (GOOD.replace("url: ", "url： "), "sources.yaml:3: not YAML: this ':' is a wide one"),
        (GOOD.replace("- name", "-name"), "sources.yaml:2: not YAML: a space is missing after '-'"),
        (GOOD + "    province:Lai Châu\n    note: x\n", "sources.yaml:4: not YAML: a space is missing after ':'"),
        (f"<<<<<<< HEAD\n{GOOD}=======\n", "sources.yaml:1: not YAML: a mark that a merge left"),
        (f"{GOOD}---\n{GOOD}", "sources.yaml:4: not YAML: but found another document; a file holds one list"),
        (GOOD.replace("https:", "ftp:"), "sources.yaml:3: sources[1].url: not a web address: 'ftp://bao"),
        (GOOD.replace("Báo Mẫu", "yes"), ""),
        (GOOD.replace("Báo Mẫu", "2026"), 'sources.yaml:2: sources[1].name: write it in quotes: "2026"'),
        (GOOD + GOOD.removeprefix("sources:\n"), "sources.yaml:4: sources[2].name: stands already on line 2"),
        (GOOD.encode("utf-16"), "sources.yaml:1: not UTF-8 text"),
        (GOOD.replace("ẫ", "\x00"), "sources.yaml:2: not YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_the_remedy(tmp_path: Path, text: str | bytes, mistake: str) -> None:
    if not mistake:  # YAML 1.2 has no yes: it is a name like any other
        (tmp_path / "sources.yaml").write_text(str(text))
        assert load(tmp_path / "sources.yaml").sources[0].name == "yes"
        return
    found = mistakes(tmp_path, text)
    assert any(one.startswith(mistake) for one in found), found


def test_all_mistakes_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "campain: {}\ndigest: {at: noon}\nsources:\n  - name: A\n  - url: https://a.example\n    nam: B\n"
    found = mistakes(tmp_path, text)
    assert [int(one.split(":")[1]) for one in found] == [1, 2, 4, 5, 6]


def test_a_file_that_is_absent_a_folder_or_huge_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; `monitor sources add"):
        load(tmp_path / "absent.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)
    assert "larger than" in mistakes(tmp_path, "# x\n" * 600_000)[0]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["sources", "name", "url", "digest", "at", "select", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=VALUES | st.fixed_dictionaries({"sources": VALUES}))
def test_any_yaml_is_a_configuration_or_a_list_of_mistakes(tmp_path: Path, data: object) -> None:
    with (tmp_path / "sources.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(data, file)
    found: list[str] = []
    try:
        load(tmp_path / "sources.yaml")
    except ConfigError as fault:
        found = fault.mistakes or ["nothing is said"]
    assert all(one.startswith("sources.yaml") and "\n" not in one for one in found)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(content=st.binary(max_size=200) | st.text(alphabet="ab:-[]{}#&*!|>'\"%@` \n\t", max_size=60).map(str.encode))
def test_any_bytes_are_a_configuration_or_a_list_of_mistakes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sources.yaml").write_bytes(content)
    with pytest.raises(ConfigError):
        load(tmp_path / "sources.yaml")


def test_settings_come_from_the_environment_before_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_CHANNEL", "MONITOR_DIGESTS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("TELEGRAM_CHANNEL=@a\nMONITOR_DIGESTS=kho\nTELEGRAM_BOT_TOKEN=1:secret\n")
    monkeypatch.setenv("TELEGRAM_CHANNEL", "@kenh_b")
    found = load_settings(tmp_path)
    assert found.telegram_channel == "@kenh_b"
    assert found.monitor_digests == Path("kho")
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MONITOR_ALLOW_PRIVATE_ADDRESSES", "perhaps", "here belongs true or false"),
        ("TELEGRAM_BOT_TOKEN", "abc", "not a bot's token"),
        ("TELEGRAM_CHANNEL", "my channel", "not a channel: 'my channel'; write @name, or its number"),
        ("TELEGRAM_PROXY", "http://máy-chủ:cổng", "not an address: 'http://máy-chủ:cổng'; write it as socks5://"),
        ("TELEGRAM_PROXY", "10.0.0.5:3128", "not an address"),
        ("TELEGRAM_API_URL", "localhost:8081", "write it as https://api.telegram.org/bot"),
    ],
)
def test_a_wrong_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert caught.value.mistakes[0].startswith(f"environment: {name}: ")
    assert said in caught.value.mistakes[0]
