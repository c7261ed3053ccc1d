"""Which submissions get which flag, and that nothing anybody sends upsets the detector or fills its memory."""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.collection import answers
from survey.collection.screening import Flag, Limits, Rhythm, Submission
from survey.collection.screening.comments import plain
from survey.collection.screening.flags import MEANINGS, NAMES, meaning, name, written
from survey.definition.questionnaire import Questionnaire
from survey.texts import texts
from tests.collection.stuffing_people import MONDAY, ZONE, People, Sent, submissions
from tests.collection.stuffing_tuning import QUESTIONNAIRES

LONG = QUESTIONNAIRES["one-stop"]
TAP = QUESTIONNAIRES["one-tap"]
POSTER = Limits("poster")
DESK = Limits("counter")
COUNTER = Limits("counter", (time(7, 30), time(16, 30)))


def _people(questionnaire: Questionnaire = LONG, seed: int = 1) -> People:
    return People(random.Random(seed), questionnaire)


def _flags(
    forms: Sequence[Sent], limits: Limits = POSTER, questionnaire: Questionnaire = LONG, rhythm: Rhythm | None = None
) -> list[set[Flag]]:
    """The flags of each form in the order sent, those that came later included."""
    rhythm = rhythm or Rhythm()
    sent, _ = submissions(questionnaire, forms)
    found: dict[int, set[Flag]] = {}
    for one in sent:
        verdict = rhythm.observe(one, questionnaire, limits)
        found[one.reference] = set(verdict.flags)
        for reference, more in verdict.earlier.items():
            found[reference] |= more
    return list(found.values())


def _at(hour: float, seconds: float = 0, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, seconds=seconds)


def _days(people: People, number: int = 40, days: int = 4) -> list[Sent]:
    """A rhythm: so many answers a day, evenly over the opening hours."""
    return [
        Sent(_at(8 + 8 * place / number, day=day), people.took(), people.person())
        for day in range(days)
        for place in range(number)
    ]


# One submission


def test_who_sends_sooner_than_anybody_reads_is_a_speeder() -> None:
    people = _people()
    assert _flags([Sent(_at(9), 12, people.best())]) == [{Flag.SPEEDER}]
    assert _flags([Sent(_at(9), 45, people.best())]) == [set()]


def test_haste_is_not_judged_without_a_vouched_time_or_for_a_few_taps() -> None:
    assert _flags([Sent(_at(9), None, _people().best())]) == [set()]
    assert _flags([Sent(_at(9), 0, {"T0": ["4"]})], Limits("kiosk"), TAP) == [set()]
    assert _flags([Sent(_at(9), 3, {"Q0": ["5"]})]) == [set()]


@pytest.mark.parametrize("kind", ["paper", "interviewer", "import"])
def test_what_staff_key_in_has_no_time_flags(kind: str) -> None:
    people = _people()
    forms = [Sent(_at(22, 4 * place), 3, people.person()) for place in range(60)]
    assert set().union(*_flags(forms, Limits(kind, COUNTER.hours, 10))) == set()


@pytest.mark.parametrize(
    ("hour", "outside"),
    [(6.9, True), (7.1, False), (12, False), (16.9, False), (17.1, True), (0.0, True), (23.9, True)],
)
def test_opening_hours_have_half_an_hour_of_grace(hour: float, outside: bool) -> None:
    forms = [Sent(_at(hour, 2 * place), 90, _people().person()) for place in range(4)]
    assert all((Flag.OUT_OF_HOURS in flags) is outside for flags in _flags(forms, COUNTER))


def test_who_finishes_at_home_or_is_one_of_a_few_to_answer_there_is_not_out_of_hours() -> None:
    people = _people()
    opened_there = [Sent(_at(19, 600 * place), 4 * 3600 + 99 * place, people.person()) for place in range(8)]
    few = [Sent(_at(19, 600 * place), 90, people.person()) for place in range(3)]
    assert set().union(*_flags(opened_there, COUNTER), *_flags(few, COUNTER)) == set()


