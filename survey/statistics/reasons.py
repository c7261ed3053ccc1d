"""Sentences a result carries: why a figure is not shown, and what every reader of an interval must know.

Message ids in English; whoever shows one passes it through the language's ``Texts``. Nothing is decided here.
"""

from __future__ import annotations

from survey.definition.text import Text
from survey.texts import LANGUAGES, texts


def _(message: str) -> str:
    """Marks a message for translation where it is written; it is translated where it is shown."""
    return message


VOLUNTEERS = _(
    "Those who answered chose to; they are not a random sample. The intervals show the play of chance, not how those "
    "who stayed silent might differ."
)
POPULATION_TOO_SMALL = _(
    "More people answered than the stated number of people there are, so the intervals are computed without that "
    "number."
)
SURVEY_TOO_SMALL = _("There are not enough released answers yet to show figures without pointing at single people.")
TOO_FEW = _("Too few people answered this to show figures without pointing at single people.")
TOO_FEW_APART = _("Too few people inside or outside the selection answered this; their answers could be worked out.")
TOO_FEW_TICKS = _("Too few people gave this answer, or too few did not; theirs could be worked out.")
POOLED = _("Counted among the remaining groups, so that nobody's answers can be worked out.")
NOBODY = _("Nobody in this group answered.")
LEFT_OUT = _("The groups are left out: one has too few people, and its answers could be worked out from the others.")
COMMENTS = _("Free text is not counted; it stands in the file of answers.")
OLDER_STATE = _(
    "Some of these figures are of an earlier day: too few answers have come since to add them without telling whose "
    "they are."
)
NO_ITEMS = _("None of its items has enough answers.")
NO_GENERAL_QUESTION = _("This index has no general question with enough answers.")

TOO_FEW_COMPLETE = _("Fewer than 30 people answered all of these items; the coefficient would say little.")
ALL_ALIKE = _("Everybody has the same sum of these items, so there is nothing to compute from.")
TOO_FEW_FOR_IMPORTANCE = _(
    "Fewer than 30 people answered this together with the general question, or all of them alike; a priority matrix "
    "would mislead."
)
FRAME_UNCOVERED = _(
    "The frame has a group that too few people answered from, and none to put it together with, so nothing is weighted."
)
FRAME_UNSETTLED = _("No weights bring the answers to all numbers of the frame at once, so nothing is weighted.")
WEIGHTED_TOO_FEW = _(
    "Some groups of the frame, taken together, have too few people; beside the plain figure the weighted one would "
    "tell what they said."
)

UNFLAGGED = _("Answers without a flag")
FLAGGED = _("Flagged answers")
REMAINING_GROUPS = _("The remaining groups")
NO_GROUP_GIVEN = _("Did not say")
NOT_ASKED_GROUP = _("Not asked")


def label(message: str) -> Text:
    """A message in all languages of the product, as a label beside the questionnaire's own texts."""
    return Text(tuple((language, texts(language)(message)) for language in LANGUAGES))
