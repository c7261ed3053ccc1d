"""What a report says of comments: nothing of fewer than five people, no names among the words."""

from __future__ import annotations

from survey.comments import report
from survey.comments.report import OTHERS


def people(*numbers: int) -> set[object]:
    return set(numbers)


def test_themes_of_fewer_than_five_people_stand_together_or_not_at_all() -> None:
    large, small, other = people(*range(8)), people(1, 2, 3), people(10, 11)
    assert report.themes({"Lâu": large, "Phí": small}) == (("Lâu", 8),)
    assert report.themes({"Lâu": large, "Phí": small, "Ghế": other}) == (("Lâu", 8), (OTHERS, 5))
    assert report.themes({"Lâu": people(*range(4))}) == ()
    assert report.themes({}) == ()


def test_people_are_counted_once_however_often_they_say_it() -> None:
    assert report.themes({"Lâu": [1, 1, 2, 3, 4, 5, 5]}) == (("Lâu", 5),)


def test_words_are_those_of_five_people_or_more() -> None:
    said = [(n, "Hồ sơ chậm, hồ sơ chậm") for n in range(5)] + [(n, "Thái độ tốt") for n in range(5, 9)]
    found = dict(report.words(said))
    assert found["hồ sơ"] == 5 and found["chậm"] == 5
    assert "thái độ" not in found and "hồ" not in found


def test_a_syllable_of_its_own_stands_beside_its_pairs() -> None:
    said = (
        [(n, "hồ sơ") for n in range(5)] + [(n, "hồ nước") for n in range(5, 10)] + [(n, "hồ") for n in range(10, 20)]
    )
    found = dict(report.words(said))
    assert (found["hồ"], found["hồ sơ"], found["hồ nước"]) == (20, 5, 5)


def test_words_are_told_apart_by_their_marks_and_stop_words_say_nothing() -> None:
    said = [(n, "Phí cao và phi lý của tôi") for n in range(6)]
    found = dict(report.words(said))
    assert "phí cao" in found and "phi lý" in found
    assert not {"và", "của", "tôi"} & set(found)


def test_a_name_that_many_people_praise_is_no_word_of_the_report() -> None:
    said = [(n, f"Khen chị Hạnh, gọi 091234567{n % 10}") for n in range(12)]
    assert "hạnh" not in " ".join(word for word, _ in report.words(said))
    assert dict(report.words(said))["khen"] == 12


def test_a_list_of_words_has_an_end() -> None:
    said = [(n, ", ".join(f"từ{a}{b}" for a in "abcdefghij" for b in "klmnopqrst")) for n in range(6)]
    assert len(report.words(said)) == report.WORDS
