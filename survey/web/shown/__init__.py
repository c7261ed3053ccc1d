"""What everybody may see of results: the public page with its open data and badge; and the staff pages behind it."""

from survey.web.shown import measures, publishing, views, wall
from survey.web.shown.blueprint import blueprint

__all__ = ["blueprint", "measures", "publishing", "views", "wall"]
