"""The last two steps of a survey: its results on a page, and what can be downloaded of them."""

from survey.web.results import analysis, basis, cuts, files, indexes, quality, selecting, views
from survey.web.results.blueprint import blueprint

__all__ = ["analysis", "basis", "blueprint", "cuts", "files", "indexes", "quality", "selecting", "views"]
