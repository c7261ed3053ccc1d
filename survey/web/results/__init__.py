"""The last two steps of a survey: its results on a page, and what can be downloaded of them."""

from survey.web.results import files, quality, views
from survey.web.results.blueprint import blueprint

__all__ = ["blueprint", "files", "quality", "views"]
