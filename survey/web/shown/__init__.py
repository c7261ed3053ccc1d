"""What everybody may see of results: the public page with its open data and badge; and the staff pages behind it."""

from survey.web.shown import publishing, views
from survey.web.shown.blueprint import blueprint

__all__ = ["blueprint", "publishing", "views"]
