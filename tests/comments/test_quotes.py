"""A quote is the comment, shortened: nothing added, nothing turned round, no personal data that nobody confirmed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.comments import personal
from survey.comments.quotes import shortened
from survey.errors import PhieuError
from survey.texts import texts
from tests.comments.given import written

COMMENT = "Cảm ơn chị Lan. Tôi chờ 3 tiếng, gọi 0912345678 không ai nghe, sau đó anh Nam giúp."
MASKED = personal.masked(COMMENT, texts("vi"))


def refusal(typed: str, comment: str = COMMENT, allowed: tuple[str, ...] = ()) -> str:
    with pytest.raises(PhieuError) as error:
        shortened(comment, typed, allowed)
    return error.value.code


@pytest.mark.parametrize(
    "typed",
    [
        MASKED,
        personal.masked(COMMENT, texts("en")),
        "[...] Tôi chờ 3 tiếng […]",
        "Cảm ơn […] giúp.",
        "Cảm ơn chị […]. Tôi chờ […]",
        "[…] chờ […] không ai nghe […]",
        "[…] gọi [số điện thoại] không ai nghe […]",
    ],
)
def test_a_comment_may_be_shortened(typed: str) -> None:
    assert shortened(COMMENT, typed) == typed.replace("[...]", "[…]")


@pytest.mark.parametrize(
    "typed",
    [
        "Cảm ơn chị […]",
        "Cảm ơn chị [tên người]. Tôi chờ 4 tiếng […]",
        "[…] không ai nghe […] Tôi chờ […]",
        "Tôi chờ 3 tiếng […]",
        "[…] Tôi chờ 3 tiếng",
        "[…] giúp. Cảm ơn […]",
        "[…] rất tệ […]",
    ],
)
def test_a_quote_says_nothing_that_the_comment_does_not(typed: str) -> None:
    if typed == "Cảm ơn chị […]":
        assert shortened(COMMENT, typed) == typed
    else:
        assert refusal(typed) == "quote_changed"


@pytest.mark.parametrize(
    "typed",
    [
        COMMENT,
        "[…] gọi 0912345678 không […]",
        "[…] gọi 0912[…] không ai nghe […]",
        "[…]345678 không ai nghe […]",
        "Cảm ơn chị La[…]",
        "Cảm ơn chị L[…] Tôi chờ […]",
        "[…] sau đó anh Nam giúp.",
    ],
)
def test_personal_data_and_parts_of_it_are_refused(typed: str) -> None:
    assert refusal(typed) == "quote_personal"


def test_what_a_person_confirmed_may_stand_and_nothing_else() -> None:
    typed = "Cảm ơn chị Lan. […] anh […] giúp."
    assert refusal(typed) == "quote_personal"
    assert shortened(COMMENT, typed, {"Lan"}) == typed
    assert refusal("Cảm ơn chị Lan. […] anh Nam giúp.", allowed=("Lan",)) == "quote_personal"


@pytest.mark.parametrize("typed", ["", "   ", "[…]", "[…] . […]", "[số điện thoại]"])
def test_a_quote_of_nothing_is_refused(typed: str) -> None:
    assert refusal(typed) == "quote_empty"


def test_brackets_that_people_wrote_are_theirs() -> None:
    assert shortened("Quầy [số 3] rất chậm", "Quầy [số 3] rất chậm") == "Quầy [số 3] rất chậm"
    assert shortened("Rất chậm [...] thật", "Rất chậm […] thật") == "Rất chậm […] thật"


def test_lines_and_spaces_do_not_matter() -> None:
    assert shortened("Một.\n\nHai   ba.", " Một. […]\nba. ") == "Một. […] ba."


@given(st.sampled_from(written()), st.data())
def test_no_way_of_shortening_publishes_what_is_found(one: tuple[str, object], data: st.DataObject) -> None:
    said = " ".join(one[0].split())
    start, end = sorted((data.draw(st.integers(0, len(said))), data.draw(st.integers(0, len(said)))))
    typed = ("[…]" if start else "") + said[start:end] + ("[…]" if end < len(said) else "")
    try:
        made = shortened(said, typed)
    except PhieuError:
        return
    public = "\0".join("" if part.kind else part.text for part in personal.parts(said))
    assert said[start:end].strip() in public
    assert personal.find(made) == ()
