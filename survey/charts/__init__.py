"""Charts: a ``SurveyResult`` as pictures whose text is text. Knows no request, no database, no file."""

from survey.charts.choice_bars import choices
from survey.charts.diverging_bars import Order, diverging
from survey.charts.index_dots import index_chart

__all__ = ["Order", "choices", "diverging", "index_chart"]
