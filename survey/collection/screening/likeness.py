"""Answers more alike than chance would have it: whole answers repeated, exactly or nearly. Pure.

Equal answers alone prove nothing: in a hall where most are content, many tick "satisfied" all the way down. So how many
equals chance brings is reckoned from the crowd itself. All ratings together are taken as **one** answer (whoever is
content is so throughout), the pattern of what was left blank as another, and every other closed question as one more,
its share read among people with the same ratings. Only these parts are supposed to be independent of each other.

A crowd that holds copies does not tell what is usual without them. A mixture of honest people and copies of one pattern
is therefore fitted by expectation and maximisation: the honest part of those alike is what the rest would lead one to
expect. Flagged is who is alike when chance has less than ``SURPRISE`` for so many and the fit holds at most
``HONEST`` of them for honest.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.collection.screening.chance import share_surprise

KEPT = 256
"""Answers compared with. Memory: two bytes a closed question each."""

LEAST_CLOSED = 8
"""Closed questions a questionnaire must have: with fewer, whole answers are equal too often."""

LEAST_ANSWERED = 6
"""Closed questions an answer must have ticked to be compared."""

LEAST_ALIKE = 5
NEAR = 2
"""Differences in all that still count as alike: every item but one the same, in two answers that vary another item."""

SURPRISE = 14.0
"""−ln of the chance below which one does not believe in it: 1 in 1.2 million, since each answer is looked at anew."""

SURPRISE_UNFITTED = 11.0
"""The same before the fit, with all taken for honest: a fit alone finds copies in any crowd (1 in 60,000)."""

HONEST = 1 / 3
"""Allows for questions that hang together (who comes for a firm also comes from the town): threefold, no more."""

PRIOR = 8.0
"""Before others have answered, an answer counts as popular: as if of eight people before so many had agreed."""

_SCALES = (0.35, 0.10, 0.05)
_OTHERS = 0.6
_BLANK = 0.8


class Likeness:
    """The last answers to one questionnaire behind one collector."""

    def __init__(self, closed: int, scales: int) -> None:
        self._rows = np.zeros((0, closed), dtype=np.uint16)
        self._references: list[int] = []
        self._scales = scales
        self._next = 0

    def observe(self, row: list[int], reference: int) -> list[int]:
        """References of the answers, this one among them, that are copies of each other as far as one can tell."""
        if sum(map(bool, row)) < LEAST_ANSWERED:
            return []
        this = np.array(row, dtype=np.uint16)
        self._put(this, reference)
        rows = self._rows[: len(self._references)]
        differing = rows != this
        scales = np.count_nonzero(differing[:, : self._scales], axis=1)
        apart = scales + np.count_nonzero(differing[:, self._scales :], axis=1)
        if np.count_nonzero(apart <= NEAR) < LEAST_ALIKE:
            return []
        features = self._features(rows, this, differing, scales)
        everybody = features.sum(axis=0)
        before = 0
        found: npt.NDArray[np.bool_] | None = None
        for most in range(NEAR + 1):
            alike = apart <= most
            count = int(np.count_nonzero(alike))
            if count >= LEAST_ALIKE and count > before:
                before = count
                if _copied(count, len(rows), most, everybody, features[alike].sum(axis=0)):
                    found = alike
        return [] if found is None else [self._references[place] for place in np.flatnonzero(found)]

    def _put(self, row: npt.NDArray[np.uint16], reference: int) -> None:
        filled = len(self._references)
        if filled < KEPT:
            if filled == len(self._rows):
                more = np.zeros((min(max(16, filled), KEPT - filled), len(row)), dtype=np.uint16)
                self._rows = np.concatenate((self._rows, more))
            self._rows[filled] = row
            self._references.append(reference)
        else:
            self._rows[self._next] = row
            self._references[self._next] = reference
            self._next = (self._next + 1) % KEPT

    def _features(
        self,
        rows: npt.NDArray[np.uint16],
        this: npt.NDArray[np.uint16],
        differing: npt.NDArray[np.bool_],
        scales: npt.NDArray[np.intp],
    ) -> npt.NDArray[np.float32]:
        """One line for each answer: ratings 0, 1, 2 items away; same blanks; then, for each other question that this
        answer has, whether theirs is the same and whether they have one; and these two again if the ratings are near.
        """
        told = np.flatnonzero(this[self._scales :]) + self._scales
        given = rows[:, told] != 0
        same = ~differing[:, told]
        near = (scales <= NEAR)[:, None]
        blanks = ((rows[:, self._scales :] != 0) == (this[self._scales :] != 0)).all(axis=1)
        parts = [scales == 0, scales == 1, scales == 2, blanks]
        return np.concatenate(
            (np.stack(parts, axis=1), same, given, same & near, given & near), axis=1, dtype=np.float32
        )


def _copied(
    count: int, people: int, most: int, everybody: npt.NDArray[np.float32], alike: npt.NDArray[np.float32]
) -> bool:
    """Whether ``count`` answers within ``most`` differences are more than the honest part of the crowd explains."""
    if share_surprise(count, people, _share(everybody.tolist(), people, most, moods=False)) < SURPRISE_UNFITTED:
        return False
    honest = 0.0
    expected_share = 1.0
    for _ in range(12):
        crowd = people - (1 - honest) * count
        sums: list[float] = (everybody - (1 - honest) * alike).tolist()
        expected_share = _share(sums, crowd, most)
        share = min(1.0, crowd * expected_share / count)
        if share > HONEST:
            return False
        if share - honest < 0.01:
            break
        honest = share
    return share_surprise(count, people, expected_share) > SURPRISE


def _share(sums: list[float], crowd: float, most: int, moods: bool = True) -> float:
    """The share of an honest crowd that comes within ``most`` differences of the answer in question; ``moods``: other
    answers are read among people with ratings like these (before the fit these would be the copies themselves)."""
    weight = crowd + PRIOR
    near = [(total + PRIOR * prior) / weight for total, prior in zip(sums, _SCALES, strict=False)]
    fits = [(sums[3] + PRIOR * _BLANK) / weight]
    others = (len(sums) - 4) // 4
    same, given = sums[4 : 4 + others], sums[4 + others : 4 + 2 * others]
    same_near, given_near = sums[4 + 2 * others : 4 + 3 * others], sums[4 + 3 * others :]
    for place in range(others):
        usual = (same[place] + PRIOR * _OTHERS) / (given[place] + PRIOR)
        near_fit = (same_near[place] + PRIOR / 2 * usual) / (given_near[place] + PRIOR / 2)
        fits.append(near_fit if moods else usual)
    none, one, two = near
    for fit in fits:
        miss = 1 - fit
        none, one, two = none * fit, one * fit + none * miss, two * fit + one * miss
    return none + (one if most >= 1 else 0.0) + (two if most >= NEAR else 0.0)
