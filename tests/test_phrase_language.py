import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.campaign.language import Choice, Sequence, anchors, parse, pattern, plain, squeezed
from monitor.vietnamese import comparable
from tests.judge import SEARCH


def finds(written: str, text: str) -> bool:
    return bool(re.search(pattern(parse(written)), comparable(text)))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("học [tập] (và|,) làm theo", "Học tập và làm theo"),
        ("học [tập] (và|,) làm theo", "HỌC, LÀM THEO"),
        ("học [tập] (và|,) làm theo", "“học tập” và “làm theo”"),
        ("học [tập] (và|,) làm theo", "học tập - làm theo"),
        ("[tấm] gương [sáng]", "gương"),
        ("[tấm] gương [sáng]", "nêu tấm gương sáng."),
        ("hội thi … về Bác", "hội thi kể chuyện, ngâm thơ về Bác"),
        ("tư tưởng, đạo đức", "tư tưởng,đạo đức"),
        ("hòa thuận", "hoà thuận"),
    ],
)
def test_what_is_written_is_found(written: str, text: str) -> None:
    assert finds(written, text)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("học [tập] (và|,) làm theo", "học tập hoặc làm theo"),
        ("gương", "gươngg"),
        ("hội thi … về Bác", "hội thi. Về Bác"),
        ("hội thi … về Bác", "hội thi " + "rất " * 30 + "về Bác"),
    ],
)
def test_what_is_not_written_is_not_found(written: str, text: str) -> None:
    assert not finds(written, text)


def test_a_list_is_written_once_and_used_by_name() -> None:
    lists = {"bác": parse("Bác Hồ|Bác")}
    assert re.search(pattern(parse("lời <Bác>", lists)), "nghe lời bác hồ")


@pytest.mark.parametrize("written", ["(a|b", "a)", "[a", "a]", "(a]", "(a … b)"])
def test_what_is_not_the_language_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(written)


WORDS = st.sampled_from("học làm theo gương bác đạo đức".split())
SEQUENCES = st.recursive(
    st.lists(WORDS, min_size=1, max_size=3).map(tuple),
    lambda inner: st.lists(
        WORDS | st.tuples(st.lists(inner, min_size=1, max_size=3), st.booleans()).map(
            lambda drawn: Choice((*drawn[0], ()) if drawn[1] else tuple(drawn[0]))
        ) | st.just(","),
        min_size=1,
        max_size=4,
    ).map(tuple),
    max_leaves=12,
)  # fmt: skip


def one_string(items: Sequence, dice: Random) -> list[str]:
    """Return one of the strings a sequence stands for."""
    words: list[str] = []
    for item in items:
        words += one_string(dice.choice(item.among), dice) if isinstance(item, Choice) else [item]
    return [word for word in words if word != ","]


@SEARCH
@given(SEQUENCES, SEQUENCES, st.randoms(use_true_random=False))
def test_every_string_of_a_phrase_is_found_and_holds_an_anchor(left: Sequence, right: Sequence, dice: Random) -> None:
    items = ("mở", *left, "…", *right, "kết")
    text = " ".join(["mở", *one_string(left, dice), "vài chữ", *one_string(right, dice), "kết"])
    assert re.search(pattern(items), comparable(text))
    assert any(squeezed(anchor) in squeezed(comparable(text)) for anchor in anchors(items))


def test_an_operator_s_words_mean_themselves() -> None:
    assert re.search(pattern(plain("rừng (đầu|cuối) …")), "rừng (đầu|cuối) …")
    assert not re.search(pattern(plain("rừng (đầu|cuối)")), "rừng đầu")
