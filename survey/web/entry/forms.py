"""Forms about batches."""

from __future__ import annotations

from survey.services.batches import DOUBLE_PERCENT
from survey.web.fields import Form, line, people, t, whole


class NewBatch(Form):
    """A new batch."""

    name = line(t("Name of the batch"), 200, required=t("Write on which pile or shift it is."))
    expected = people(t("Sheets in the pile"))
    double_percent = whole(
        t("Sheets keyed by two people, in percent"),
        0,
        100,
        t("The share lies between 0 and 100 percent."),
        default=DOUBLE_PERCENT,
    )
