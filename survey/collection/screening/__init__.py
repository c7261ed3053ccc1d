"""Screening: which submissions deserve a second look. Flags, never walls; pure, and no person is followed.

``Rhythm.observe`` is the way in. Each sort of evidence has its own module, and each threshold its reason beside it.
"""

from survey.collection.screening.flags import Flag as Flag
from survey.collection.screening.limits import Limits as Limits
from survey.collection.screening.rhythm import Rhythm as Rhythm
from survey.collection.screening.rhythm import Submission as Submission
from survey.collection.screening.rhythm import Verdict as Verdict