def test_opening_hours_may_run_over_midnight_and_bind_only_what_stands_where_people_are_served() -> None:
    night = (time(22), time(6))
    people = _people()
    at_two, at_noon = ([Sent(_at(hour, 99 * one), 90, people.person()) for one in range(4)] for hour in (2, 12))
    assert set().union(*_flags(at_two, Limits("counter", night))) == set()
    assert _flags(at_noon, Limits("counter", night)) == [{Flag.OUT_OF_HOURS}] * 4
    assert set().union(*_flags(at_two, Limits("leaflet", COUNTER.hours))) == set()


def test_four_times_a_busy_day_is_flagged_from_there_on_and_the_next_day_begins_anew() -> None:
    people = _people()
    day = [Sent(_at(7 + place / 30), 90, people.person()) for place in range(200)]
    flagged = [Flag.OVER_BUDGET in one for one in _flags(day, Limits("link", None, 25))]
    assert flagged == [False] * 130 + [True] * 70
    halved = [Flag.OVER_BUDGET in one for one in _flags(day[:80], Limits("link", None, 25, processes=2))]
    assert halved == [False] * 71 + [True] * 9
    assert (
        Flag.OVER_BUDGET not in _flags([*day, Sent(_at(8, day=1), 90, people.person())], Limits("link", None, 25))[-1]
    )


# Whole answers and comments


def test_whole_answers_repeated_beyond_chance_are_flagged_all_of_them() -> None:
    people = _people()
    crowd = [Sent(_at(8, 300 * place), 90, people.person()) for place in range(60)]
    copies = [Sent(_at(8, 300 * place + 150), 90, people.best()) for place in range(20)]
    flags = _flags([*crowd, *copies])
    repeated = [Flag.REPEATED in one for one in flags]
    assert sum(repeated) == 20
    assert repeated[1:40:2] == [True] * 20


def test_copies_that_vary_one_rating_are_copies() -> None:
    people = _people()
    crowd = [Sent(_at(8, 300 * place), 90, people.person()) for place in range(60)]
    copies = [Sent(_at(8, 300 * place + 150), 90, people.varied(people.best())) for place in range(20)]
    assert sum(Flag.REPEATED in one for one in _flags([*crowd, *copies])) >= 19


def test_equal_ratings_of_different_people_prove_nothing() -> None:
    people = _people()
    content = [Sent(_at(10, 3 * place), people.took(), people.others(people.best())) for place in range(150)]
    assert set().union(*_flags(content)) == set()


def test_a_questionnaire_of_few_closed_questions_has_no_repeated_answers() -> None:
    forms = [Sent(_at(9, 60 * place), 3, {"T0": ["4"]}) for place in range(100)]
    assert set().union(*_flags(forms, Limits("event"), TAP)) == set()


def test_straight_lines_are_flagged_when_there_suddenly_are_many_more() -> None:
    people = People(random.Random(3), LONG, lines=0.2)
    crowd = [Sent(_at(8, 120 * place), 90, people.person()) for place in range(150)]
    lines = [Sent(_at(14, 120 * place), 90, people.others(people.best())) for place in range(40)]
    assert sum(Flag.STRAIGHT_LINE in one for one in _flags([*crowd, *lines])[150:]) >= 38
    assert not any(Flag.STRAIGHT_LINE in one for one in _flags(crowd))


def test_ratings_drawn_by_lot_are_flagged_when_there_suddenly_are_many() -> None:
    people = _people()
    crowd = [Sent(_at(8, 120 * place), 90, people.person()) for place in range(100)]
    drawn = [Sent(_at(14, 120 * place), 90, people.random()) for place in range(40)]
    flags = _flags([*crowd, *drawn])
    assert sum(Flag.SCATTERED in one for one in flags[100:]) >= 36
    assert not any(Flag.SCATTERED in one for one in flags[:100])


def test_a_long_comment_found_three_times_is_a_copy_whatever_its_case_marks_and_spaces() -> None:
    people = _people()
    text = "Cán bộ tiếp dân rất tận tình, giải thích rõ ràng 5 sao"
    wordings = [text, text.upper() + "!!!", "can bo  tiep dan rat tan tinh giai thich ro rang 4 sao"]
    forms = [Sent(_at(9, 900 * n), 90, people.best() | {"M2": [one]}) for n, one in enumerate(wordings)]
    assert [Flag.SAME_TEXT in one for one in _flags(forms)] == [True] * 3
    assert [Flag.SAME_TEXT in one for one in _flags(forms[:2])] == [False] * 2
    assert plain("ĐÚNG  Hẹn\n5") == "dung hen"


