"""The list of surveys, making one, its questionnaire and particulars, publishing and closing."""

from survey.web.author import lifecycle, scores
from survey.web.author.views import blueprint

__all__ = ["blueprint", "lifecycle", "scores"]
