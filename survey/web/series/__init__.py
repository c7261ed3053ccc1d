"""Series of repeated surveys, one survey over time, and offices compared."""

from survey.web.series import keeping, pictures, views
from survey.web.series.blueprint import blueprint

__all__ = ["blueprint", "keeping", "pictures", "views"]