def test_what_everybody_writes_is_no_copy() -> None:
    people = _people()
    forms = [Sent(_at(9, 200 * n), 90, people.person() | {"M2": ["Không có ý kiến"]}) for n in range(60)]
    assert not any(Flag.SAME_TEXT in one for one in _flags(forms))


# Rhythm


def test_a_flood_beyond_the_own_rhythm_is_a_burst_from_its_first_answer_to_its_last() -> None:
    people = _people()
    flood = [Sent(_at(10, 100 + 5 * place, day=3), people.took(), people.person()) for place in range(60)]
    flags = _flags([*_days(people), *flood], DESK)
    assert sum(Flag.BURST in one for one in flags) in range(60, 66)


def test_half_a_flood_is_a_burst_in_half_the_rhythm() -> None:
    people = _people()
    flood = [Sent(_at(10, 100 + 5 * place, day=3), people.took(), people.person()) for place in range(60)]
    half = [one for place, one in enumerate([*_days(people), *flood]) if place % 2]
    assert sum(Flag.BURST in one for one in _flags(half, DESK)) in range(30, 34)


def test_without_a_rhythm_nothing_is_a_burst() -> None:
    people = _people()
    hall = [Sent(_at(10, 3 * place), people.took(), people.person()) for place in range(200)]
    assert set().union(*_flags(hall)) == set()


def test_pages_fetched_together_are_a_burst_however_slowly_they_are_sent() -> None:
    people = _people()
    fetched = [Sent(_at(9, 120 * place, day=3), 120 * place, people.person()) for place in range(2, 40)]
    flags = _flags([*_days(people), *fetched], DESK)
    assert sum(Flag.BURST in one for one in flags) in range(38, 46)


def test_the_silence_of_a_closed_office_is_no_custom() -> None:
    people = _people()
    forms = [one for one in _days(people, days=15) if (one.at - MONDAY).days % 7 < 5]
    assert not any(Flag.BURST in one for one in _flags(forms))


def test_a_flood_does_not_make_itself_the_custom() -> None:
    people = _people()
    floods = [Sent(_at(10, 100 + 5 * place, day=day), 90, people.person()) for day in (3, 4, 5) for place in range(100)]
    flags = _flags([*_days(people, days=3), *floods], DESK)
    assert all(Flag.BURST in one for one in flags[120:])


def test_forms_opened_one_by_one_on_a_single_phone_are_told() -> None:
    people = _people()
    forms = [Sent(_at(9, 92 * place), 90, people.person()) for place in range(40)]
    assert all(Flag.ONE_BY_ONE in one for one in _flags(forms))
    apart = [Sent(_at(9, 92 * place + people.rng.uniform(0, 60)), 90, people.person()) for place in range(40)]
    assert not any(Flag.ONE_BY_ONE in one for one in _flags(apart))


def test_a_program_that_waits_the_same_time_each_time_is_told() -> None:
    people = _people()
    forms = [Sent(_at(9, 400 * place + people.rng.uniform(0, 300)), 60, people.person()) for place in range(30)]
    assert all(Flag.SAME_PACE in one for one in _flags(forms))
    people = _people()
    honest = [Sent(_at(9, 300 * place), people.took(), people.person()) for place in range(90)]
    assert not any(Flag.SAME_PACE in one for one in _flags(honest))


def test_hammering_one_button_of_a_kiosk_is_told_and_a_queue_is_not() -> None:
    hammered = [Sent(_at(9, 2 * place), 1, {"T0": ["1"]}) for place in range(30)]
    assert all(Flag.HAMMERED in one for one in _flags(hammered, Limits("kiosk"), TAP))
    chance = random.Random(1)
    queue = [Sent(_at(9, 7 * place), 3, {"T0": [chance.choice("3444455")]}) for place in range(60)]
    assert set().union(*_flags(queue, Limits("kiosk"), TAP)) == set()


# Whatever comes


def test_a_submission_that_staff_have_forgotten_about_is_not_flagged_later() -> None:
    people = _people()
    copies = [Sent(_at(9, day=day), 90, people.best()) for day in (0, 5, 10, 15, 20, 25, 30)]
    sent, _ = submissions(LONG, copies)
    rhythm = Rhythm()
    earlier: set[int] = set()
    for one in sent:
        earlier |= rhythm.observe(one, LONG, POSTER).earlier.keys()
    assert earlier == set()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(QUESTIONNAIRES)),
            st.integers(-(10**6), 10**6),
            st.none() | st.integers(-(2**40), 2**40),
            st.dictionaries(st.sampled_from(["Q0", "1.1", "M2", "T0", "A4", "x"]), st.text() | st.lists(st.text())),
            st.sampled_from(["event", "kiosk", "counter", "paper", "link", "?"]),
            st.none() | st.tuples(st.times(), st.times()),
            st.none() | st.integers(0, 3),
        ),
        max_size=40,
    )
)
def test_nothing_raises_and_flags_fall_only_on_what_was_seen(sent: list[tuple[Any, ...]]) -> None:
    rhythm = Rhythm()
    seen: set[int] = set()
    for reference, (which, offset, seconds, given_answers, kind, hours, budget) in enumerate(sent):
        at = (MONDAY + timedelta(seconds=offset)).astimezone(UTC)
        one = Submission(at, seconds, given_answers, b"", reference, at.astimezone(ZONE))
        verdict = rhythm.observe(one, QUESTIONNAIRES[which], Limits(kind, hours, budget))
        assert verdict.earlier.keys() <= seen
        seen.add(reference)


def _size(value: object, seen: set[int]) -> int:
    """Bytes of everything that hangs on ``value``."""
    if id(value) in seen or isinstance(value, type):
        return 0
    seen.add(id(value))
    size = sys.getsizeof(value) + int(getattr(value, "nbytes", 0))
    if isinstance(value, Mapping):
        return size + sum(_size(one, seen) for pair in value.items() for one in pair)
    if isinstance(value, str | bytes | int | float):
        return size
    parts: list[object] = list(value) if hasattr(value, "__iter__") and not hasattr(value, "nbytes") else []
    return size + sum(_size(one, seen) for one in [*parts, *getattr(value, "__dict__", {}).values()])


def test_memory_is_bounded() -> None:
    people = _people()
    rhythm = Rhythm()
    sizes = []
    for part in range(5):
        forms = [
            Sent(_at(0, 2 * place, day=part), people.took(), people.person() | {"M2": [f"{people.comment()} {place}"]})
            for place in range(1500)
        ]
        sent, _ = submissions(LONG, forms)
        for one in sent:
            rhythm.observe(
                Submission(one.at, one.seconds, one.answers, one.digest, people.rng.getrandbits(60), one.local),
                LONG,
                POSTER,
            )
        sizes.append(_size(rhythm, set()))
    print(f"memory of one collector: {[size // 1000 for size in sizes]} kB")
    assert sizes[-1] <= 1.05 * sizes[1]
    assert sizes[-1] < 1_500_000


def test_every_flag_has_a_name_and_a_meaning_in_both_languages() -> None:
    assert set(NAMES) == set(MEANINGS) == {flag.value for flag in Flag}
    for flag in Flag:
        words = {(name(flag, texts(language)), meaning(flag, texts(language))) for language in ("vi", "en")}
        assert len(words) == 2
    assert (name("of_tomorrow", texts("vi")), meaning("of_tomorrow", texts("vi"))) == ("of_tomorrow", "")


def test_all_flags_together_fit_into_the_column() -> None:
    assert written(frozenset({Flag.SPEEDER, Flag.BURST})) == "burst speeder"
    assert len(written(frozenset(Flag))) <= 200


def test_answers_with_codes_of_another_version_are_compared_all_the_same() -> None:
    checked = answers.check(LONG, _people().best()).answers | {"G1": "of another version", "M1": ["7", "?"]}
    at = MONDAY.astimezone(UTC)
    assert Rhythm().observe(Submission(at, 90, checked, b"", 1, MONDAY), LONG, POSTER).flags == frozenset()
